package api

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/trial"
)

// Tried is the answer of GET /api/try: what would become of a call.
type Tried struct {
	At    time.Time   `json:"at"`
	Lines []string    `json:"lines"` // the story
	Steps []call.Step `json:"steps"`
	Cut   bool        `json:"cut"` // it took too long
}

func (r *Rooms) tryRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/try", Right: identity.Settings, Handle: r.try,
			About: "What would become of a call, without calling.", Query: trying, Gives: Tried{}},
		{Pattern: "GET /api/try/sound.wav", Right: identity.Settings, Handle: r.trySound,
			About: "What the caller of such a trial would hear.", Query: slices.Concat([]Param{saved}, trying), Gives: wavFile},
	}
}

// tried is the trial that a request asks for: from, to, at, keys, phones (1002=4s,
// 1003=busy), on and day (switches), patience, found (JSON) and draft.
func (r *Rooms) tried(req *http.Request) (trial.Question, trial.Answer, error) {
	v := req.URL.Query()
	several := func(name string) []string { return strings.Fields(strings.ReplaceAll(v.Get(name), ",", " ")) }
	q := trial.Question{From: v.Get("from"), To: v.Get("to"), Keys: v.Get("keys"), Found: v.Get("found"), Phones: make(map[string]string),
		On: several("on"), Day: several("day")}
	var err error
	if q.At, err = trial.When(v.Get("at"), r.Clock.Now().In(r.zone())); err != nil {
		return q, trial.Answer{}, ErrWhen
	}
	if p := v.Get("patience"); p != "" {
		if q.Patience, err = time.ParseDuration(p); err != nil || q.Patience < 0 {
			return q, trial.Answer{}, ErrValue.Of("patience")
		}
	}
	for _, p := range several("phones") {
		number, does, ok := strings.Cut(p, "=")
		if !ok {
			return q, trial.Answer{}, ErrDoes
		}
		q.Phones[number] = does
	}
	a, err := r.Try(q, v.Get("draft") != "")
	switch {
	case errors.Is(err, trial.ErrNumber):
		return q, a, ErrNoNumber
	case errors.Is(err, trial.ErrPhone):
		return q, a, ErrDoes
	case errors.Is(err, trial.ErrSwitch):
		return q, a, ErrTrySwitch
	}
	return q, a, refused(err)
}

// zone is where the box is.
func (r *Rooms) zone() *time.Location {
	zone, err := time.LoadLocation(r.Config().System.TimeZone)
	if err != nil {
		return time.UTC // validation lets no other be
	}
	return zone
}

func (r *Rooms) try(w http.ResponseWriter, req *http.Request) error {
	q, a, err := r.tried(req)
	if err != nil {
		return err
	}
	return Send(w, Tried{At: q.At, Steps: list(a.Steps), Cut: a.Cut, Lines: list(r.Explain(a.Steps, string(Lang(req)), names(r.Config())))})
}

// trySound makes the same trial again: it has the same sound.
func (r *Rooms) trySound(w http.ResponseWriter, req *http.Request) error {
	_, a, err := r.tried(req)
	if err != nil {
		return err
	}
	return sendWAV(w, req, "try", bytes.NewReader(wav(a.Sound)))
}
