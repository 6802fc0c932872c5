package ledger

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Entry is a call as reports see it. It is read without the rest of its record, many
// thousands in a moment.
type Entry struct {
	Started time.Time // it tells calls apart, as their log does
	Call    call.ID
	Running bool
	From    string // number of the caller
	Inside  bool   // one of our own phones called
	DID     string
	Way     string // trunk or line that it came in on; empty from inside
	Result  Result
	Cause   string
	Visits  []Visit

	rest []byte // the record without its visits
}

// errEntry: an entry of the log of records is not what was once written.
var errEntry = errors.New("damaged record")

// entryForm is the first byte of an entry. After it come the Entry, length first, and
// the rest of the record as JSON. Visits of plainForm do not know what was expected;
// agents' steps have that form still.
const (
	plainForm = 1
	entryForm = 2
)

func entryOf(r *Record) Entry {
	way := r.Origin.Trunk
	if way == "" {
		way = r.Origin.Line
	}
	return Entry{Started: r.Started, Call: r.Call, From: r.From.Number, Inside: r.Origin.Extension != "", DID: r.Origin.DID, Way: way,
		Result: r.Result, Cause: r.Cause, Visits: r.Visits}
}

// Record is the whole record.
func (e *Entry) Record() (Record, error) {
	var r Record
	if err := json.Unmarshal(e.rest, &r); err != nil {
		return r, errEntry
	}
	r.Visits = e.Visits
	return r, nil
}

// rest is a record without its visits, which an Entry has.
func (r Record) rest() []byte {
	r.Visits = nil
	data, _ := json.Marshal(r) // plain values always are written
	return data
}

// pack writes a record for its log.
func pack(r *Record) []byte {
	e := entryOf(r)
	w := packer{}
	for _, s := range []string{string(e.Call), e.From, e.DID, e.Way, string(e.Result), e.Cause} {
		w.text(s)
	}
	w.flag(e.Inside)
	w.number(len(e.Visits))
	for i := range e.Visits {
		w.visit(&e.Visits[i], e.Started)
	}
	out := binary.AppendUvarint([]byte{entryForm}, uint64(len(w)))
	return append(append(out, w...), r.rest()...)
}

// unpack reads what pack wrote.
func unpack(at time.Time, data []byte) (Entry, error) {
	if len(data) == 0 || data[0] != entryForm && data[0] != plainForm {
		return Entry{}, errEntry
	}
	size, n := binary.Uvarint(data[1:])
	if n <= 0 || size > uint64(len(data)-1-n) {
		return Entry{}, errEntry
	}
	u := unpacker{data: data[1+n : 1+n+int(size)], plain: data[0] == plainForm}
	e := Entry{Started: at, rest: data[1+n+int(size):]}
	e.Call, e.From, e.DID, e.Way, e.Result, e.Cause, e.Inside = call.ID(u.text()), u.text(), u.text(), u.text(), Result(u.text()), u.text(), u.flag()
	for range u.count() {
		e.Visits = append(e.Visits, u.visit(at))
	}
	if u.bad || len(u.data) > 0 {
		return Entry{}, errEntry
	}
	return e, nil
}

// packer writes texts and numbers one after another.
type packer []byte

func (w *packer) number(n int)    { *w = binary.AppendVarint(*w, int64(n)) }
func (w *packer) millis(m Millis) { w.number(int(m.D().Milliseconds())) }
func (w *packer) text(s string)   { w.number(len(s)); *w = append(*w, s...) }
func (w *packer) flag(on bool) {
	n := byte(0)
	if on {
		n = 1
	}
	*w = append(*w, n)
}

func (w *packer) texts(s ...string) {
	for _, s := range s {
		w.text(s)
	}
}

func (w *packer) visit(v *Visit, started time.Time) {
	w.number(int(v.Offered.Sub(started)))
	w.texts(v.Queue, string(v.Outcome), v.Reason, v.Agent, v.Callback, v.Disposition)
	for _, m := range []Millis{v.Wait, v.Talk, v.Hold, v.Wrap, v.Delay} {
		w.millis(m)
	}
	w.flag(v.Transferred)
	w.number(len(v.Rings))
	for _, r := range v.Rings {
		w.texts(r.Agent, r.End)
		w.millis(r.After)
		w.millis(r.Rang)
	}
	w.number(len(v.Survey))
	for _, k := range slices.Sorted(maps.Keys(v.Survey)) {
		w.texts(k, v.Survey[k])
	}
	w.millis(v.Expected)
}

// unpacker reads what a packer wrote; bad once it has found something else.
type unpacker struct {
	data  []byte
	bad   bool
	plain bool // of plainForm
}

func (u *unpacker) number() int {
	n, size := binary.Varint(u.data)
	if size <= 0 {
		u.bad, u.data = true, nil
		return 0
	}
	u.data = u.data[size:]
	return int(n)
}

// count is the number of things that follow, each of one byte at least.
func (u *unpacker) count() int {
	n := u.number()
	if n < 0 || n > len(u.data) {
		u.bad, u.data = true, nil
		return 0
	}
	return n
}

func (u *unpacker) text() string {
	n := u.count()
	s := string(u.data[:n])
	u.data = u.data[n:]
	return s
}

func (u *unpacker) flag() bool {
	if len(u.data) == 0 {
		u.bad = true
		return false
	}
	on := u.data[0] == 1
	u.data = u.data[1:]
	return on
}

func (u *unpacker) millis() Millis { return Millis(time.Duration(u.number()) * time.Millisecond) }

func (u *unpacker) visit(started time.Time) (v Visit) {
	v.Offered = started.Add(time.Duration(u.number()))
	v.Queue, v.Outcome, v.Reason, v.Agent, v.Callback, v.Disposition = u.text(), Outcome(u.text()), u.text(), u.text(), u.text(), u.text()
	v.Wait, v.Talk, v.Hold, v.Wrap, v.Delay = u.millis(), u.millis(), u.millis(), u.millis(), u.millis()
	v.Transferred = u.flag()
	for range u.count() {
		v.Rings = append(v.Rings, Ring{Agent: u.text(), End: u.text(), After: u.millis(), Rang: u.millis()})
	}
	for range u.count() {
		if v.Survey == nil {
			v.Survey = make(map[string]string)
		}
		k := u.text()
		v.Survey[k] = u.text()
	}
	if !u.plain {
		v.Expected = u.millis()
	}
	return v
}

// packAgent writes an agent's step for the log of the floor, unpackAgent reads it. They
// are most of that log.
func packAgent(s call.Step) []byte {
	w := packer{plainForm}
	w.texts(s.Agent, s.Value, s.Queue, s.Reason)
	return w
}

func unpackAgent(at time.Time, data []byte) (call.Step, error) {
	u := unpacker{data: data[1:]}
	s := call.Step{At: at, Type: call.StepAgent, Agent: u.text(), Value: u.text(), Queue: u.text(), Reason: u.text()}
	if u.bad {
		return s, errEntry
	}
	return s, nil
}
