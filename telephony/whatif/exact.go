package whatif

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
)

// Difference is where a day that is played without a change is not the day that it was.
type Difference struct {
	At   time.Time
	What string
}

// Check plays a day without a change and returns the first difference, nil if there is none:
// every event must come again, at the same time and in the same order.
func Check(ctx context.Context, day *daybook.Day, rec *Record) (*Difference, error) {
	var was []daybook.Entry
	for i := range day.Runs {
		was = append(was, day.Runs[i].Events...)
	}
	var first *Difference
	_, err := play(ctx, rec, &Change{}, 0, func(it *item, e acd.Event, _ []acd.Command) {
		switch {
		case first != nil:
		case len(was) == 0:
			first = &Difference{it.at, fmt.Sprintf("%T%+v, and nothing on the day", e, e)}
		case !same(it.at, e, was[0]):
			first = &Difference{was[0].At, fmt.Sprintf("%T%+v at %v, on the day %T%+v", e, e, it.at, was[0].Event, was[0].Event)}
		default:
			was = was[1:]
		}
	})
	if err == nil && first == nil && len(was) > 0 {
		first = &Difference{was[0].At, fmt.Sprintf("nothing, and on the day %T%+v", was[0].Event, was[0].Event)}
	}
	return first, err
}

// same tells whether it is the event of the day. A wish to change sides is played as what
// it came to.
func same(at time.Time, e acd.Event, was daybook.Entry) bool {
	if duty, ok := was.Event.(acd.AgentDuty); ok {
		played, ok := e.(acd.AgentDuty)
		duty.Wish = played.Wish
		return ok && at.Equal(was.At) && duty == played
	}
	return at.Equal(was.At) && reflect.DeepEqual(e, was.Event)
}
