package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/config/describe"
	"github.com/pasokh/pasokh/firmware/identity"
)

// Changes are the configuration with its history, as config.Revisions has them.
type Changes interface {
	Current() (*config.Config, int)
	Propose(cfg *config.Config, base int, author, note string) (int, error)
	Try(cfg *config.Config, base int, author, note string, within time.Duration) (int, error)
	OnTrial() (config.Trial, bool)
	Confirm(revision int) error
	TakeBack(revision int, author string) error
	History(limit int) ([]config.Revision, error)
	At(revision int) (*config.Config, config.Revision, error)
}

// Description is the answer of GET /api/describe: every kind of thing that the page edits.
type Description struct {
	Kinds []describe.Kind `json:"kinds"`
}

// Names is the answer of GET /api/names: what fields can name, by describe.Field.Refers.
type Names struct {
	Names map[string][]describe.Named `json:"names"`
}

// Things is the answer of GET /api/things/{kind}.
type Things struct {
	Revision int     `json:"revision"` // for If-Match
	Things   []Thing `json:"things"`
}

// Thing is one thing as it is set.
type Thing struct {
	ID string `json:"id"`
	// Value is the whole thing, by the names and in the words of the file, secrets masked.
	// It is also the body of POST and PUT; what that leaves out is as the file would have it,
	// and a secret that is masked stays as it was.
	Value json.RawMessage `json:"value"`
}

// ThingView is the answer of GET /api/things/{kind}/{id}, and of what changes one.
type ThingView struct {
	Revision int                  `json:"revision"`
	Thing    Thing                `json:"thing"`
	Uses     []describe.Reference `json:"uses"` // what names it; it can be deleted only while nothing does
	// Trial is the change on trial, if there is one: a change of what is risky is taken
	// back unless it is confirmed.
	Trial *config.Trial `json:"trial,omitempty"`
}

// Wrong is the answer to a thing that cannot be: every field that is wrong.
type Wrong struct {
	Error  ProblemDetail `json:"error"`
	Fields []FieldWrong  `json:"fields"`
}

// FieldWrong is what is wrong with a field; an empty path is of another thing.
type FieldWrong struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Overtaken is the answer to a change of what somebody else has changed meanwhile (412):
// what he changed, and how it is now.
type Overtaken struct {
	Error    ProblemDetail     `json:"error"`
	Revision int               `json:"revision"`
	Changes  []describe.Change `json:"changes"`
	Thing    *Thing            `json:"thing,omitempty"` // nil: it was deleted
}

// trialTime is how long a change of what is risky waits to be confirmed.
const trialTime = 90 * time.Second

func (r *Rooms) thingRoutes() []Route {
	t := things{r, describe.New()}
	return []Route{
		{Pattern: "GET /api/describe", Right: identity.Plant, Handle: t.describe,
			About: "Every kind of thing that can be configured: its fields with help, units and limits.", Gives: Description{}},
		{Pattern: "GET /api/names", Right: identity.Plant, Handle: t.names,
			About: "What fields of the configuration can name.", Gives: Names{}},
		{Pattern: "GET /api/things/{kind}", Right: identity.Plant, Handle: t.list,
			About: "All things of a kind.", Gives: Things{}},
		{Pattern: "GET /api/things/{kind}/{id}", Right: identity.Plant, Handle: t.get,
			About: "A thing, and what names it.", Gives: ThingView{}},
		{Pattern: "POST /api/things/{kind}", Right: identity.Plant, Handle: t.put,
			About: "Makes a thing. The body is it, by the names of GET /api/describe.", Query: []Param{ifMatch}, Takes: map[string]any{}, Gives: ThingView{}, Refuses: late},
		{Pattern: "PUT /api/things/{kind}/{id}", Right: identity.Plant, Handle: t.put,
			About: "Changes a thing. The body is the whole of it.", Query: []Param{ifMatch}, Takes: map[string]any{}, Gives: ThingView{}, Refuses: late},
		{Pattern: "DELETE /api/things/{kind}/{id}", Right: identity.Plant, Handle: t.delete,
			About: "Deletes a thing that nothing names.", Query: []Param{ifMatch}, Gives: Done{}, Refuses: late},
	}
}

// things answers about the things of the configuration.
type things struct {
	*Rooms
	book *describe.Book
}

func (t things) describe(w http.ResponseWriter, _ *http.Request) error {
	return Send(w, Description{t.book.Kinds()})
}

func (t things) names(w http.ResponseWriter, _ *http.Request) error {
	return Send(w, Names{describe.Names(t.Config())})
}

func (t things) kind(req *http.Request) (*describe.Kind, error) {
	k, ok := t.book.Kind(req.PathValue("kind"))
	if !ok {
		return nil, ErrNotFound
	}
	if !Viewer(req.Context()).May(identity.Settings) && !slices.Contains(plant, k.ID) {
		return nil, ErrForbidden
	}
	return k, nil
}

// plant are the kinds of things of who installs the box; the others need the right Settings.
var plant = []string{"lines", "trunks", "sip", "media"}

func (t things) list(w http.ResponseWriter, req *http.Request) error {
	k, err := t.kind(req)
	if err != nil {
		return err
	}
	c, rev := t.Changes.Current()
	all, err := k.Things(c)
	if err != nil {
		return err
	}
	answer := Things{rev, []Thing{}}
	for _, one := range all {
		thing, err := plainThing(one)
		if err != nil {
			return err
		}
		answer.Things = append(answer.Things, thing)
	}
	return Send(w, answer)
}

func plainThing(t describe.Thing) (Thing, error) {
	value, err := json.Marshal(t.Value)
	if err != nil {
		return Thing{}, fmt.Errorf("write %s: %w", t.ID, err)
	}
	return Thing{t.ID, value}, nil
}

func (t things) get(w http.ResponseWriter, req *http.Request) error {
	k, err := t.kind(req)
	if err != nil {
		return err
	}
	return t.view(w, k, req.PathValue("id"))
}

func (t things) view(w http.ResponseWriter, k *describe.Kind, id string) error {
	c, rev := t.Changes.Current()
	one, ok := k.Thing(c, id)
	if !ok {
		return ErrNotFound
	}
	thing, err := plainThing(one)
	if err != nil {
		return err
	}
	view := ThingView{Revision: rev, Thing: thing, Uses: t.book.Uses(c, k, id)}
	if trial, ok := t.Changes.OnTrial(); ok {
		view.Trial = &trial
	}
	return Send(w, view)
}

// put makes a thing (POST) or changes one (PUT).
func (t things) put(w http.ResponseWriter, req *http.Request) error {
	k, err := t.kind(req)
	if err != nil {
		return err
	}
	var plain map[string]any
	if err := Decode(req, &plain); err != nil {
		return err
	}
	id := req.PathValue("id")
	to := k.ID
	if !k.Single {
		to, _ = plain[k.Key].(string)
	} else if id == "" {
		return ErrNotFound // there is one already
	}
	note := strings.TrimSpace(k.Name.EN + " " + to)
	return t.change(w, req, k, id, note, func(c *config.Config) (string, error) {
		if id != "" {
			if _, ok := k.Thing(c, id); !ok {
				return "", ErrNotFound
			}
		}
		return k.Put(c, id, plain)
	}, func() error { return t.view(w, k, to) })
}

// delete deletes a thing that nothing names.
func (t things) delete(w http.ResponseWriter, req *http.Request) error {
	k, err := t.kind(req)
	if err != nil {
		return err
	}
	id := req.PathValue("id")
	if c, _ := t.Changes.Current(); len(t.book.Uses(c, k, id)) > 0 {
		return ErrUsed
	}
	return t.change(w, req, k, id, k.Name.EN+" "+id+" deleted", func(c *config.Config) (string, error) {
		if !k.Delete(c, id) {
			return "", ErrNotFound
		}
		return "", nil
	}, func() error { return Send(w, Done{}) })
}

// change makes an edit of the revision that If-Match names the next one, and has done
// answer. What others have changed elsewhere meanwhile does no harm; what they have changed
// of the same thing is ErrOvertaken, told with what it is.
func (t things) change(w http.ResponseWriter, req *http.Request, k *describe.Kind, id, note string, edit func(*config.Config) (under string, err error), done func() error) error {
	base, err := strconv.Atoi(strings.Trim(req.Header.Get("If-Match"), `"`))
	if err != nil {
		return ErrValue.Of("If-Match")
	}
	for {
		now, rev := t.Changes.Current()
		if base != rev && id != "" {
			old, _, err := t.Changes.At(base)
			if err != nil || t.differ(k, id, old, now) {
				return t.overtaken(w, req, k, id, old, now, rev)
			}
		}
		fresh := *now
		under, err := edit(&fresh)
		if err == nil {
			user := User(req.Context())
			if k.Risky {
				_, err = t.Changes.Try(&fresh, rev, user, note, trialTime)
			} else {
				_, err = t.Changes.Propose(&fresh, rev, user, note)
			}
		}
		var wrong config.Problems
		switch {
		case errors.Is(err, config.ErrConflict):
			continue // somebody was faster: look again
		case errors.Is(err, config.ErrOnTrial):
			return ErrOnTrial
		case errors.As(err, &wrong):
			return t.wrong(w, req, &fresh, under, wrong)
		case err != nil:
			return err
		}
		return done()
	}
}

func (t things) differ(k *describe.Kind, id string, a, b *config.Config) bool {
	old, had := k.Thing(a, id)
	now, has := k.Thing(b, id)
	return had != has || !reflect.DeepEqual(old, now)
}

func (t things) overtaken(w http.ResponseWriter, req *http.Request, k *describe.Kind, id string, old, now *config.Config, rev int) error {
	answer := Overtaken{Error: ProblemDetail{Code: ErrOvertaken.Code, Message: ErrOvertaken.Text(Lang(req))}, Revision: rev, Changes: []describe.Change{}}
	if one, ok := k.Thing(now, id); ok {
		thing, err := plainThing(one)
		if err != nil {
			return err
		}
		answer.Thing = &thing
	}
	if old != nil {
		all, err := t.book.Diff(old, now)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Kind == k.ID && (c.ID == id || k.Single) {
				answer.Changes = append(answer.Changes, c)
			}
		}
	}
	return send(w, ErrOvertaken.Status, answer)
}

// wrong tells every field that is wrong. What is wrong with other things, because of
// this one, is told with their names.
func (t things) wrong(w http.ResponseWriter, req *http.Request, c *config.Config, under string, problems config.Problems) error {
	lang := Lang(req)
	answer := Wrong{Error: ProblemDetail{Code: ErrValue.Code, Message: problems[0].Text(lang)}}
	for _, p := range problems {
		path, own := strings.CutPrefix(p.Path, under)
		if own {
			if len(answer.Fields) == 0 {
				answer.Error.Field = path
			}
			answer.Fields = append(answer.Fields, FieldWrong{path, p.Text(lang)})
			continue
		}
		u := t.book.Where(c, p.Path)
		name := u.Kind
		if k, ok := t.book.Kind(u.Kind); ok {
			name = map[config.Language]string{config.English: k.Name.EN, config.Persian: k.Name.FA}[lang]
		}
		answer.Fields = append(answer.Fields, FieldWrong{"", strings.TrimSpace(name+" "+u.ID) + ": " + p.Text(lang)})
	}
	return send(w, ErrValue.Status, answer)
}
