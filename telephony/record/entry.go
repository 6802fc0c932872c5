package record

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Bounds of what an entry holds.
const (
	maxWith  = 20
	maxGaps  = 200
	maxHeard = 100
)

// Entry is a recording as the index knows it. Lengths are in milliseconds.
type Entry struct {
	ID     string     `json:"id"`
	Call   call.ID    `json:"call"`
	Began  time.Time  `json:"began"`
	From   call.Party `json:"from"`
	To     string     `json:"to"`              // dialled, or the conference
	Queue  string     `json:"queue,omitempty"` // that brought the parties together
	With   []string   `json:"with"`            // agents, extensions or numbers that talked with the caller
	State  State      `json:"state"`
	Why    string     `json:"why,omitempty"` // it ended before the talk; English
	Length int64      `json:"length"`        // of the sound
	Size   int64      `json:"size"`          // of the file, in bytes
	Lost   int64      `json:"lost,omitempty"`
	Gaps   []Gap      `json:"gaps"`
	Heard  []Act      `json:"heard"` // who listened, the latest 100 times
	// Deleted is who deleted it and when; by "" it was the box, for age or space.
	Deleted *Act `json:"deleted,omitempty"`
}

// State is what there is of a recording.
type State string

// The states.
const (
	Going   State = "recording"
	Kept    State = "kept"
	Failed  State = "failed" // nothing could be written
	Deleted State = "deleted"
)

// Gap is where something was left out: a pause, or waiting between two talks.
type Gap struct {
	At    int64 `json:"at"` // in the sound
	Lasts int64 `json:"lasts"`
}

// Act is what a person did with a recording.
type Act struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// concerns tells whether somebody with a number took part.
func (e *Entry) concerns(number string) bool {
	return e.From.Number == number || e.To == number || e.Queue == number || contains(e.With, number)
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// idForm is an ID: the time of the beginning in UTC and a random part.
var idForm = regexp.MustCompile(`^(\d{8})-\d{6}-[0-9a-f]{8}$`)

const stamp = "20060102-150405"

// beganAt is when a recording of that name began, to the second; false for what is no name.
func beganAt(id string) (time.Time, bool) {
	if !idForm.MatchString(id) {
		return time.Time{}, false
	}
	t, err := time.Parse(stamp, id[:len(stamp)])
	return t, err == nil
}

// path is the file of a recording under a directory. The ID has been checked.
func path(dir, id string) string {
	return filepath.Join(dir, id[:4], id[4:6], id[6:8], id+".wav")
}

// clone is a copy that shares nothing and whose lists are never null in JSON.
func (e *Entry) clone() Entry {
	c := *e
	c.With, c.Gaps, c.Heard = append([]string{}, e.With...), append([]Gap{}, e.Gaps...), append([]Act{}, e.Heard...)
	return c
}

func (e *Entry) encode() []byte {
	data, err := json.Marshal(e)
	if err != nil {
		panic(err) // it holds strings, numbers and times of this century
	}
	return data
}
