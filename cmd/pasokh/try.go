package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/pasokh/pasokh/telephony/trial"
	"github.com/pasokh/pasokh/webui/api"
)

// try tries a call out, one at a time.
func (b *box) try(q trial.Question, drafts bool) (trial.Answer, error) {
	select {
	case b.trying <- struct{}{}:
		defer func() { <-b.trying }()
	default:
		return trial.Answer{}, api.ErrBusy
	}
	cfg := b.config()
	if drafts {
		var err error
		if cfg, err = b.drafts.Config(); err != nil {
			return trial.Answer{}, err
		}
	}
	floor, err := b.duties.Read()
	if err != nil {
		return trial.Answer{}, err
	}
	return trial.Run(trial.House{Config: cfg, Library: b.library, Floor: floor}, q)
}

// try asks the box what would become of a call.
func try(ctx context.Context, args []string, out io.Writer) error {
	q, wav, draft := make(url.Values), "", false
	c, words, err := clientFlags("try", args, out, func(f *flag.FlagSet) {
		value := func(name, usage string) {
			f.Func(name, usage, func(s string) error { q.Set(name, s); return nil })
		}
		value("from", "the caller's `number`; none: he hides it")
		value("to", "`number` of ours on a trunk, port of a line, or number of the box")
		value("at", "`time`: 18:40, \"Friday 18:40\", \"2026-11-27 18:40\"; now if it is not given")
		value("keys", "`groups` of keys, one pressed each time something was said: \"2 1001#\"")
		value("phones", "what phones do, after 6s they are answered otherwise: `1002=4s,1003=busy,1004=never`")
		value("on", "`switches` that are on, with commas between them")
		value("day", "`switches` that keep open what has hours, with commas between them")
		value("patience", "`time` after which the caller hangs up")
		value("found", "`JSON` that a menu's look-ups find")
		value("lang", "language of the story: en or fa")
		f.BoolVar(&draft, "draft", draft, "with the drafts of menus")
		f.StringVar(&wav, "wav", wav, "write what the caller hears into this `file`")
	})
	if err != nil {
		return err
	}
	if len(words) > 0 || q.Get("to") == "" {
		return fmt.Errorf("usage: pasokh try --to NUMBER [--from NUMBER] [--at TIME] [--keys KEYS], see pasokh try --help")
	}
	if draft {
		q.Set("draft", "1")
	}
	var t api.Tried
	if err := c.get(ctx, "/api/try?"+q.Encode(), &t); err != nil {
		return err
	}
	fmt.Fprintln(out, t.At.Format("Monday "+time.DateTime))
	for _, line := range t.Lines {
		fmt.Fprintln(out, line)
	}
	if t.Cut {
		fmt.Fprintln(out, "It was cut after half an hour.")
	}
	if wav == "" {
		return nil
	}
	q.Set("at", t.At.Format(time.RFC3339))
	var sound []byte
	if err := c.get(ctx, "/api/try/sound.wav?"+q.Encode(), &sound); err != nil {
		return err
	}
	return os.WriteFile(wav, sound, 0o644)
}
