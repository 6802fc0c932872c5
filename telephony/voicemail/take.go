package voicemail

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sound"
)

const (
	ticks   = 50              // of the media clock in a second
	waiting = 2 * rate        // bytes that wait for the writer: two seconds
	silence = 8 * time.Second // after which nobody speaks any more
	left    = time.Second     // of it that is kept
	least   = time.Second     // shorter ones are dropped
	spoken  = ticks / 5       // ticks of speech that make a message
	// loud is the mean level of a tick in which somebody speaks, -47 dB of full scale:
	// well above the noise of a line, well below a low voice.
	loud = 150
)

// lawShift: A-law does not see the lowest three bits of a sample.
const lawShift = 3

func (r *Room) fillLaw() {
	for i := range r.law {
		r.law[i] = g711.EncodeAlawFrame(int16(i << lawShift))
	}
}

// ending is why somebody's speaking was over.
type ending string

const (
	overSilent  ending = "silence"
	overLong    ending = "too long"
	overDisk    ending = "the disk is full"
	overStopped ending = "the box stopped"
	overKey     ending = "key"
)

// over tells a call that a take ended by itself.
type over struct {
	take *take
	why  ending
}

// take is what somebody speaks into a file. It is the tap of his leg.
type take struct {
	room *Room
	tell call.Sink
	path string
	note *Message // written first; nil: there is none
	most int      // ticks

	mu      sync.Mutex // held for a copy, never while the disk is written
	cur     []byte     // not taken by the writer yet
	ticks   int
	speech  int // ticks in which he spoke
	quiet   int // ticks since
	ended   bool
	lost    int
	cut     int64 // bytes of silence to leave out at the end
	events  map[ending]call.Event
	spare   []byte
	file    *os.File
	size    int64
	marked  time.Time
	created bool
}

// begin begins a take for a call. It is nil while the disk is full or too many go on.
func (r *Room) begin(c *call.Call, path string, note *Message, most time.Duration) *take {
	t := &take{room: r, tell: c, path: path, note: note, most: int(most * ticks / time.Second), cur: make([]byte, 0, waiting), spare: make([]byte, 0, waiting),
		events: make(map[ending]call.Event)}
	for _, why := range []ending{overSilent, overLong, overDisk, overStopped} { // made here: the media clock makes nothing
		t.events[why] = call.Message{Body: over{t, why}}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full || len(r.takes) >= maxTakes {
		return nil
	}
	r.takes = append(r.takes, t)
	r.poke()
	return t
}

var _ call.Tap = (*take)(nil)

// Frame keeps 20 ms of what is said.
func (t *take) Frame(said, _ []int16) {
	if why := t.frame(said); why != "" {
		t.tell.Post(t.events[why])
	}
}

func (t *take) frame(said []int16) ending {
	const samples = rate / ticks
	step := max(1, len(said)/samples) // of wide band every two samples become one
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return ""
	}
	if at := len(t.cur); at+samples <= cap(t.cur) && len(said) >= samples {
		t.cur = t.cur[:at+samples]
		sum := int32(0)
		for i := range samples {
			x := int32(said[i*step])
			if step == 2 {
				x = (x + int32(said[i*step+1])) / 2
			}
			t.cur[at+i] = t.room.law[uint16(x)>>lawShift]
			sum += max(x, -x)
		}
		t.ticks++
		if t.quiet++; sum/samples >= loud {
			t.quiet = 0
			t.speech++
		}
	} else {
		t.lost++
	}
	switch {
	case t.quiet >= int(silence*ticks/time.Second):
		t.ended, t.cut = true, int64((silence-left)*rate/time.Second)
		return overSilent
	case t.ticks >= t.most:
		t.ended = true
		return overLong
	}
	return ""
}

// stop ends a take for a reason of the box's own.
func (t *take) stop(why ending) {
	t.mu.Lock()
	was := t.ended
	t.ended = true
	t.mu.Unlock()
	if !was {
		t.tell.Post(t.events[why])
	}
}

// end ends it for its call. It returns how much was said, and whether anybody spoke.
func (t *take) end() (length time.Duration, speech bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.room.poke()
	return lasts(int64(t.ticks)*rate/ticks - t.cut), t.speech >= spoken
}

// write appends what was said to the file, which it makes first. It reports whether the
// take is over.
func (t *take) write() bool {
	t.mu.Lock()
	law, ended, cut := t.cur, t.ended, t.cut
	t.cur, t.spare = t.spare[:0], law
	t.mu.Unlock()
	err := t.create()
	if err == nil {
		var n int
		n, err = t.file.WriteAt(law, sound.ALawHeadSize+t.size)
		t.size += int64(n)
	}
	if now := t.room.opts.Clock.Now(); err == nil && (ended || now.Sub(t.marked) >= lookEvery) {
		if ended {
			t.size = max(0, t.size-cut)
			err = t.file.Truncate(sound.ALawHeadSize + t.size)
		}
		t.marked = now
		_, e := t.file.WriteAt(sound.ALawHead(rate, 1, t.size), 0)
		err = errors.Join(err, e)
	}
	if err != nil {
		t.room.tell(err)
		t.stop(overDisk)
		ended = true
	}
	if !ended {
		return false
	}
	if t.file != nil {
		t.room.tell(t.file.Close())
	}
	if t.lost > 0 {
		t.room.opts.Log.Error("the disk is too slow, parts of a voice message are lost", "file", t.path, "ms", t.lost*1000/ticks)
	}
	r := t.room
	r.mu.Lock()
	r.takes = slices.DeleteFunc(r.takes, func(x *take) bool { return x == t })
	r.mu.Unlock()
	return true
}

func (t *take) create() error {
	if t.created {
		return nil
	}
	t.created = true
	if err := os.MkdirAll(filepath.Dir(t.path), 0o700); err != nil {
		return err
	}
	if t.note != nil {
		t.room.keep(t.note)
	}
	f, err := os.OpenFile(t.path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	t.file = f
	_, err = f.WriteAt(sound.ALawHead(rate, 1, 0), 0)
	return err
}
