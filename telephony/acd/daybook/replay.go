package daybook

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// Copy is a State of its own with all that a State is.
func Copy(s *acd.State) (acd.State, error) {
	var c acd.State
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fmt.Errorf("copy a floor: %w", err)
	}
	return c, nil
}

// Replay has the core decide once more and hands the commands of each event to f.
func (r *Run) Replay(f func(at time.Time, e acd.Event, did []acd.Command)) error {
	s, err := Copy(&r.State)
	if err != nil {
		return err
	}
	for _, e := range r.Events {
		f(e.At, e.Event, s.Apply(e.Event, e.At))
	}
	return nil
}
