package api

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/config/describe"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/setup"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/exchange"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Setup is how a box is set up step by step.
type Setup struct {
	Room      *setup.Room
	Providers []setup.Provider
	// SIPPort and SIPSPort are where phones find the box, by UDP and TCP, and by TLS.
	SIPPort, SIPSPort int
	// Greet rings an extension and says something to who answers.
	Greet func(extension string, p call.Program) (call.ID, error)
}

// SetupView is the answer of GET /api/setup, and of what takes a step.
type SetupView struct {
	Open  bool        `json:"open"` // a new box, not set up yet
	At    string      `json:"at"`   // the step to go on with
	Steps []SetupStep `json:"steps"`

	Box        setup.Box        `json:"box"`
	Appliance  bool             `json:"appliance"` // its network is set here
	SIPPort    int              `json:"sip_port"`
	SIPSPort   int              `json:"sips_port"`
	Domain     string           `json:"domain"`
	Extensions []SetupPerson    `json:"extensions"`
	Lines      []SetupLine      `json:"lines"` // the sockets of analog lines
	Providers  []setup.Provider `json:"providers"`
	Trunk      string           `json:"trunk"` // the one that was made here, or empty
	Hours      config.Hours     `json:"hours"`
	Greetings  []SetupGreeting  `json:"greetings"` // to choose from, in the box's language
	To         setup.To         `json:"to"`
	Entry      string           `json:"entry"` // where callers from outside begin; empty: not made
}

// SetupStep is a step and how it stands: done, skipped, or empty.
type SetupStep struct {
	ID       string         `json:"id"`
	Standing setup.Standing `json:"standing,omitempty"`
}

// SetupPerson is an extension as it is.
type SetupPerson struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// SetupLine is a socket, and whether a line of the configuration is in it.
type SetupLine struct {
	Port  string `json:"port"`
	State string `json:"state"` // as of line.Status
	Set   bool   `json:"set"`
}

// SetupGreeting is something that callers can hear first.
type SetupGreeting struct {
	Prompts []string `json:"prompts"`
	Text    string   `json:"text"`
	Chosen  bool     `json:"chosen"`
	// Number finds its first prompt at a phone, after the code of the features for prompts.
	Number string `json:"number"`
	Unit   string `json:"unit"` // its first prompt, for POST /api/sounds
}

// SetupPeople is the body of POST /api/setup/people: a count from a first number on, or a
// table of numbers and names.
type SetupPeople struct {
	First string `json:"first,omitempty"`
	Count int    `json:"count,omitempty"` // 1 to 500
	CSV   string `json:"csv,omitempty"`
}

// SetupMade is the answer of POST /api/setup/people. Passwords are told this once.
type SetupMade struct {
	View SetupView   `json:"view"`
	Made []SetupCard `json:"made"`
}

// SetupCard is what a phone must be told.
type SetupCard struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	Secret string `json:"secret"`
}

// SetupMove is the body of POST /api/setup: one of its fields.
type SetupMove struct {
	Skip string `json:"skip,omitempty"` // a step
	Done string `json:"done,omitempty"` // the network, or the call
	At   string `json:"at,omitempty"`   // goes to a step, taken or not
	End  bool   `json:"end,omitempty"`
}

func (r *Rooms) setupRoutes() []Route {
	if r.Setup.Room == nil {
		return nil
	}
	s := setupDesk{r, describe.New()}
	return []Route{
		{Pattern: "GET /api/setup", Right: identity.Settings, Handle: s.get,
			About: "How far a new box is set up.", Gives: SetupView{}},
		{Pattern: "POST /api/setup", Right: identity.Settings, Handle: s.move,
			About: "Goes to a step of the set-up, or says that one is done.", Takes: SetupMove{}, Gives: SetupView{}},
		{Pattern: "POST /api/setup/people", Right: identity.Settings, Handle: s.people,
			About: "Makes extensions: a count of them, or a table.", Takes: SetupPeople{}, Gives: SetupMade{}, Refuses: wrong},
		{Pattern: "POST /api/setup/box", Right: identity.Settings, Handle: take[setup.Box](s, setup.StepBox),
			About: "Names the box, its language, country and time zone.", Takes: setup.Box{}, Gives: SetupView{}, Refuses: wrong},
		{Pattern: "POST /api/setup/way", Right: identity.Settings, Handle: s.way,
			About: "Makes the first way outside.", Takes: setup.Way{}, Gives: SetupView{}, Refuses: wrong},
		{Pattern: "POST /api/setup/hours", Right: identity.Settings, Handle: take[setup.Hours](s, setup.StepHours),
			About: "Sets the opening hours.", Takes: setup.Hours{}, Gives: SetupView{}, Refuses: wrong},
		{Pattern: "POST /api/setup/greeting", Right: identity.Settings, Handle: take[setup.Greeting](s, setup.StepGreeting),
			About: "Chooses what callers hear first.", Takes: setup.Greeting{}, Gives: SetupView{}, Refuses: wrong},
		{Pattern: "POST /api/setup/to", Right: identity.Settings, Handle: take[setup.To](s, setup.StepTo),
			About: "Says where calls from outside go.", Takes: setup.To{}, Gives: SetupView{}, Refuses: wrong},
		{Pattern: "GET /api/setup/greeting.wav", Right: identity.Settings, Handle: s.hearGreeting,
			About: "A greeting, as sound.", Query: []Param{saved, text("prompts", "What it is made of, with commas between; the chosen one when it is not said.")}, Gives: wavFile},
		{Pattern: "POST /api/setup/call", Right: identity.Settings, Handle: s.call,
			About: "Rings an extension and plays the greeting to it.", Takes: SetupCall{}, Gives: SetupCalled{}},
		{Pattern: "GET /api/setup/call/{id}", Right: identity.Settings, Handle: s.called,
			About: "How the test call is going.", Gives: SetupCalled{}},
	}
}

// setupDesk answers about the set-up.
type setupDesk struct {
	*Rooms
	book *describe.Book
}

func (d setupDesk) get(w http.ResponseWriter, req *http.Request) error {
	return Send(w, d.view())
}

func (d setupDesk) view() SetupView {
	c, s := d.Config(), d.Setup.Room.State()
	v := SetupView{Open: s.Open(), At: s.At, Steps: []SetupStep{}, Extensions: []SetupPerson{}, Lines: []SetupLine{},
		Box:       setup.Box{Name: c.System.Name, Language: c.System.Language, TimeZone: c.System.TimeZone, Country: c.System.Country},
		Appliance: d.Chief != nil, SIPPort: d.Setup.SIPPort, SIPSPort: d.Setup.SIPSPort, Domain: c.SIP.Domain,
		Providers: list(d.Setup.Providers), Greetings: d.greetings(&s), To: setup.To{Kind: s.To, Keys: s.Keys}, Entry: s.Entry}
	for _, id := range setup.Steps() {
		v.Steps = append(v.Steps, SetupStep{id, s.Stood[id]})
	}
	for _, e := range c.Extensions {
		v.Extensions = append(v.Extensions, SetupPerson{e.Number, e.Name})
	}
	for _, l := range d.Lines() {
		if l.Kind == "fxo" {
			_, set := c.Line(l.Port)
			v.Lines = append(v.Lines, SetupLine{l.Port, l.State, set})
		}
	}
	if _, ok := c.Trunk(s.Trunk); ok {
		v.Trunk = s.Trunk
	}
	if h, ok := c.Schedule(s.Hours); ok {
		v.Hours = *h
	}
	return v
}

// greetings are what can be said first, in the box's language.
func (d setupDesk) greetings(s *setup.State) []SetupGreeting {
	chosen := s.Greeting
	if len(chosen) == 0 {
		chosen = []string{"welcome"}
	}
	known := make(map[string]Prompt)
	for _, p := range d.Prompts() {
		known[p.Unit] = p
	}
	answer := []SetupGreeting{}
	for _, prompts := range [][]string{{"welcome"}, {"welcome", "menu-main"}, {"welcome", "recorded"}} {
		g := SetupGreeting{Prompts: prompts, Chosen: slices.Equal(prompts, chosen)}
		var text []string
		for i, name := range prompts {
			p := known[string(d.Config().System.Language)+"/"+name]
			if text = append(text, p.Text); i == 0 {
				g.Number, g.Unit = p.Number, p.Unit
			}
		}
		g.Text = strings.Join(text, " ")
		answer = append(answer, g)
	}
	return answer
}

// move goes to a step, or says that one is done or left out.
func (d setupDesk) move(w http.ResponseWriter, req *http.Request) error {
	var m SetupMove
	if err := Decode(req, &m); err != nil {
		return err
	}
	err := d.Setup.Room.Change(func(s *setup.State) error {
		for _, step := range []string{m.Skip, m.Done, m.At} {
			if step != "" && !slices.Contains(setup.Steps(), step) {
				return ErrNotFound
			}
		}
		switch {
		case m.Skip != "":
			s.Stand(m.Skip, setup.Skipped)
		case m.Done == setup.StepNetwork, m.Done == setup.StepCall:
			s.Stand(m.Done, setup.Done)
		case m.At != "":
			s.At = m.At
		case m.End:
			s.Ended = true
		default:
			return ErrValue
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.get(w, req)
}

// take reads the answer of a step and takes it.
func take[A setup.Answer](d setupDesk, step string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		var a A
		if err := Decode(req, &a); err != nil {
			return err
		}
		return d.takes(w, req, step, a, func() error { return d.get(w, req) })
	}
}

func (d setupDesk) way(w http.ResponseWriter, req *http.Request) error {
	a := setup.Way{Providers: d.Setup.Providers, Book: d.book}
	if err := Decode(req, &a); err != nil {
		return err
	}
	return d.takes(w, req, setup.StepWay, a, func() error { return d.get(w, req) })
}

func (d setupDesk) people(w http.ResponseWriter, req *http.Request) error {
	var ask SetupPeople
	if err := Decode(req, &ask); err != nil {
		return err
	}
	people := setup.Count(ask.First, ask.Count)
	if ask.CSV != "" {
		var err error
		var wrong config.Problems
		if people, err = setup.List(ask.CSV); errors.As(err, &wrong) {
			return d.wrong(w, req, nil, wrong)
		}
	}
	made := []SetupCard{}
	a := setup.People{List: people, Secret: func() config.Secret {
		secret := identity.RandomSecret(16)
		p := people[len(made)]
		made = append(made, SetupCard{p.Number, p.Name, secret.Reveal()}) // for who made it, once
		return secret
	}}
	return d.takes(w, req, setup.StepPeople, afresh{a, &made}, func() error { return Send(w, SetupMade{d.view(), made}) })
}

// afresh makes people whose cards begin anew when they are made again, over what somebody
// else has changed.
type afresh struct {
	setup.People
	made *[]SetupCard
}

// Apply makes them.
func (a afresh) Apply(c *config.Config, s *setup.State) ([]setup.Place, error) {
	*a.made = nil
	return a.People.Apply(c, s)
}

// takes puts an answer in force as one revision. A way outside that was there is changed
// on trial.
func (d setupDesk) takes(w http.ResponseWriter, req *http.Request, step string, a setup.Answer, done func() error) error {
	user, note := User(req.Context()), "set-up: "+step
	var places []setup.Place
	err := d.Setup.Room.Change(func(s *setup.State) error {
		for {
			now, rev := d.Changes.Current()
			fresh, next := *now, *s
			var err error
			if places, err = a.Apply(&fresh, &next); err != nil {
				return err
			}
			if risk, ok := a.(interface {
				Risky(*config.Config, *setup.State) bool
			}); ok && risk.Risky(now, s) {
				_, err = d.Changes.Try(&fresh, rev, user, note, trialTime)
			} else {
				_, err = d.Changes.Propose(&fresh, rev, user, note)
			}
			switch {
			case errors.Is(err, config.ErrConflict):
				continue // somebody was faster: look again
			case errors.Is(err, config.ErrOnTrial):
				return ErrOnTrial
			case err != nil:
				return err
			}
			next.Stand(step, setup.Done)
			*s = next
			return nil
		}
	})
	var wrong config.Problems
	switch {
	case errors.As(err, &wrong):
		return d.wrong(w, req, places, wrong)
	case err != nil:
		return err
	}
	return done()
}

// wrong tells what is wrong with an answer, at its fields.
func (d setupDesk) wrong(w http.ResponseWriter, req *http.Request, places []setup.Place, problems config.Problems) error {
	lang := Lang(req)
	answer := Wrong{Error: ProblemDetail{Code: ErrValue.Code, Message: problems[0].Text(lang)}, Fields: []FieldWrong{}}
	for _, p := range problems {
		f := FieldWrong{p.Path, p.Text(lang)}
		for _, at := range places {
			if rest, ok := strings.CutPrefix(p.Path, at.Under); ok {
				f.Path = at.Is + rest
				break
			}
		}
		answer.Fields = append(answer.Fields, f)
	}
	answer.Error.Field = answer.Fields[0].Path
	return send(w, ErrValue.Status, answer)
}

// greeting is what callers hear first, or would with ?prompts=, in the box's language.
func (d setupDesk) greeting(prompts []string) call.Program {
	if len(prompts) == 0 || prompts[0] == "" {
		prompts = []string{"welcome"}
	}
	var all []call.Program
	for _, p := range prompts {
		all = append(all, speech.Phrase(string(d.Config().System.Language), p))
	}
	return speech.Sentences(all...)
}

func (d setupDesk) hearGreeting(w http.ResponseWriter, req *http.Request) error {
	text := req.URL.Query().Get("prompts")
	if len(text) > maxSpoken {
		return ErrValue.Of("prompts")
	}
	return sendWAV(w, req, "greeting", bytes.NewReader(wav(d.Hear(d.greeting(strings.Split(text, ","))))))
}

// SetupCall is the body of POST /api/setup/call.
type SetupCall struct {
	Extension string `json:"extension"`
}

// SetupCalled is the answer of POST /api/setup/call and GET /api/setup/call/{id}: how a
// test call is going.
type SetupCalled struct {
	Call  call.ID `json:"call"`
	State string  `json:"state"` // calling, ringing, answered, heard or failed
	Why   string  `json:"why,omitempty"`
}

func (d setupDesk) call(w http.ResponseWriter, req *http.Request) error {
	var ask SetupCall
	if err := Decode(req, &ask); err != nil {
		return err
	}
	s := d.Setup.Room.State()
	id, err := d.Setup.Greet(ask.Extension, d.greeting(s.Greeting))
	switch {
	case errors.Is(err, exchange.ErrNoPhone):
		return ErrNoPhone.Of("extension")
	case errors.Is(err, exchange.ErrFull):
		return ErrBusy
	case err != nil:
		return err
	}
	return Send(w, SetupCalled{Call: id, State: "calling"})
}

func (d setupDesk) called(w http.ResponseWriter, req *http.Request) error {
	steps, err := d.story(req)
	if err != nil {
		return err
	}
	answer := SetupCalled{Call: call.ID(req.PathValue("id")), State: "calling"}
	for _, s := range steps {
		switch s.Type {
		case call.StepRinging:
			answer.State = "ringing"
		case call.StepAnswered:
			answer.State = "answered"
		case call.StepEnded:
			cause, _ := call.ParseCause(s.Cause)
			if answer.State == "answered" {
				answer.State = "heard"
			} else {
				answer.State, answer.Why = "failed", cause.Text(string(Lang(req)))
			}
		}
	}
	return Send(w, answer)
}
