package config

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// MusicClass is hold music: what callers hear while they wait. The class "default"
// is there without being written down, and plays the box's own pieces.
type MusicClass struct {
	Name string `yaml:"name"`
	// Files are the sounds to play: the ids of uploaded ones, and the box's own
	// pieces, "calm" and "santur".
	Files []string   `yaml:"files"`
	Order MusicOrder `yaml:"order"`
	// Continuous music runs on, and all hear the same; else everybody hears it from
	// the beginning, and after an announcement goes on where he was.
	Continuous bool `yaml:"continuous"`
}

// MusicOrder is the order of a class's sounds.
type MusicOrder string

// The orders.
const (
	Sequence MusicOrder = "sequence"
	Random   MusicOrder = "random" // another one each time round
)

// DefaultMusic is the class of whoever has none of its own.
const DefaultMusic = "default"

// maxMusic bounds the sounds of a class.
const maxMusic = 100

func (m *MusicClass) setDefaults() { m.Order, m.Continuous = Sequence, true }

// Tone is a tone of the network, in place of the country's.
type Tone struct {
	// Hz are the frequencies that sound together, 1 to 4 of 200 to 2000.
	Hz []int `yaml:"hz"`
	// Level of each, in dBm0, -40 to -3.
	Level int `yaml:"level"`
	// Cadence are times of sound and of silence in turn; empty: without a break.
	Cadence []Duration `yaml:"cadence,omitempty"`
}

// ToneNames are the names of tones.
func ToneNames() []string {
	return []string{"dial", "busy", "congestion", "ringback", "waiting", "confirmation", "stutter"}
}

// Check tells what is wrong with a tone by itself. Its error is Problems.
func (t Tone) Check() error {
	var v validator
	v.tone("", t)
	return v.err()
}

func (v *validator) music() {
	seen := make(map[string]bool)
	for i, m := range v.cfg.Music {
		path := fmt.Sprintf("music[%d]", i)
		v.ident(path+".name", m.Name)
		if seen[m.Name] {
			v.add(path+".name", msgDuplicate)
		}
		seen[m.Name] = true
		if v.count(path+".files", len(m.Files), 1, maxMusic); m.Order != Sequence && m.Order != Random {
			v.add(path+".order", msgOrder, m.Order)
		}
		for k, f := range m.Files {
			v.ident(fmt.Sprintf("%s.files[%d]", path, k), f)
		}
	}
	v.class("parking.music", v.cfg.Parking.Music)
	for i, q := range v.cfg.Queues {
		v.class(fmt.Sprintf("queues[%d].music", i), q.Music)
	}
	for i, e := range v.cfg.Extensions {
		v.class(fmt.Sprintf("extensions[%d].music", i), e.Music)
	}
	for i, t := range v.cfg.Trunks {
		v.class(fmt.Sprintf("trunks[%d].music", i), t.Music)
	}
}

// MusicUse is something that plays a class of music.
type MusicUse struct {
	Class string `json:"class"`
	Kind  string `json:"kind"` // queue, extension, trunk or parking
	Of    string `json:"of"`   // its number or name; empty: the parking
}

// MusicUses is all that names a class of music. What names none plays the default one.
func (c *Config) MusicUses() (uses []MusicUse) {
	add := func(class, kind, of string) {
		if class != "" {
			uses = append(uses, MusicUse{class, kind, of})
		}
	}
	for _, q := range c.Queues {
		add(q.Music, "queue", q.Number)
	}
	for _, e := range c.Extensions {
		add(e.Music, "extension", e.Number)
	}
	for _, t := range c.Trunks {
		add(t.Music, "trunk", t.Name)
	}
	if c.Parking.First != "" {
		add(c.Parking.Music, "parking", "")
	}
	return uses
}

// class checks that a class of music is there; empty is the default one.
func (v *validator) class(path, name string) {
	if name != "" && name != DefaultMusic && !slices.ContainsFunc(v.cfg.Music, func(m MusicClass) bool { return m.Name == name }) {
		v.add(path, msgNoMusic, name)
	}
}

func (v *validator) tones() {
	for _, name := range slices.Sorted(maps.Keys(v.cfg.Tones)) {
		path, t := "tones."+name, v.cfg.Tones[name]
		if !slices.Contains(ToneNames(), name) {
			v.add(path, msgTone, name)
		}
		v.tone(path+".", t)
	}
}

func (v *validator) tone(path string, t Tone) {
	v.count(path+"hz", len(t.Hz), 1, 4)
	for i, hz := range t.Hz {
		v.count(fmt.Sprintf("%shz[%d]", path, i), hz, 200, 2000)
	}
	v.count(path+"level", t.Level, -40, -3)
	v.count(path+"cadence", len(t.Cadence), 0, 16)
	for i, d := range t.Cadence {
		v.duration(fmt.Sprintf("%scadence[%d]", path, i), d, 20*time.Millisecond, 20*time.Second)
	}
}
