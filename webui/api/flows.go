package api

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
)

// Flows are the drafts of voice menus; *config.Drafts is one. Its methods may wait for
// the disk.
type Flows interface {
	List() (map[string]config.Draft, error)
	Get(number string) (config.Draft, error)
	Save(text, author string) (config.Draft, error)
	Discard(number string) error
	Publish(number, author string) (revision int, err error)
	FlowHistory(number string) ([]config.Revision, error)
	RollBack(number string, to int, author string) (revision int, err error)
}

// FlowView is a voice menu in the answer of GET /api/flows.
type FlowView struct {
	Number  string    `json:"number"`
	Name    string    `json:"name"`
	Steps   int       `json:"steps"` // in force; 0 for one that is only a draft
	Drafted time.Time `json:"drafted,omitzero"`
	Author  string    `json:"author,omitempty"` // of the draft
}

// FlowDetail is the answer of GET /api/flows/{number}.
type FlowDetail struct {
	YAML    string            `json:"yaml"`            // in force, or empty
	Draft   string            `json:"draft,omitempty"` // its YAML
	Wrong   []config.Problem  `json:"wrong"`           // with the draft, or else with what is in force
	Advice  []config.Problem  `json:"advice"`
	History []config.Revision `json:"history"` // in which it changed, newest first
}

// FlowDraft is the body of PUT /api/flows/{number}/draft.
type FlowDraft struct {
	YAML string `json:"yaml"`
}

// RollBack is the body of POST /api/flows/{number}/rollback.
type RollBack struct {
	Revision int `json:"revision"`
}

func (r *Rooms) flowRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/flows", Right: identity.Settings, Handle: r.getFlows,
			About: "The voice menus, and the drafts of them.", Gives: []FlowView{}},
		{Pattern: "GET /api/flows/{number}", Right: identity.Settings, Handle: r.getFlow,
			About: "A voice menu with its draft and its history.", Gives: FlowDetail{}},
		{Pattern: "PUT /api/flows/{number}/draft", Right: identity.Settings, Handle: r.draftFlow,
			About: "Keeps a draft of a voice menu.", Takes: FlowDraft{}, Gives: FlowDetail{}},
		{Pattern: "DELETE /api/flows/{number}/draft", Right: identity.Settings, Handle: r.discardFlow,
			About: "Throws a draft away.", Gives: Done{}},
		{Pattern: "POST /api/flows/{number}/publish", Right: identity.Settings, Handle: r.publishFlow,
			About: "Puts a draft in force.", Gives: FlowDetail{}},
		{Pattern: "POST /api/flows/{number}/rollback", Right: identity.Settings, Handle: r.rollBackFlow,
			About: "Puts a voice menu in force again as it was in a revision.", Takes: RollBack{}, Gives: FlowDetail{}},
	}
}

func (r *Rooms) getFlows(w http.ResponseWriter, _ *http.Request) error {
	drafts, err := r.Flows.List()
	if err != nil {
		return err
	}
	views := []FlowView{}
	for _, f := range r.Config().Flows {
		d := drafts[f.Number]
		views = append(views, FlowView{Number: f.Number, Name: f.Name, Steps: len(f.Steps), Drafted: d.At, Author: d.Author})
		delete(drafts, f.Number)
	}
	for _, number := range slices.Sorted(maps.Keys(drafts)) {
		d := drafts[number]
		views = append(views, FlowView{Number: number, Name: d.Flow.Name, Drafted: d.At, Author: d.Author})
	}
	slices.SortFunc(views, func(a, b FlowView) int { return cmp.Compare(a.Number, b.Number) })
	return Send(w, views)
}

func (r *Rooms) getFlow(w http.ResponseWriter, req *http.Request) error {
	detail, err := r.flow(req.PathValue("number"))
	if err != nil {
		return err
	}
	return Send(w, detail)
}

func (r *Rooms) flow(number string) (FlowDetail, error) {
	cfg := r.Config()
	var detail FlowDetail
	f, ok := cfg.Flow(number)
	if ok {
		text, err := f.YAML()
		if err != nil {
			return detail, err
		}
		detail.YAML = text
	}
	switch draft, err := r.Flows.Get(number); {
	case err == nil:
		f, detail.Draft = &draft.Flow, draft.YAML
	case !errors.Is(err, config.ErrNoFlow):
		return detail, err
	case !ok:
		return detail, ErrNoFlow
	}
	wrong, advice := cfg.Check(f)
	history, err := r.Flows.FlowHistory(number)
	detail.Wrong, detail.Advice, detail.History = list(wrong), list(advice), list(history)
	return detail, err
}

// draftFlow keeps a draft, which need not make sense yet. What is wrong with it is in
// the answer.
func (r *Rooms) draftFlow(w http.ResponseWriter, req *http.Request) error {
	var ask FlowDraft
	if err := Decode(req, &ask); err != nil {
		return err
	}
	f, err := config.ParseFlow([]byte(ask.YAML))
	if err == nil && f.Number != req.PathValue("number") {
		return ErrValue.Of("number")
	}
	if err == nil {
		_, err = r.Flows.Save(ask.YAML, User(req.Context()))
	}
	if err != nil {
		return refused(err)
	}
	return r.getFlow(w, req)
}

func (r *Rooms) discardFlow(w http.ResponseWriter, req *http.Request) error {
	if err := r.Flows.Discard(req.PathValue("number")); err != nil {
		return err
	}
	return Send(w, Done{true})
}

func (r *Rooms) publishFlow(w http.ResponseWriter, req *http.Request) error {
	if _, err := r.Flows.Publish(req.PathValue("number"), User(req.Context())); err != nil {
		return refused(err)
	}
	return r.getFlow(w, req)
}

func (r *Rooms) rollBackFlow(w http.ResponseWriter, req *http.Request) error {
	var ask RollBack
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if _, err := r.Flows.RollBack(req.PathValue("number"), ask.Revision, User(req.Context())); err != nil {
		return refused(err)
	}
	return r.getFlow(w, req)
}

// refused is an error of a configuration as a refusal, if it is one.
func refused(err error) error {
	var wrong config.Problems
	switch {
	case errors.As(err, &wrong) && len(wrong) > 0:
		e := ErrValue.Of(wrong[0].Path)
		e.en, e.fa = wrong[0].Text(config.English), wrong[0].Text(config.Persian)
		return e
	case errors.Is(err, config.ErrConflict):
		return ErrChanged
	case errors.Is(err, config.ErrNoFlow), errors.Is(err, config.ErrNoRevision):
		return ErrNoFlow
	}
	return err
}
