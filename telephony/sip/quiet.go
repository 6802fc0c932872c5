package sip

import (
	"context"
	"log/slog"

	"github.com/emiago/sipgo/sip"
)

// The transports of streams that are made here, for their time-outs, log to
// sipgo's default whatever it is told.
func init() { sip.SetDefaultLogger(slog.New(slog.DiscardHandler)) }

// quietHandler takes sipgo's log as debug output and without the messages in it:
// what strangers send must not fill the log, and credentials must not be in it.
type quietHandler struct{ slog.Handler }

func (h quietHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.Handler.Enabled(ctx, slog.LevelDebug)
}

func (h quietHandler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, slog.LevelDebug, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "data" {
			out.AddAttrs(a)
		}
		return true
	})
	return h.Handler.Handle(ctx, out)
}

func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
