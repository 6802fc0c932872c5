package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/jukebox"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sound"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// openSounds fills the library: the shipped prompts, a pack of the business's own, its
// music and recordings.
func (b *box) openSounds() error {
	b.library = media.NewLibrary()
	speech.Units(b.library.Add)
	own, err := speech.Open(filepath.Join(b.set.data, "prompts.pack"))
	switch {
	case err == nil:
		own.Units(b.library.Add)
	case !errors.Is(err, fs.ErrNotExist):
		b.log.Error("own prompts refused", "err", err)
		b.health.Raise("no-prompts", err.Error())
	}
	jukebox.AddTunes(b.library)
	b.jukebox, err = jukebox.Open(jukebox.Options{Dir: b.set.data, Clock: b.clock, Log: b.log, Health: b.health, Library: b.library,
		Config: b.config, Prompt: func(unit string) (pcm []int16, ok bool) {
			take := func(name string, sound []int16) {
				if name == unit {
					pcm = sound
				}
			}
			speech.Units(take)
			if own != nil {
				own.Units(take)
			}
			said := slices.ContainsFunc(speech.Prompts(), func(p speech.Prompt) bool { return p.Unit == unit })
			return pcm, pcm != nil || said
		}})
	return err
}

// prompts is what the box says, by unit.
func (b *box) prompts() (list []api.Prompt) {
	for _, p := range speech.Prompts() {
		list = append(list, api.Prompt{Unit: p.Unit, Text: p.Text, Number: p.Number, Missing: !b.library.Has(p.Unit)})
	}
	return list
}

// keepPrompt puts what somebody recorded at a phone in the place of a prompt, as an
// upload.
func (b *box) keepPrompt(unit, by string, pcm []int16) error {
	wav := sound.PCMHead(8000, 1, 2*int64(len(pcm)))
	for _, x := range pcm {
		wav = binary.LittleEndian.AppendUint16(wav, uint16(x))
	}
	_, err := b.jukebox.Receive(bytes.NewReader(wav), int64(len(wav)), unit+" ("+by+")", unit)
	return err
}

// hear is a program that ends, as a caller hears it.
func (b *box) hear(p call.Program) []int16 {
	h := b.library.Hear(p, b.clock.Now())
	lasts, _ := h.Length()
	pcm := make([]int16, min(lasts, time.Minute)/hal.FrameTime*hal.FrameSamples+hal.FrameSamples)
	for at := 0; at < len(pcm); at += hal.FrameSamples {
		h.Frame(pcm[at : at+hal.FrameSamples])
	}
	return pcm
}

// sounds lists, adds and removes the business's sounds.
func sounds(ctx context.Context, args []string, out io.Writer) error {
	var name, prompt string
	c, words, err := clientFlags("sounds", args, out, func(f *flag.FlagSet) {
		f.StringVar(&name, "name", "", "`name` of the sound for people; the file's name when empty")
		f.StringVar(&prompt, "prompt", "", "the `prompt` that it replaces, such as fa/welcome; music when empty")
	})
	if err != nil {
		return err
	}
	switch {
	case len(words) == 0, len(words) == 1 && words[0] == "list":
		return listSounds(ctx, c, out)
	case len(words) == 2 && words[0] == "add":
		return addSound(ctx, c, words[1], name, prompt, out)
	case len(words) == 2 && words[0] == "remove":
		var l api.SoundList
		return c.do(ctx, http.MethodPost, "/api/sounds/"+url.PathEscape(words[1])+"/delete", []byte("{}"), &l)
	}
	return errors.New("usage: pasokh sounds list | add FILE | remove ID, not " + strings.Join(words, " "))
}

func listSounds(ctx context.Context, c *client, out io.Writer) error {
	var l api.SoundList
	if err := c.get(ctx, "/api/sounds", &l); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tLENGTH\tREPLACES\tSTATE\tUSED BY")
	for _, s := range l.Sounds {
		state := string(s.State)
		if s.State == jukebox.Failed {
			state += ": " + s.Problem["en"]
		}
		fmt.Fprintf(w, "%s\t%s\t%v\t%s\t%s\t%s\n", s.ID, s.Name, (time.Duration(s.Length) * time.Millisecond).Round(time.Second), dash(s.Unit), state,
			dash(strings.Join(s.UsedBy, ", ")))
	}
	return w.Flush()
}

// addSound uploads a file and waits until it is converted.
func addSound(ctx context.Context, c *client, file, name, prompt string, out io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	c.http.Timeout = time.Hour
	var s jukebox.Sound
	if err := c.send(ctx, "/api/sounds?"+url.Values{"name": {name}, "prompt": {prompt}}.Encode(), f, &s); err != nil {
		return err
	}
	for tick := time.NewTicker(200 * time.Millisecond); s.State == jukebox.Converting; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return ctx.Err()
		case <-tick.C:
		}
		var l api.SoundList
		if err := c.get(ctx, "/api/sounds", &l); err != nil {
			return err
		}
		for _, x := range l.Sounds {
			if x.ID == s.ID {
				s = x
			}
		}
	}
	if s.State == jukebox.Failed {
		return errors.New(s.Problem["en"])
	}
	fmt.Fprintln(out, s.ID, "is", s.Name)
	return nil
}
