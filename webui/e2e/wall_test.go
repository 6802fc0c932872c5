package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestTheBoardOnAWall shows two queues on a television, in both languages, tells within
// five seconds that the box is gone, and goes on when it is back.
func TestTheBoardOnAWall(t *testing.T) {
	scene := webtest.Busy(time.Now())
	for i := range scene.Records {
		if r := &scene.Records[i]; r.Queue != "" {
			v := ledger.Visit{Queue: r.Queue, Offered: r.Started, Agent: r.Agent, Wait: r.Wait, Talk: r.Talk, Outcome: ledger.VisitAnswered}
			if r.Agent == "" {
				v.Outcome = ledger.VisitAbandoned
			}
			r.Visits = []ledger.Visit{v}
		}
	}
	si := open(t, webtest.New(scene))
	b := si.browse(t)
	b.do("signin")
	b.do("size", "width", 1920, "height", 1080)
	b.do("goto", "path", "/#/wall?queues=700,710")
	b.do("wait", "testid", "wall-queue-700")
	const of700 = "document.querySelector('[data-testid=wall-queue-700] [data-testid=wall-%s]').textContent"
	value := func(id string) string { return strings.Replace(of700, "%s", id, 1) }
	b.until(value("waiting"), "2")
	b.until(value("talking"), "1")
	b.until("document.querySelector('[data-testid=wall-queue-700]').dataset.mood", "warn") // 74 s
	b.until("Number("+value("answered")+") + Number("+value("abandoned")+")", 2.0)
	b.sound("the wall")
	b.looks("wall-en")
	b.do("click", "testid", "wall-sound")
	b.do("lang", "lang", "fa")
	b.sound("the wall in Persian")
	b.do("size", "width", 3840, "height", 2160)
	b.sound("the wall on a large screen")
	b.looks("wall-fa-4k")
	b.do("size", "width", 390, "height", 844)
	b.sound("the wall on a telephone")
	b.do("size", "width", 1920, "height", 1080)

	// Limits stand in the address.
	b.do("goto", "path", "/#/wall?queues=700&wait=10,30")
	b.do("reload")
	b.do("wait", "testid", "wall-queue-700")
	b.until("document.querySelector('[data-testid=wall-queue-700]').dataset.mood", "bad")
	b.until("document.querySelectorAll('.wall-queue').length", 1.0)
	b.looks("wall-bad-fa")

	// The box goes away and comes back; the sign-in is gone with it, since sessions are
	// the test server's memory, so the same server listens again.
	si.stop()
	gone := time.Now()
	b.do("wait", "testid", "wall-stale", "timeout", 6000)
	if d := time.Since(gone); d > 5500*time.Millisecond {
		t.Errorf("the board said so after %v", d)
	}
	b.looks("wall-stale-fa")
	si.start(t)
	b.do("wait", "testid", "wall-stale", "gone", true)
	si.box.Change(func(s *webtest.Scene) { s.Floor.Queues[0].Waiting = nil }, event.Queues)
	b.until(value("waiting"), "۰")
	b.until("document.querySelector('[data-testid=wall-queue-700]').dataset.mood", "fine")
}

// TestTheWallAsksForAKey: a television that nobody signed in on is given a token.
func TestTheWallAsksForAKey(t *testing.T) {
	b := open(t, webtest.New(webtest.Busy(time.Now()))).browse(t)
	b.do("goto", "path", "/#/wall")
	b.do("wait", "testid", "wall-key-form")
	b.sound("the wall's key")
	b.do("fill", "testid", "wall-key", "value", "not a key")
	b.do("click", "testid", "wall-use")
	b.sees("wall-key-form", "does not know this key")
}
