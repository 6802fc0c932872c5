package hooks

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/webui/events"
)

// memory is a disk.
type memory struct {
	mu   sync.Mutex
	text []byte
	kept int
}

func (m *memory) Read() ([]byte, error) { return m.text, nil }
func (m *memory) Keep(text []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = text
	m.kept++
}

// world answers requests, and says when it was asked.
type world struct {
	mu     sync.Mutex
	answer func(host string) (int, error)
	asked  []time.Time
	bodies []Told
}

func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var told Told
	body, _ := io.ReadAll(req.Body)
	if err := json.Unmarshal(body, &told); err != nil {
		return nil, err
	}
	w.asked, w.bodies = append(w.asked, time.Now()), append(w.bodies, told)
	code, err := w.answer(req.URL.Host)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Body: io.NopCloser(strings.NewReader(""))}, nil
}

type house struct {
	*Room
	ring   *events.Ring
	board  *health.Board
	memory *memory
	world  *world
}

func newHouse(t *testing.T, m *memory, w *world, url string, client *http.Client) house {
	t.Helper()
	var news event.News
	cfg := config.Default()
	cfg.Webhooks = []config.Webhook{{Name: "crm", URL: url, Key: "0123456789abcdef", Events: []string{"call"}}}
	board := health.NewBoard(clock.System(), &news)
	ring := events.New(events.Options{Clock: clock.System(), News: &news, Lines: func() []line.Status { return nil }, Health: board.List})
	if client == nil && w != nil {
		client = &http.Client{Transport: w}
	}
	r, err := Open(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &news, Health: board, Config: func() *config.Config { return cfg }, Ring: ring, Memory: m, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return house{r, ring, board, m, w}
}

// run starts a room, and stop ends it.
func (h house) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func (h house) note(types ...call.StepType) {
	for _, s := range types {
		h.ring.Note(call.Step{Call: "c1", At: time.Now(), Type: s})
	}
}

func answering(codes ...int) func(string) (int, error) {
	return func(string) (int, error) {
		if len(codes) > 1 {
			code := codes[0]
			codes = codes[1:]
			return code, nil
		}
		return codes[0], nil
	}
}

// TestTriedAgainInOrderOverARestart: what a receiver does not take is tried again with
// growing pauses, before anything later, also by the next run of the box.
func TestTriedAgainInOrderOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		first := newHouse(t, m, &world{answer: answering(503)}, "https://crm.example", nil)
		stop := first.run(t)
		first.note(call.StepArrived, call.StepQueueJoined, call.StepEnded)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if v := first.Views()[0]; v.Waiting != 2 || len(v.Told) != 1 || v.Told[0].Tries != len(first.world.asked) || v.Since.IsZero() {
			t.Errorf("after two hours %+v, tried %d times", v, len(first.world.asked))
		}
		for i, a := range first.world.asked {
			if i == 0 {
				continue
			}
			want := min(firstRetry<<(i-1), lastRetry)
			if gap := a.Sub(first.world.asked[i-1]); gap < want*3/4 || gap > want*5/4 {
				t.Errorf("pause %d is %v, want %v and a quarter more or less", i, gap, want)
			}
		}
		stop()

		second := newHouse(t, m, &world{answer: answering(204)}, "https://crm.example", nil)
		stop = second.run(t)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		stop()
		var got []string
		for _, b := range second.world.bodies {
			got = append(got, string(b.Event.Step.Type))
		}
		if s := strings.Join(got, " "); s != "arrived ended" || second.world.bodies[0].ID != first.world.bodies[0].ID {
			t.Errorf("after the restart came %s", s)
		}
		if v := second.Views()[0]; v.Waiting != 0 || len(v.Told) != 2 || !v.Told[0].Taken || !v.Since.IsZero() {
			t.Errorf("at last %+v", v)
		}
		if m.kept > 20 {
			t.Errorf("the book was written %d times", m.kept)
		}
	})
}

func TestRefusedIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, &memory{}, &world{answer: answering(410, 429, 204)}, "https://crm.example", nil)
		defer h.run(t)()
		h.note(call.StepArrived, call.StepEnded)
		time.Sleep(time.Minute)
		synctest.Wait()
		if v := h.Views()[0]; len(h.world.asked) != 3 || len(v.Told) != 2 || v.Told[1].Taken || !v.Told[0].Taken {
			t.Errorf("%d requests, %+v", len(h.world.asked), v)
		}
	})
}

// TestSwitchedOffAfterADay of silence, and on again by a person.
func TestSwitchedOffAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(string) (int, error) { return 0, errors.New("no route") }}
		h := newHouse(t, &memory{}, w, "https://crm.example", nil)
		defer h.run(t)()
		for range mostWaiting + 20 {
			h.note(call.StepSaid)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if v := h.Views()[0]; v.Waiting != mostWaiting {
			t.Errorf("%d wait, want %d at most", v.Waiting, mostWaiting)
		}
		time.Sleep(26 * time.Hour)
		synctest.Wait()
		if v := h.Views()[0]; !v.Off || v.Waiting != 0 || len(v.Told) != mostTold {
			t.Errorf("after a day %t, %d wait, %d in the book", v.Off, v.Waiting, len(v.Told))
		}
		if list := h.board.List(); len(list) != 1 || list[0].ID != "webhook-off" || list[0].Detail != "crm" {
			t.Errorf("the board says %v", list)
		}
		asked := len(w.asked)
		h.note(call.StepEnded)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(w.asked) != asked {
			t.Error("it is still told")
		}
		w.mu.Lock()
		w.answer = answering(200)
		w.mu.Unlock()
		if err := h.On("crm"); err != nil {
			t.Fatal(err)
		}
		h.note(call.StepArrived)
		synctest.Wait()
		if v := h.Views()[0]; v.Off || !v.Told[0].Taken || len(h.board.List()) != 0 {
			t.Errorf("switched on again: %+v, %v", v.Told[0], h.board.List())
		}
	})
}

func TestTheLinksOwnAddressIsNobodys(t *testing.T) {
	h := newHouse(t, &memory{}, nil, "http://169.254.169.254/latest", nil)
	if err := h.Test(t.Context(), "crm"); err == nil || !strings.Contains(err.Error(), "no address of a webhook") {
		t.Errorf("the link's own address: %v", err)
	}
}

// TestStrangerVerifiesTheSignature: a receiver in another language, which fails at first.
func TestStrangerVerifiesTheSignature(t *testing.T) {
	need.Program(t, need.Python)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	receiver := exec.CommandContext(ctx, need.Python, "testdata/receiver.py", "0123456789abcdef")
	out, err := receiver.StdoutPipe()
	if err == nil {
		err = receiver.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("no receiver")
	}
	h := newHouse(t, &memory{}, nil, "http://127.0.0.1:"+lines.Text()+"/pasokh", nil)
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	h.note(call.StepArrived)
	if !lines.Scan() {
		t.Fatal("nothing came")
	}
	var got struct {
		Good bool
		Told Told
	}
	if err := json.Unmarshal(lines.Bytes(), &got); err != nil || !got.Good || got.Told.Event.Step.Type != call.StepArrived {
		t.Errorf("came %s, %v", lines.Text(), err)
	}
	if err := h.Test(ctx, "crm"); err != nil {
		t.Errorf("a test: %v", err)
	}
	cancel()
	<-done
	_ = receiver.Wait() // it was killed
}
