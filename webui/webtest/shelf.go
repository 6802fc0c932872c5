package webtest

import (
	"context"
	"os"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/record"
)

// shelf is a room without recordings.
type shelf struct{}

func (shelf) List(context.Context, record.Query) ([]record.Entry, bool, error) {
	return nil, false, nil
}
func (shelf) Of(context.Context, call.ID) ([]record.Entry, error) { return nil, nil }
func (shelf) Find(context.Context, string) (record.Entry, error) {
	return record.Entry{}, record.ErrUnknown
}
func (shelf) Open(context.Context, string, string) (*os.File, record.Entry, error) {
	return nil, record.Entry{}, record.ErrUnknown
}
func (shelf) Delete(context.Context, string, string) error { return record.ErrUnknown }
func (shelf) Space() record.Space                          { return record.Space{} }
