package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// speak shows what the box can say, what it lacks, and how it says a value.
func speak(ctx context.Context, args []string, out io.Writer) error {
	var lang, wav string
	c, words, err := clientFlags("speech", args, out, func(f *flag.FlagSet) {
		f.StringVar(&lang, "lang", "", "`language`: en or fa; of list and missing, both when empty")
		f.StringVar(&wav, "wav", "", "write what is said into this `file`")
	})
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && (words[0] == "list" || words[0] == "missing"):
		return listPrompts(ctx, c, lang, words[0] == "missing", out)
	case len(words) > 2 && words[0] == "say":
		q := url.Values{"in": {lang}, "as": {words[1]}, "value": {strings.Join(words[2:], " ")}}
		return say(ctx, c, q, wav, out)
	}
	var kinds []string
	for _, k := range speech.Kinds() {
		kinds = append(kinds, string(k))
	}
	return errors.New("usage: pasokh speech list | missing [--lang fa] | say [--lang fa] KIND VALUE [--wav FILE]; a KIND is one of " + strings.Join(kinds, ", "))
}

// listPrompts lists units, with the number by which each is recorded at a phone. Units
// that are missing are an error, for scripts.
func listPrompts(ctx context.Context, c *client, lang string, missing bool, out io.Writer) error {
	var l api.SoundList
	if err := c.get(ctx, "/api/sounds", &l); err != nil {
		return err
	}
	w, n := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), 0
	for _, p := range l.Prompts {
		if !strings.HasPrefix(p.Unit, lang) || missing && !p.Missing {
			continue
		}
		n++
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Number, p.Unit, p.Text)
	}
	if err := w.Flush(); err != nil || !missing {
		return err
	}
	if n > 0 {
		return fmt.Errorf("units without a sound: %d", n)
	}
	_, err := fmt.Fprintln(out, "nothing is missing")
	return err
}

// say prints the units of a value and writes their sound.
func say(ctx context.Context, c *client, q url.Values, wav string, out io.Writer) error {
	var s api.Spoken
	if err := c.get(ctx, "/api/speech?"+q.Encode(), &s); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, u := range s.Units {
		switch {
		case u.Unit == "":
			fmt.Fprintf(w, "pause\t%v\n", time.Duration(u.Pause)*time.Millisecond)
		case u.Missing:
			fmt.Fprintf(w, "%s\t%s\tmissing\n", u.Unit, u.Text)
		default:
			fmt.Fprintf(w, "%s\t%s\n", u.Unit, u.Text)
		}
	}
	if err := w.Flush(); err != nil || wav == "" {
		return err
	}
	var sound []byte
	if err := c.get(ctx, "/api/speech.wav?"+q.Encode(), &sound); err != nil {
		return err
	}
	return os.WriteFile(wav, sound, 0o644)
}
