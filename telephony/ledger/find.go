package ledger

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/fold"
	"github.com/pasokh/pasokh/telephony/call"
)

// Direction is where a call came from and went to.
type Direction string

// The directions.
const (
	In     Direction = "in"     // from outside
	Out    Direction = "out"    // from one of our phones to outside
	Inside Direction = "inside" // between our own phones and services
)

// Direction is that of a record. Those of programs that did not note what went outside
// say inside.
func (r *Record) Direction() Direction {
	switch {
	case r.Origin.Extension == "":
		return In
	case r.Outside:
		return Out
	}
	return Inside
}

// Words is what a person typed to find calls: a part of a number or of a name.
type Words struct {
	Text string
	// Numbers are ours whose names have the text: queues, agents, extensions.
	Numbers []string

	part, folded []byte // as a number; as a name
}

// prepare makes once what is looked for in every record.
func (w *Words) prepare() {
	w.part, w.folded = []byte(national(w.Text)), fold.Append(nil, []byte(w.Text))
}

// national is a part of a number without what is before it abroad or at home, so that
// +98 21 and 021 find each other.
func national(text string) string {
	n := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+-() ./", r) {
			return -1
		}
		return r
	}, fold.Text(text))
	if n == "" || strings.Trim(n, "0123456789") != "" {
		return ""
	}
	for _, prefix := range []string{"0098", "98", "0"} {
		if rest, ok := strings.CutPrefix(n, prefix); ok && len(rest) >= 3 {
			return rest
		}
	}
	return n
}

// fits tells whether a record has the words.
func (w *Words) fits(r *Record) bool {
	if w.Text == "" {
		return true
	}
	if len(w.part) > 0 {
		for _, n := range []string{r.From.Number, r.To, r.Origin.DID, r.Agent} {
			if strings.Contains(n, string(w.part)) {
				return true
			}
		}
	}
	if fold.Contains([]byte(r.From.Name), w.folded) {
		return true
	}
	return slices.ContainsFunc(w.Numbers, func(n string) bool { return n == r.From.Number || n == r.To || n == r.Agent || n == r.Queue })
}

// more are the conditions that decoding a record answers; see may.
func (q *Query) more(r *Record) bool {
	return (q.Direction == "" || r.Direction() == q.Direction) && (q.Cause == "" || r.Cause == q.Cause) &&
		r.Talk >= q.Least && (q.Most == 0 || r.Talk <= q.Most) && (q.Calls == nil || q.Calls[r.Call]) == !q.Without && q.Words.fits(r)
}

// may tells from an entry as it is written whether its record may fit: most need not be
// decoded. It is never wrong when it says no.
func (q *Query) may(data []byte) bool {
	if q.plain() {
		return true
	}
	size, n := binary.Uvarint(data[min(1, len(data)):])
	if n <= 0 || size > uint64(len(data)-1-n) {
		return true // unpack will tell
	}
	head, rest := data[1+n:1+n+int(size)], data[1+n+int(size):]
	var id, from, did []byte
	for _, into := range []*[]byte{&id, &from, &did} {
		*into, head = text(head)
	}
	if (q.Calls == nil || q.Calls[call.ID(id)]) == q.Without {
		return false
	}
	if q.Direction != "" {
		ours, outside := bytes.Contains(rest, extensionKey), bytes.Contains(rest, outsideKey)
		if ours != (q.Direction != In) || ours && outside != (q.Direction == Out) {
			return false
		}
	}
	if q.Least > 0 || q.Most > 0 {
		if talk, ok := numberAfter(rest, talkKey); ok && (talk < q.Least.D().Milliseconds() || q.Most > 0 && talk > q.Most.D().Milliseconds()) {
			return false
		}
	}
	return q.Words.may(from, did, rest)
}

// plain tells that nothing but what hint says is asked for.
func (q *Query) plain() bool {
	return q.Words.Text == "" && q.Direction == "" && q.Least == 0 && q.Most == 0 && q.Calls == nil
}

// text reads what packer.text wrote.
func text(data []byte) (s, rest []byte) {
	size, n := binary.Varint(data)
	if n <= 0 || size < 0 || size > int64(len(data)-n) {
		return nil, nil
	}
	return data[n : n+int(size)], data[n+int(size):]
}

// The keys of a record as JSON; inside texts their quotes would be escaped.
var (
	extensionKey = []byte(`"extension":`)
	outsideKey   = []byte(`"outside":true`)
	talkKey      = []byte(`"talk":`)
	nameKey      = []byte(`"name":"`)
	toKey        = []byte(`"to":"`)
	agentKey     = []byte(`"agent":"`)
)

func (w *Words) may(from, did, rest []byte) bool {
	if w.Text == "" {
		return true
	}
	if part := w.part; len(part) > 0 {
		if bytes.Contains(from, part) || bytes.Contains(did, part) || bytes.Contains(textAfter(rest, toKey), part) || bytes.Contains(textAfter(rest, agentKey), part) {
			return true
		}
	}
	for _, n := range w.Numbers {
		if bytes.Contains(rest, []byte(`"`+n+`"`)) {
			return true
		}
	}
	name := textAfter(rest, nameKey)
	return len(name) > 0 && (bytes.IndexByte(name, '\\') >= 0 || fold.Contains(name, w.folded))
}

// textAfter is the text that follows a key, as it is written.
func textAfter(data, key []byte) []byte {
	_, text, _ := bytes.Cut(data, key)
	text, _, _ = bytes.Cut(text, []byte(`"`))
	return text
}

// numberAfter is the whole number that follows a key.
func numberAfter(data, key []byte) (int64, bool) {
	_, text, ok := bytes.Cut(data, key)
	if !ok {
		return 0, false
	}
	end := bytes.IndexAny(text, ",}")
	if end < 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(string(text[:end]), 10, 64)
	return n, err == nil
}

// outside tells whether a step leads out of the house.
func outside(step call.Step) bool {
	return step.Type == call.StepRinging && (strings.HasPrefix(step.Device, "trunk:") || strings.HasPrefix(step.Device, "fxo")) ||
		step.Type == call.StepRefused && strings.HasPrefix(step.Reason, "route ")
}
