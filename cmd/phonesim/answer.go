package main

import (
	"context"
	"flag"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// answering is the command "phone": it registers and takes calls until it is
// interrupted.
func answering(ctx context.Context, args []string) error {
	var f common
	var answerAfter, talk, expires time.Duration
	var reject int
	fs := flag.NewFlagSet("phone", flag.ContinueOnError)
	f.flags(fs)
	fs.DurationVar(&answerAfter, "answer-after", 0, "ring for so long")
	fs.DurationVar(&talk, "talk", 0, "hang up after so long; 0: never")
	fs.DurationVar(&expires, "expires", time.Hour, "life of the registration")
	fs.IntVar(&reject, "reject", 0, "refuse with this SIP status instead of answering")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if talk == 0 {
		talk = forever
	}
	p, err := f.open(func(c *phone.Call) {
		switch {
		case !pause(ctx, c, answerAfter):
		case reject != 0:
			c.Reject(reject, "Rejected")
			return
		case c.Answer() == nil:
			pause(ctx, c, talk)
			c.Hangup()
		}
		_ = f.finish(c)
	})
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		life, err := p.Register(ctx, expires)
		if err != nil {
			return err
		}
		select {
		case <-time.After(life * 9 / 10):
		case <-ctx.Done():
			off, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			_, _ = p.Register(off, 0)
			return nil
		}
	}
}

const forever = 1000 * time.Hour

// pause waits; false means that the call or the program has ended before.
func pause(ctx context.Context, c *phone.Call, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-c.Done():
	case <-ctx.Done():
	}
	return false
}
