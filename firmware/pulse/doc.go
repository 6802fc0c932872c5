// Package pulse feels twice a minute what no single event tells: whether many phones
// have gone at once, and whether the processor has no rest.
//
// A phone that goes is nothing; half of them within ten minutes are a switch without
// power or a network that is cut. A busy minute is nothing; five of them are calls at
// risk. Both are told to the board of health and taken back by themselves.
//
// The room owns its figures and runs in one goroutine (Run).
package pulse
