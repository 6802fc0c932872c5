package api

import (
	"errors"
	"net/http"
	"os"
	"slices"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/voicemail"
)

// VoicemailRoom keeps voice messages. *voicemail.Room is one.
type VoicemailRoom interface {
	List(box string) []voicemail.Message
	Count(box string) voicemail.Counts
	File(box, id string) (path string, m voicemail.Message, err error)
	Mark(box, id string, heard bool) error
	Delete(box, id, by string) error
}

// Voicemail is the answer of GET /api/voicemail.
type Voicemail struct {
	Boxes    []MailboxView       `json:"boxes"`
	Messages []voicemail.Message `json:"messages"` // newest first
}

// MailboxView is a mailbox with how many messages are in it.
type MailboxView struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	New    int    `json:"new"`
	Old    int    `json:"old"`
}

// MarkMessage is the body of POST /api/voicemail/{box}/{id}/heard.
type MarkMessage struct {
	Heard bool `json:"heard"`
}

func (r *Rooms) voicemailRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/voicemail", Right: identity.Messages, Handle: r.getVoicemail,
			About: "Voice messages of the boxes that the viewer may see.", Query: []Param{text("box", "Of this box only.")}, Gives: Voicemail{}},
		{Pattern: "GET /api/voicemail/{box}/{id}/sound.wav", Right: identity.Messages, Stream: true, Handle: r.hearMessage,
			About: "A voice message.", Query: []Param{saved}, Gives: wavFile},
		{Pattern: "POST /api/voicemail/{box}/{id}/heard", Right: identity.Messages, Handle: r.markMessage,
			About: "Marks a voice message as heard, or as new.", Takes: MarkMessage{}, Gives: Done{}},
		{Pattern: "POST /api/voicemail/{box}/{id}/delete", Right: identity.Messages, Handle: r.deleteMessage,
			About: "Deletes a voice message.", Gives: Done{}},
	}
}

// getVoicemail lists the mailboxes and their messages, those of one with ?box.
func (r *Rooms) getVoicemail(w http.ResponseWriter, req *http.Request) error {
	box := req.URL.Query().Get("box")
	if !oneLine(box, maxName) {
		return ErrValue.Of("box")
	}
	cfg, v := r.Config(), Voicemail{Boxes: []MailboxView{}, Messages: list(r.Voicemail.List(box))}
	who := Viewer(req.Context())
	v.Messages = slices.DeleteFunc(v.Messages, func(m voicemail.Message) bool { return !seesBox(who, m.Box) })
	see := func(number, name string, b config.Mailbox) {
		if n := r.Voicemail.Count(number); seesBox(who, number) && (b.Enabled || n != (voicemail.Counts{})) {
			v.Boxes = append(v.Boxes, MailboxView{number, name, n.New, n.Old})
		}
	}
	for i := range cfg.Extensions {
		see(cfg.Extensions[i].Number, cfg.Extensions[i].Name, cfg.Extensions[i].Voicemail)
	}
	for i := range cfg.Queues {
		see(cfg.Queues[i].Number, cfg.Queues[i].Name, cfg.Queues[i].Voicemail)
	}
	return Send(w, v)
}

// hearMessage sends a message. It does not count as heard: its owner has not heard it.
func (r *Rooms) hearMessage(w http.ResponseWriter, req *http.Request) error {
	if !seesBox(Viewer(req.Context()), req.PathValue("box")) {
		return ErrNoMessage
	}
	path, m, err := r.Voicemail.File(req.PathValue("box"), req.PathValue("id"))
	if err != nil {
		return noMessage(err)
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return ErrNoMessage
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return sendWAV(w, req, m.ID, f)
}

func (r *Rooms) markMessage(w http.ResponseWriter, req *http.Request) error {
	var m MarkMessage
	if err := Decode(req, &m); err != nil {
		return err
	}
	if !seesBox(Viewer(req.Context()), req.PathValue("box")) {
		return ErrNoMessage
	}
	if err := r.Voicemail.Mark(req.PathValue("box"), req.PathValue("id"), m.Heard); err != nil {
		return noMessage(err)
	}
	return Send(w, Done{true})
}

func (r *Rooms) deleteMessage(w http.ResponseWriter, req *http.Request) error {
	if !seesBox(Viewer(req.Context()), req.PathValue("box")) {
		return ErrNoMessage
	}
	if err := r.Voicemail.Delete(req.PathValue("box"), req.PathValue("id"), User(req.Context())); err != nil {
		return noMessage(err)
	}
	return Send(w, Done{true})
}

func noMessage(err error) error {
	if errors.Is(err, voicemail.ErrUnknown) {
		return ErrNoMessage
	}
	return err
}
