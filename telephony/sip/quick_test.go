package sip

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

func TestRepeatedRegisterIsServedOnce(t *testing.T) {
	bubble(t, func(m *memory) {
		q := message{"REGISTER", "1001", "reg", 1, contactA + "\n"}
		m.Send(q.text(""))
		challenge := m.Status(401)
		q.seq++
		text := q.text(credentials(t, challenge, q, "SHA-256", password, 1))
		m.Send(text)
		first := m.Status(200)
		for range 3 { // its answer was lost
			time.Sleep(2 * time.Second)
			m.Send(text)
			if again := m.Status(200); again.String() != first.String() {
				t.Errorf("another answer:\n%s\n%s", first, again)
			}
		}
		time.Sleep(3 * time.Minute)
		m.Send(text)
		m.Status(401) // no repetition any more but a replay
	})
}

func TestRefusalWithoutStateHasOneTag(t *testing.T) {
	bubble(t, func(m *memory) {
		q := message{"INVITE", "1001", "call", 1, ""}
		m.Send(q.text(""))
		first := m.Status(401)
		m.Send(q.text(""))
		again := m.Status(401)
		if first.To().Value() != again.To().Value() || !first.To().Params.Has("tag") {
			t.Errorf("To: %s and %s", first.To().Value(), again.To().Value())
		}
		tag, _ := first.To().Params.Get("tag")
		ack := strings.NewReplacer("INVITE sip", "ACK sip", "1 INVITE", "1 ACK").Replace(q.text(""))
		to := "To: " + first.To().Value()
		for line := range strings.Lines(ack) {
			if strings.HasPrefix(line, "To:") {
				ack = strings.Replace(ack, strings.TrimSpace(line), to, 1)
			}
		}
		if !strings.Contains(ack, "ACK sip") || !strings.Contains(ack, tag) {
			t.Fatalf("no ACK:\n%s", ack)
		}
		m.Send(ack)
		m.Quiet(time.Minute)
		if m.Turned() != (Turned{}) {
			t.Errorf("turned away: %+v", m.Turned())
		}
	})
}

func TestAnswersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers(clock.System())
		for i := range 3 * maxAnswers {
			a.keep(asked{sum: uint64(i)}, []byte("y"))
		}
		long, z, y := asked{sum: 1 << 32}, asked{sum: 2 << 32}, asked{sum: 3 << 32}
		a.keep(long, make([]byte, maxAnswer+1))
		if len(a.now)+len(a.then) > 2*maxAnswers || a.to(long) != nil {
			t.Errorf("%d and %d answers", len(a.now), len(a.then))
		}
		a.keep(z, []byte("z"))
		time.Sleep(31 * time.Second)
		if a.to(z) == nil {
			t.Error("forgotten too soon")
		}
		time.Sleep(40 * time.Second)
		a.keep(y, nil)
		time.Sleep(40 * time.Second)
		if a.to(z) != nil {
			t.Error("never forgotten")
		}
	})
}
