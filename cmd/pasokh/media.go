package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sound"
	"github.com/pasokh/pasokh/webui/api"
)

// The media commands are for support: what every leg's sound does, how loud it is,
// and a recording of one leg. They work over the console's socket only.

const (
	meterTime   = time.Second      // listened to before levels are told
	mostCapture = 10 * time.Minute // longest recording of a leg
	captureStep = 200 * time.Millisecond
)

// heardLeg is a leg with how loud its two sides are.
type heardLeg struct {
	media.LegStatus
	Said, Heard *media.Loudness
}

// showMedia lists the legs; with ?levels it listens to each for a second first.
func (b *box) showMedia(w http.ResponseWriter, r *http.Request) {
	list := []heardLeg{}
	for _, l := range b.media.Legs() {
		list = append(list, heardLeg{LegStatus: l})
	}
	if r.URL.Query().Has("levels") {
		b.listen(r.Context(), list)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(list)
}

// listen listens to legs for a second and tells how loud they are. One that ends
// meanwhile is told as far as it was heard.
func (b *box) listen(ctx context.Context, legs []heardLeg) {
	windows := make([]*media.Window, len(legs))
	for i, l := range legs {
		if s, ok := b.media.Leg(l.Leg); ok {
			windows[i] = media.NewWindow(meterTime)
			s.AddTap(windows[i])
			defer s.RemoveTap(windows[i])
		}
	}
	b.clock.Sleep(ctx, b.clock.Now().Add(meterTime))
	for i, window := range windows {
		if window != nil {
			said, heard, rate, _ := window.Since(0)
			one, other := media.Measure(said, rate), media.Measure(heard, rate)
			legs[i].Said, legs[i].Heard = &one, &other
		}
	}
}

// sound is how legs sound, for the page.
func (b *box) sound(ctx context.Context, ids []call.LegID) (list []api.LegSound) {
	var legs []heardLeg
	for _, l := range b.media.Legs() {
		if slices.Contains(ids, l.Leg) {
			legs = append(legs, heardLeg{LegStatus: l})
		}
	}
	b.listen(ctx, legs)
	for _, l := range legs {
		s, ok := b.media.Leg(l.Leg)
		if !ok || l.Said == nil {
			continue // it has ended
		}
		x := api.LegSound{Leg: l.Leg, Codec: l.Codec, Relayed: l.Relay, Says: levelOf(l.Said), Hears: levelOf(l.Heard)}
		if q, ok := s.Quality(); ok {
			x.Quality = &q
		}
		list = append(list, x)
	}
	return list
}

func levelOf(l *media.Loudness) api.Level {
	return api.Level{Level: math.Round(l.DBm0), Silent: l.Silent, Tone: math.Round(l.Tone)}
}

// captureMedia streams one leg as 16-bit stereo PCM: left what it says, right what it
// hears. The rate is in the header.
func (b *box) captureMedia(w http.ResponseWriter, r *http.Request) {
	length, err := time.ParseDuration(r.URL.Query().Get("for"))
	if err != nil || length <= 0 || length > mostCapture {
		http.Error(w, fmt.Sprintf("the length must be up to %v", mostCapture), http.StatusBadRequest)
		return
	}
	s, ok := b.media.Leg(call.LegID(r.URL.Query().Get("leg")))
	if !ok {
		http.Error(w, "no such leg: pasokh media lists them", http.StatusNotFound)
		return
	}
	window := media.NewWindow(5 * captureStep)
	s.AddTap(window)
	defer s.RemoveTap(window)
	var next uint64
	first := 0
	for end := b.clock.Now().Add(length); b.clock.Now().Before(end); {
		if !b.clock.Sleep(r.Context(), b.clock.Now().Add(captureStep)) {
			return
		}
		said, heard, rate, at := window.Since(next)
		if next = at; len(said) == 0 {
			if _, ok := b.media.Leg(call.LegID(r.URL.Query().Get("leg"))); !ok {
				return // it has ended
			}
			continue
		}
		if first == 0 {
			first = rate
			w.Header().Set("Content-Type", fmt.Sprintf("audio/L16;rate=%d;channels=2", rate))
		}
		if rate != first {
			return // the codec has changed; what follows is another recording
		}
		out := make([]byte, 0, 4*len(said))
		for i := range said {
			out = binary.LittleEndian.AppendUint16(out, uint16(said[i]))
			out = binary.LittleEndian.AppendUint16(out, uint16(heard[i]))
		}
		if _, err := w.Write(out); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
	}
}

// mediaCommand is `pasokh media`.
func mediaCommand(ctx context.Context, args []string, out io.Writer) error {
	levels, length := false, 10*time.Second
	c, words, err := clientFlags("media", args, out, func(f *flag.FlagSet) {
		f.BoolVar(&levels, "levels", levels, "listen to every leg for a second and tell how loud it is")
		f.DurationVar(&length, "for", length, "`length` of a recording, up to 10m")
	})
	if err != nil {
		return err
	}
	switch {
	case len(words) == 0:
		return listMedia(ctx, c, levels, out)
	case len(words) == 3 && words[0] == "record":
		return recordMedia(ctx, c, words[1], words[2], length, out)
	}
	return fmt.Errorf("usage: pasokh media [--levels] | record LEG FILE.wav [--for 10s], not %q", strings.Join(words, " "))
}

func listMedia(ctx context.Context, c *client, levels bool, out io.Writer) error {
	path := "/local/media"
	if levels {
		path += "?levels"
	}
	var list []heardLeg
	if err := c.get(ctx, path, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(out, "No calls are up.")
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "LEG\tCODEC\tPTIME\tTO\tIN\tOUT\tLOST\tLATE\tJITTER\tDELAY\tWAY")
	if levels {
		fmt.Fprint(w, "\tSAYS\tHEARS")
	}
	fmt.Fprintln(w)
	for _, l := range list {
		way := "mixed"
		if l.Relay {
			way = "relayed"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%d\t%d\t%d\t%d\t%v\t%v\t%s", l.Leg, dash(l.Codec), l.Ptime, dash(l.Remote), l.Stats.PacketsIn,
			l.Stats.PacketsOut, l.Stats.Lost, l.Stats.Late, l.Stats.Jitter.Round(100*time.Microsecond), l.Delay.Round(time.Millisecond), way)
		for _, side := range []*media.Loudness{l.Said, l.Heard} {
			if side != nil {
				fmt.Fprintf(w, "\t%s", loudness(*side))
			}
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func loudness(l media.Loudness) string {
	switch {
	case l.Silent:
		return "silence"
	case l.Tone > 0:
		return fmt.Sprintf("%.0f dBm0, tone of %.0f Hz", l.DBm0, l.Tone)
	}
	return fmt.Sprintf("%.0f dBm0", l.DBm0)
}

// recordMedia writes what a leg says (left) and hears (right) to a WAV file.
func recordMedia(ctx context.Context, c *client, leg, name string, length time.Duration, out io.Writer) (err error) {
	c.http.Timeout = length + time.Minute
	path := "http://pasokh/local/media/capture?leg=" + url.QueryEscape(leg) + "&for=" + length.String()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return errors.New(strings.TrimSpace(string(text)))
	}
	rate := 0
	if _, err := fmt.Sscanf(resp.Header.Get("Content-Type"), "audio/L16;rate=%d", &rate); err != nil {
		return errors.New("the leg ended before anything was heard")
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(sound.PCMHead(rate, 2, 0)); err != nil {
		return err
	}
	n, err := io.Copy(f, resp.Body)
	if _, seek := f.WriteAt(sound.PCMHead(rate, 2, n), 0); seek != nil {
		return seek
	}
	fmt.Fprintf(out, "%s: %.1f s at %d Hz, left said by %s, right heard\n", name, float64(n)/float64(4*rate), rate, leg)
	return err
}
