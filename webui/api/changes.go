package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/config/describe"
	"github.com/pasokh/pasokh/firmware/identity"
)

// History is the answer of GET /api/revisions.
type History struct {
	Revisions []config.Revision `json:"revisions"` // newest first
	Trial     *config.Trial     `json:"trial,omitempty"`
}

// Difference is the answer of GET /api/revisions/{number}/changes, and of
// POST /api/configuration/check.
type Difference struct {
	Changes []describe.Change `json:"changes"`
	// Wrong is why a configuration that was checked cannot be put in force.
	Wrong []FieldWrong `json:"wrong"`
}

// Confirm is the body of POST /api/trial.
type Confirm struct {
	Revision int  `json:"revision"` // on trial
	Keep     bool `json:"keep"`     // false: back to what was before
}

// File is a configuration as text: the answer of GET /api/configuration, where secrets are
// masked, and the body of POST /api/configuration and POST /api/configuration/check, where
// masked secrets mean those in force.
type File struct {
	Revision int    `json:"revision"`
	YAML     string `json:"yaml"`
}

// maxFile is how many bytes a File may have: a configuration of a mebibyte (package
// config), and what JSON adds to it.
const maxFile = 2 << 20

func (r *Rooms) changeRoutes() []Route {
	t := things{r, describe.New()}
	return []Route{
		{Pattern: "GET /api/revisions", Right: identity.Settings, Handle: t.history,
			About: "The history of the configuration, newest first.", Gives: History{}},
		{Pattern: "GET /api/revisions/{number}/changes", Right: identity.Settings, Handle: t.difference,
			About: "What a revision changed.", Query: []Param{whole("from", 0, 1<<31-1, "Against this revision; the one before when it is not said.")}, Gives: Difference{}},
		{Pattern: "POST /api/revisions/{number}/restore", Right: identity.Settings, Handle: t.restore,
			About: "Puts the configuration of a revision in force again.", Gives: History{}},
		{Pattern: "GET /api/trial", Right: identity.Plant, Handle: t.trial,
			About: "The change that is on trial, if there is one.", Gives: History{}},
		{Pattern: "POST /api/trial", Right: identity.Plant, Handle: t.confirm,
			About: "Keeps the change that is on trial, or takes it back.", Takes: Confirm{}, Gives: History{}},
		{Pattern: "GET /api/configuration", Right: identity.Settings, Handle: t.export,
			About: "The configuration as text, secrets masked.", Gives: File{}},
		{Pattern: "POST /api/configuration", Right: identity.Settings, Most: maxFile, Handle: t.importFile,
			About: "Puts a configuration in force, on trial.", Takes: File{}, Gives: History{}},
		{Pattern: "POST /api/configuration/check", Right: identity.Settings, Most: maxFile, Handle: t.checkFile,
			About: "What a configuration would change, and what is wrong with it.", Takes: File{}, Gives: Difference{}},
	}
}

// historyLength is how many revisions a page shows.
const historyLength = 100

func (t things) history(w http.ResponseWriter, _ *http.Request) error {
	all, err := t.Changes.History(historyLength)
	if err != nil {
		return err
	}
	h := History{Revisions: list(all)}
	if trial, ok := t.Changes.OnTrial(); ok {
		h.Trial = &trial
	}
	return Send(w, h)
}

// revision is the tree of the number in a path or a parameter.
func (t things) revision(text string) (*config.Config, int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return nil, 0, ErrNotFound
	}
	if n == 0 {
		return config.Default(), 0, nil // before the first
	}
	c, _, err := t.Changes.At(n)
	if errors.Is(err, config.ErrNoRevision) {
		return nil, 0, ErrNotFound
	}
	return c, n, err
}

// difference is what a revision changed, against the one before or ?from.
func (t things) difference(w http.ResponseWriter, req *http.Request) error {
	after, n, err := t.revision(req.PathValue("number"))
	if err != nil {
		return err
	}
	from := req.URL.Query().Get("from")
	if from == "" {
		from = strconv.Itoa(n - 1)
	}
	before, _, err := t.revision(from)
	if err != nil {
		return err
	}
	changes, err := t.book.Diff(before, after)
	if err != nil {
		return err
	}
	return Send(w, Difference{changes, []FieldWrong{}})
}

// restore puts the configuration of a revision in force again, as a new one.
func (t things) restore(w http.ResponseWriter, req *http.Request) error {
	old, n, err := t.revision(req.PathValue("number"))
	if err != nil {
		return err
	}
	_, base := t.Changes.Current()
	_, err = t.Changes.Propose(old, base, User(req.Context()), fmt.Sprintf("as in revision %d", n))
	if err != nil {
		return proposed(err)
	}
	return t.history(w, req)
}

// proposed is the refusal of a change.
func proposed(err error) error {
	if errors.Is(err, config.ErrOnTrial) {
		return ErrOnTrial
	}
	return refused(err)
}

func (t things) trial(w http.ResponseWriter, _ *http.Request) error {
	h := History{Revisions: []config.Revision{}}
	if trial, ok := t.Changes.OnTrial(); ok {
		h.Trial = &trial
	}
	return Send(w, h)
}

func (t things) confirm(w http.ResponseWriter, req *http.Request) error {
	var c Confirm
	if err := Decode(req, &c); err != nil {
		return err
	}
	var err error
	if c.Keep {
		err = t.Changes.Confirm(c.Revision)
	} else {
		err = t.Changes.TakeBack(c.Revision, User(req.Context()))
	}
	if errors.Is(err, config.ErrNoRevision) {
		return ErrNoTrial
	}
	if err != nil {
		return proposed(err)
	}
	return t.trial(w, req)
}

func (t things) export(w http.ResponseWriter, _ *http.Request) error {
	c, rev := t.Changes.Current()
	text, err := Masked(c).YAML()
	if err != nil {
		return err
	}
	return Send(w, File{rev, string(text)})
}

// read reads a configuration that somebody sends, with the secrets in force in the place
// of masks.
func (t things) read(req *http.Request) (now, fresh *config.Config, f File, err error) {
	if err = Decode(req, &f); err != nil {
		return nil, nil, f, err
	}
	now, _ = t.Changes.Current()
	fresh, err = config.ParseMasked("configuration", []byte(f.YAML), now)
	return now, fresh, f, err
}

func (t things) checkFile(w http.ResponseWriter, req *http.Request) error {
	now, fresh, _, err := t.read(req)
	var wrong config.Problems
	if errors.As(err, &wrong) {
		answer := Difference{Changes: []describe.Change{}}
		for _, p := range wrong {
			answer.Wrong = append(answer.Wrong, FieldWrong{fmt.Sprintf("%d: %s", p.Line, p.Path), p.Text(Lang(req))})
		}
		return Send(w, answer)
	}
	if err != nil {
		return err
	}
	changes, err := t.book.Diff(now, fresh)
	if err != nil {
		return err
	}
	return Send(w, Difference{changes, []FieldWrong{}})
}

// importFile puts a configuration in force, on trial: it may be of another box.
func (t things) importFile(w http.ResponseWriter, req *http.Request) error {
	_, fresh, f, err := t.read(req)
	if err != nil {
		return refused(err)
	}
	if _, err = t.Changes.Try(fresh, f.Revision, User(req.Context()), "imported on the page", trialTime); err != nil {
		return proposed(err)
	}
	return t.history(w, req)
}
