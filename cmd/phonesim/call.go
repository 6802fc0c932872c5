package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// calling is the command "call": one call from its beginning to its end. It fails
// if the call was not answered.
func calling(ctx context.Context, args []string) error {
	var f common
	var to, keys string
	var after, talk, holdAfter, hold, cancelAfter time.Duration
	fs := flag.NewFlagSet("call", flag.ContinueOnError)
	f.flags(fs)
	fs.StringVar(&to, "to", "", "number to call")
	fs.StringVar(&keys, "keys", "", "keys to press")
	fs.DurationVar(&after, "after", time.Second, "press them so long after the answer")
	fs.DurationVar(&talk, "talk", 5*time.Second, "hang up so long after the answer; 0: wait for the other side")
	fs.DurationVar(&holdAfter, "hold-after", 0, "hold so long after the answer; 0: never")
	fs.DurationVar(&hold, "hold", 2*time.Second, "how long to hold")
	fs.DurationVar(&cancelAfter, "cancel-after", 0, "give up when not answered within; 0: never")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if to == "" {
		return errors.New("call: --to is missing")
	}
	p, err := f.open(nil)
	if err != nil {
		return err
	}
	defer p.Close()
	c, err := p.Call(to)
	if err != nil {
		return err
	}
	patience := cancelAfter
	if patience == 0 {
		patience = forever
	}
	select {
	case <-c.Up():
	case <-c.Done():
	case <-time.After(patience):
	case <-ctx.Done():
	}
	select {
	case <-c.Up():
	default:
		c.Hangup()
		<-c.Done()
		status, reason := c.Ended()
		if err := f.finish(c); err != nil {
			return err
		}
		return fmt.Errorf("not answered: %d %s", status, reason)
	}
	if keys != "" {
		go func() {
			if pause(ctx, c, after) {
				c.Audio().Press(keys)
			}
		}()
	}
	if holdAfter > 0 {
		go holding(ctx, c, holdAfter, hold)
	}
	if talk == 0 {
		talk = forever
	}
	pause(ctx, c, talk)
	c.Hangup()
	<-c.Done()
	return f.finish(c)
}

func holding(ctx context.Context, c *phone.Call, after, length time.Duration) {
	for _, step := range []struct {
		wait time.Duration
		on   bool
	}{{after, true}, {length, false}} {
		if !pause(ctx, c, step.wait) {
			return
		}
		if err := c.Hold(ctx, step.on); err != nil {
			fmt.Fprintln(os.Stderr, "phonesim:", err)
			return
		}
	}
}
