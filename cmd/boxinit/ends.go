//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/supervise"
)

// maxEnds is how many ends of pasokh are kept.
const maxEnds = 10

// ends are the last ends of pasokh that nobody asked for, kept in a file over restarts
// of the board. Its methods are safe for concurrent use.
type ends struct {
	path string

	mu   sync.Mutex
	list []chief.End // newest first
}

// openEnds reads what was kept. One that cannot be read begins anew.
func openEnds(path string) (*ends, error) {
	e := &ends{path: path}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &e.list)
	}
	if err != nil {
		e.list = nil
	}
	e.list = e.list[:min(len(e.list), maxEnds)]
	return e, err
}

// add keeps one more. Where the disk is full it is kept until the restart.
func (e *ends) add(end supervise.End) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = slices.Insert(e.list, 0, chief.End{At: end.At, How: end.How, Lines: end.Lines})
	e.list = e.list[:min(len(e.list), maxEnds)]
	text, err := json.Marshal(e.list)
	if err != nil {
		return
	}
	_ = replace(e.path, text)
}

// all are the ends, newest first.
func (e *ends) all() []chief.End {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.list)
}

// replace gives a file another content; a loss of power leaves the old or the new one.
func replace(path string, text []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
