package main

import "github.com/pasokh/pasokh/telephony/call"

// journals are several that keep the same steps.
type journals []call.Journal

// Note hands a step to each.
func (all journals) Note(s call.Step) {
	for _, j := range all {
		j.Note(s)
	}
}
