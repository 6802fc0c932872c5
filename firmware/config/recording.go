package config

import (
	"time"
)

// Recording is how calls are recorded, and for how long that is kept. Which calls are,
// queues, trunks, lines, extensions and conferences say by their Record.
type Recording struct {
	// Announce tells both parties that they are recorded.
	Announce bool `yaml:"announce"`
	// KeepDays deletes recordings after so many days, 0: never. Up to 3650.
	KeepDays int `yaml:"keep_days"`
	// MaxSize deletes the oldest when all together are larger, in MB of a million
	// bytes; 0: no limit.
	MaxSize int `yaml:"max_size_mb"`
	// MinFree stops all recording while the disk has less left, in MB; 0: a tenth of
	// the disk or 200 MB, whichever is less.
	MinFree int `yaml:"min_free_mb"`
	// WarnDays warns so many days before MaxSize or the disk cuts KeepDays short. 1 to 60.
	WarnDays int `yaml:"warn_days"`
}

// Record is whether the talks of a queue, trunk, line or extension are recorded. Where
// several take part, never comes first, then always.
type Record string

// The choices. The empty one leaves it to the others, and to supervisors.
const (
	RecordNever    Record = "never"
	RecordOnDemand Record = "on-demand" // by features.record, or on the page
	RecordAlways   Record = "always"
)

func (v *validator) recording() {
	r := &v.cfg.Recording
	v.count("recording.keep_days", r.KeepDays, 0, 3650)
	v.count("recording.max_size_mb", r.MaxSize, 0, 10_000_000)
	v.count("recording.min_free_mb", r.MinFree, 0, 1_000_000)
	v.count("recording.warn_days", r.WarnDays, 1, 60)
}

// record checks a choice.
func (v *validator) record(path string, r Record) {
	switch r {
	case "", RecordNever, RecordOnDemand, RecordAlways:
	default:
		v.add(path+".record", msgRecord, r)
	}
}

// Keep is how long recordings are kept; 0 is for ever.
func (r *Recording) Keep() time.Duration { return time.Duration(r.KeepDays) * 24 * time.Hour }
