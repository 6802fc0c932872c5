package jukebox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
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
	land, _ := country.ByCode(c.System.Country)
	for name, spec := range land.Tones() {
		if t, ok := c.Tones[name]; ok {
			spec = toneOf(t)
		}
		j.opts.Library.SetTone(name, spec)
	}
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
