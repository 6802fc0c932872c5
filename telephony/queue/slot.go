package queue

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Slot is a time for which callers can book a call back, in the box's zone.
type Slot struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Free  int       `json:"free"` // bookings that it still takes
}

// mostSlots bounds the times of a queue: seven days with one every quarter of an hour.
const mostSlots = 7 * 24 * 4

// slots are the times of a queue that begin after now, the full ones too.
func (f *Floor) slots(q *config.Queue) (list []Slot) {
	c, now := f.config.Load(), f.opts.Clock.Now()
	for _, s := range times(c, q, f.hours, now) {
		for _, x := range f.state.Callers {
			if x.Callback != nil && x.Queue == q.Number && !x.Callback.Booked.Before(s.From) && x.Callback.Booked.Before(s.Until) && s.Free > 0 {
				s.Free--
			}
		}
		list = append(list, s)
	}
	return list
}

// times are the slots of a queue that begin after now, with nothing booked.
func times(c *config.Config, q *config.Queue, table config.Timetable, now time.Time) (list []Slot) {
	cb := &q.Callback
	length, days, most := cb.Slot.D(), cb.Days, cb.PerSlot
	if length == 0 {
		return nil
	}
	if days == 0 {
		days = 2
	}
	if most == 0 {
		most = 4
	}
	tomorrow := midnight(now, c)
	y, m, d := tomorrow.Date()
	for day := range days {
		for after := time.Duration(0); after+length <= 24*time.Hour && len(list) < mostSlots; after += length {
			from := time.Date(y, m, d-1+day, 0, 0, int(after/time.Second), 0, tomorrow.Location())
			s := Slot{From: from, Until: from.Add(length), Free: most}
			opens, closes := hours(from, c, cb)
			switch {
			case !from.After(now), len(list) > 0 && from.Before(list[len(list)-1].Until): // of two alike when a clock is set
			case !opens.IsZero() && (from.Before(opens) || s.Until.After(closes)):
			case !through(table, q.Night.Hours, s):
			default:
				list = append(list, s)
			}
		}
	}
	return list
}

// through tells whether hours are open all through a slot. Hours that there are not are.
func through(table config.Timetable, name string, s Slot) bool {
	h, ok := table[name]
	if !ok {
		return true
	}
	is := h.At(s.From)
	return is.Open && (is.Until.IsZero() || !is.Until.Before(s.Until))
}

// Slots are the times that can be booked with a queue, the full ones too.
func (f *Floor) Slots(queue string) (list []Slot, err error) {
	err = f.ask(func() error {
		q, ok := f.config.Load().Queue(queue)
		if !ok {
			return ErrNoQueue
		}
		list = f.slots(q)
		return nil
	})
	return list, err
}

// freeTimes tells a caller which times he can book; gone is that he chose one that
// somebody else has just taken.
type freeTimes struct {
	acd.Command
	slots []Slot
	gone  bool
}

// tellTimes tells a caller in line what is free in his queue.
func (f *Floor) tellTimes(v *visit, gone bool) {
	var free []Slot
	if q, ok := f.config.Load().Queue(v.queue.Number); ok {
		free = slices.DeleteFunc(f.slots(q), func(s Slot) bool { return s.Free == 0 })
	}
	f.tellVisit(v, freeTimes{slots: free, gone: gone})
}

// book gives a caller the time that he chose, if it is still free.
func (f *Floor) book(v *visit, number string, from time.Time) {
	q, ok := f.config.Load().Queue(v.queue.Number)
	if !ok || !slices.ContainsFunc(f.slots(q), func(s Slot) bool { return s.From.Equal(from) && s.Free > 0 }) {
		f.tellTimes(v, true)
		return
	}
	f.apply(acd.CallbackAsked{Call: v.id, Queue: q.Number, Number: number, NotBefore: from.UTC()})
}

func (f *Floor) tellVisit(v *visit, c acd.Command) {
	v.call.Post(call.Message{Body: notice{v, c}})
}
