package jukebox

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sound"
	"github.com/pasokh/pasokh/telephony/tune"
)

// AddTunes puts the box's own pieces into the library. It computes for a moment.
func AddTunes(l *media.Library) {
	for _, name := range tune.Names() {
		l.Add(name, tune.Play(name))
	}
}

// Verify refuses a configuration that names sounds which are not here.
func (j *Jukebox) Verify(c *config.Config) error {
	for i, m := range c.Music {
		for k, f := range m.Files {
			if !j.has(f) {
				at := fmt.Sprintf("music[%d].files[%d]", i, k)
				return &sound.Refusal{Code: "unknown-sound", EN: at + ": there is no sound " + f + "; upload it first",
					FA: at + ": صدای " + f + " وجود ندارد؛ اول آن را بارگذاری کنید"}
			}
		}
	}
	return nil
}

func (j *Jukebox) has(id string) bool {
	if slices.Contains(tune.Names(), id) {
		return true
	}
	s := j.get(id)
	return s != nil && s.State == Ready && s.Unit == ""
}

// Apply puts the configuration's classes of music and tones in force: for whoever
// hears them from now on.
func (j *Jukebox) Apply(c *config.Config) {
	classes := map[string]media.Music{config.DefaultMusic: {Sounds: tune.Names(), Continuous: true}}
	for _, m := range c.Music {
		classes[m.Name] = media.Music{Sounds: m.Files, Random: m.Order == config.Random, Continuous: m.Continuous}
	}
	if missing := j.opts.Library.SetMusic(classes); len(missing) > 0 {
		j.opts.Log.Warn("music is missing", "sounds", strings.Join(missing, ", "))
	}
	for _, name := range config.ToneNames() {
		j.opts.Library.SetTone(name, Spec(c, name))
	}
}

// Spec is a tone as the configuration has it: its own, or the country's.
func Spec(c *config.Config, name string) dsp.ToneSpec {
	if t, ok := c.Tones[name]; ok {
		return toneOf(t)
	}
	land, _ := country.ByCode(c.System.Country)
	return land.Tones()[name]
}

// Tone is a tone by name, its own or the country's, for people to look at and change.
func Tone(c *config.Config, name string) config.Tone {
	var t config.Tone
	s := Spec(c, name)
	for _, sine := range s.Sines {
		t.Hz = append(t.Hz, int(math.Round(sine.Hz)))
	}
	if len(s.Sines) > 0 {
		t.Level = int(math.Round(s.Sines[0].Level))
	}
	for _, d := range s.Cadence {
		t.Cadence = append(t.Cadence, config.Duration(d))
	}
	return t
}

// Sing is a tone to listen to: samples, 8000 a second.
func Sing(t config.Tone, lasts time.Duration) []int16 {
	voice := dsp.NewTone(toneOf(t))
	var out []int16
	for range lasts / hal.FrameTime {
		var f hal.Frame
		voice.Fill(&f)
		out = append(out, f[:]...)
	}
	return out
}

func toneOf(t config.Tone) (spec dsp.ToneSpec) {
	for _, hz := range t.Hz {
		spec.Sines = append(spec.Sines, dsp.Sine{Hz: float64(hz), Level: float64(t.Level)})
	}
	for _, d := range t.Cadence {
		spec.Cadence = append(spec.Cadence, d.D())
	}
	return spec
}
