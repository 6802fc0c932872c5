package api

import (
	"bytes"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/jukebox"
)

// Settings is the answer of GET /api/settings, and of what changes them: the part of the
// configuration that the page edits.
type Settings struct {
	Revision  int       `json:"revision"` // for If-Match
	Recording Retention `json:"recording"`
	Tones     []Tone    `json:"tones"` // of the country, and what replaces them
}

// Retention is how calls are recorded and for how long that is kept, as in
// config.Recording; also the body of POST /api/settings/recording.
type Retention struct {
	Announce bool `json:"announce"`
	KeepDays int  `json:"keep_days"`
	MaxSize  int  `json:"max_size_mb"`
	MinFree  int  `json:"min_free_mb"`
	WarnDays int  `json:"warn_days"`
}

// Tone is a tone of the network, and the body of POST /api/settings/tones.
type Tone struct {
	Name    string `json:"name"`
	Own     bool   `json:"own"` // not the country's; false in a request: the country's again
	Hz      []int  `json:"hz"`
	Level   int    `json:"level"`   // dBm0
	Cadence []int  `json:"cadence"` // milliseconds of sound and silence in turn; empty: no break
}

// config is the tone as the configuration writes it.
func (t Tone) config() config.Tone {
	c := config.Tone{Hz: t.Hz, Level: t.Level}
	for _, ms := range t.Cadence {
		c.Cadence = append(c.Cadence, config.Duration(time.Duration(ms)*time.Millisecond))
	}
	return c
}

func (r *Rooms) settingRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/settings", Right: identity.Settings, Handle: r.getSettings,
			About: "How calls are recorded, and the tones of the network.", Gives: Settings{}},
		{Pattern: "POST /api/settings/recording", Right: identity.Settings, Handle: r.setRetention,
			About: "Sets how calls are recorded and for how long that is kept.", Query: []Param{sinceParam}, Takes: Retention{}, Gives: Settings{}},
		{Pattern: "POST /api/settings/tones", Right: identity.Settings, Handle: r.setTone,
			About: "Sets a tone, or goes back to that of the country.", Query: []Param{sinceParam}, Takes: Tone{}, Gives: Settings{}},
		{Pattern: "GET /api/settings/tone.wav", Right: identity.Settings, Handle: hearTone,
			About: "How a tone would sound.", Gives: wavFile,
			Query: []Param{
				needed("hz", "Its frequencies in hertz, with commas between them."), needed("level", "dBm0."),
				text("cadence", "Milliseconds of sound and silence in turn, with commas between them.")}},
	}
}

func (r *Rooms) getSettings(w http.ResponseWriter, _ *http.Request) error {
	c, rev := r.Changes.Current()
	k := c.Recording
	s := Settings{Revision: rev, Recording: Retention{k.Announce, k.KeepDays, k.MaxSize, k.MinFree, k.WarnDays}, Tones: []Tone{}}
	for _, name := range config.ToneNames() {
		t := jukebox.Tone(c, name)
		_, own := c.Tones[name]
		tone := Tone{Name: name, Own: own, Hz: list(t.Hz), Level: t.Level, Cadence: []int{}}
		for _, d := range t.Cadence {
			tone.Cadence = append(tone.Cadence, int(d.D()/time.Millisecond))
		}
		s.Tones = append(s.Tones, tone)
	}
	return Send(w, s)
}

func (r *Rooms) setRetention(w http.ResponseWriter, req *http.Request) error {
	var k Retention
	if err := Decode(req, &k); err != nil {
		return err
	}
	err := r.since(req, func(c *config.Config) any { return c.Recording }, func(c *config.Config) {
		n := &c.Recording
		n.Announce, n.KeepDays, n.MaxSize, n.MinFree, n.WarnDays = k.Announce, k.KeepDays, k.MaxSize, k.MinFree, k.WarnDays
	}, "recording")
	if err != nil {
		return wrongIn("recording.", err)
	}
	return r.getSettings(w, req)
}

func (r *Rooms) setTone(w http.ResponseWriter, req *http.Request) error {
	var t Tone
	if err := Decode(req, &t); err != nil {
		return err
	}
	if !slices.Contains(config.ToneNames(), t.Name) {
		return ErrValue.Of("name")
	}
	err := r.since(req, func(c *config.Config) any { return c.Tones[t.Name] }, func(c *config.Config) {
		tones := maps.Clone(c.Tones)
		if tones == nil {
			tones = make(map[string]config.Tone)
		}
		if tones[t.Name] = t.config(); !t.Own {
			delete(tones, t.Name)
		}
		c.Tones = tones
	}, "tone "+t.Name)
	if err != nil {
		return wrongIn("tones."+t.Name+".", err)
	}
	return r.getSettings(w, req)
}

// toneTime is how long a tone can be listened to.
const toneTime = 6 * time.Second

// hearTone sounds ?hz=, ?level= and ?cadence=, numbers with commas between them, before
// anybody keeps them.
func hearTone(w http.ResponseWriter, req *http.Request) error {
	var t Tone
	var level []int
	for field, into := range map[string]*[]int{"hz": &t.Hz, "level": &level, "cadence": &t.Cadence} {
		for text := range strings.SplitSeq(req.URL.Query().Get(field), ",") {
			n, err := strconv.Atoi(text)
			if err != nil && text != "" || len(*into) > 16 {
				return ErrValue.Of(field)
			}
			if text != "" {
				*into = append(*into, n)
			}
		}
	}
	if len(level) != 1 {
		return ErrValue.Of("level")
	}
	t.Level = level[0]
	tone := t.config()
	if err := tone.Check(); err != nil {
		return refused(err)
	}
	return sendWAV(w, req, "tone", bytes.NewReader(wav(jukebox.Sing(tone, toneTime))))
}

// wrongIn is refused, about a field of the request whose name in the configuration
// begins with under.
func wrongIn(under string, err error) error {
	var e *Error
	if err = refused(err); errors.As(err, &e) {
		return e.Of(strings.TrimPrefix(e.Field, under))
	}
	return err
}
