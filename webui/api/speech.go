package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Spoken is the answer of GET /api/speech: what the box says for a value.
type Spoken struct {
	Units []SpokenUnit `json:"units"`
}

// SpokenUnit is a unit, or with none a pause.
type SpokenUnit struct {
	Unit    string `json:"unit,omitempty"`
	Text    string `json:"text,omitempty"`
	Pause   int64  `json:"pause,omitempty"` // ms
	Missing bool   `json:"missing"`         // it has no sound
}

func (r *Rooms) speechRoutes() []Route {
	if r.Prompts == nil || r.Hear == nil {
		return nil
	}
	return []Route{
		{Pattern: "GET /api/speech", Right: identity.Settings, Handle: r.spoken,
			About: "What the box says for a value.", Query: sayable, Gives: Spoken{}},
		{Pattern: "GET /api/speech.wav", Right: identity.Settings, Handle: r.hearSpeech,
			About: "What the box says for a value, as sound.", Query: slices.Concat([]Param{saved}, sayable), Gives: wavFile},
	}
}

// program says ?value= as ?as= in ?in=, a language of the box.
func (r *Rooms) program(req *http.Request) (call.Program, error) {
	q := req.URL.Query()
	if value := q.Get("value"); len(value) <= maxSpoken {
		if p, ok := speech.Say(q.Get("in"), speech.Kind(q.Get("as")), value, r.Clock.Now().In(r.zone())); ok {
			return p, nil
		}
	}
	return call.Program{}, ErrSay
}

// maxSpoken is the longest value that is said, in bytes.
const maxSpoken = 100

func (r *Rooms) spoken(w http.ResponseWriter, req *http.Request) error {
	p, err := r.program(req)
	if err != nil {
		return err
	}
	prompts := make(map[string]Prompt)
	for _, x := range r.Prompts() {
		prompts[x.Unit] = x
	}
	var s Spoken
	for _, sound := range p.Sounds {
		x, known := prompts[sound.Prompt]
		s.Units = append(s.Units, SpokenUnit{sound.Prompt, x.Text, sound.Pause.Milliseconds(), sound.Prompt != "" && (!known || x.Missing)})
	}
	return Send(w, s)
}

func (r *Rooms) hearSpeech(w http.ResponseWriter, req *http.Request) error {
	p, err := r.program(req)
	if err != nil {
		return err
	}
	return sendWAV(w, req, "speech", bytes.NewReader(wav(r.Hear(p))))
}

// kinds are what can be said, for people.
func kinds() string {
	var all []string
	for _, k := range speech.Kinds() {
		all = append(all, string(k))
	}
	return strings.Join(all, ", ")
}

// ErrSay refuses a value that cannot be said so.
var ErrSay = &Error{Status: http.StatusUnprocessableEntity, Code: "unsayable", Field: "value",
	en: "That cannot be said so. A value is one of: " + kinds() + ".", fa: "این را نمی‌توان چنین گفت. نوع مقدار یکی از این‌هاست: " + kinds() + "."}
