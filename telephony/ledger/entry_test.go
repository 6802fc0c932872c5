package ledger

import (
	"encoding/binary"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestEntriesAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String()
		ms := rapid.Map(rapid.IntRange(0, 1e8), func(n int) Millis { return Millis(time.Duration(n) * time.Millisecond) })
		at := time.Unix(0, rapid.Int64Range(0, 1<<61).Draw(rt, "at")).UTC()
		r := Record{Call: "c", Started: at, Ended: at, From: call.Party{Number: text.Draw(rt, "from")}, Result: Answered,
			Origin: call.Origin{Trunk: text.Draw(rt, "trunk"), DID: text.Draw(rt, "did")}}
		for range rapid.IntRange(0, 3).Draw(rt, "visits") {
			v := Visit{Queue: text.Draw(rt, "queue"), Offered: at.Add(time.Duration(rapid.Int64Range(0, 1<<40).Draw(rt, "offered"))), Outcome: VisitAnswered,
				Agent: text.Draw(rt, "agent"), Wait: ms.Draw(rt, "wait"), Talk: ms.Draw(rt, "talk"), Wrap: ms.Draw(rt, "wrap"), Expected: ms.Draw(rt, "expected"), Transferred: rapid.Bool().Draw(rt, "moved")}
			for range rapid.IntRange(0, 3).Draw(rt, "rings") {
				v.Rings = append(v.Rings, Ring{Agent: text.Draw(rt, "rung"), After: ms.Draw(rt, "after"), Rang: ms.Draw(rt, "rang"), End: "busy"})
			}
			if rapid.Bool().Draw(rt, "asked") {
				v.Survey = map[string]string{"1": text.Draw(rt, "answer"), "2": "5"}
			}
			r.Visits = append(r.Visits, v)
		}
		e, err := unpack(at, pack(&r))
		if err != nil {
			rt.Fatal(err)
		}
		got, err := e.Record()
		want := r // JSON replaces what is no UTF-8
		want.From.Number, want.Origin = got.From.Number, got.Origin
		if diff := gocmp.Diff(want, got); diff != "" || err != nil || e.From != r.From.Number || e.Way != r.Origin.Trunk {
			rt.Fatalf("%v\n%s", err, diff)
		}
	})
}

// TestEntriesOfBefore: what was written before visits knew what was expected is read.
func TestEntriesOfBefore(t *testing.T) {
	r := Summarise(servedCall(morning))
	data := pack(&r)
	size, n := binary.Uvarint(data[1:])
	end := 1 + n + int(size) - len(binary.AppendVarint(nil, 0)) // the last of its visits expected nothing
	old := append([]byte{plainForm}, binary.AppendUvarint(nil, size-1)...)
	old = append(append(old, data[1+n:end]...), data[1+n+int(size):]...)
	e, err := unpack(morning, old)
	if err != nil || len(r.Visits) != 1 || gocmp.Diff(r.Visits, e.Visits) != "" {
		t.Errorf("%v: %+v, want %+v", err, e.Visits, r.Visits)
	}
}

func FuzzUnpack(f *testing.F) {
	r := Summarise(servedCall(morning))
	f.Add(pack(&r))
	f.Add([]byte{entryForm, 4, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		if e, err := unpack(morning, data); err == nil {
			_, _ = e.Record()
		}
		if len(data) > 0 {
			_, _ = unpackAgent(morning, data)
		}
	})
}
