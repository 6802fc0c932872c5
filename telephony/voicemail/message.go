package voicemail

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// ErrUnknown: there is no such message, or not any more.
var ErrUnknown = errors.New("no such message")

// Message is one that was left.
type Message struct {
	ID     string     `json:"id"`
	Box    string     `json:"box"`
	Call   call.ID    `json:"call"`
	From   call.Party `json:"from"`
	Left   time.Time  `json:"left"`
	Length int64      `json:"length"` // ms
	Heard  bool       `json:"heard"`
	By     string     `json:"by,omitempty"` // extension that passed it on
}

// Counts are how many messages a box has that were heard, and that were not.
type Counts struct{ New, Old int }

// idForm is an ID: the time in UTC and a random part.
var idForm = regexp.MustCompile(`^\d{8}-\d{6}-[0-9a-f]{8}$`)

func newID(now time.Time) string {
	var salt [4]byte
	rand.Read(salt[:]) // it never fails
	return now.UTC().Format("20060102-150405-") + hex.EncodeToString(salt[:])
}

func (r *Room) wav(m *Message) string  { return filepath.Join(r.opts.Dir, m.Box, m.ID+".wav") }
func (r *Room) note(m *Message) string { return filepath.Join(r.opts.Dir, m.Box, m.ID+".json") }

// Count counts the messages of a box.
func (r *Room) Count(box string) (n Counts) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.boxes[box] {
		if m.Heard {
			n.Old++
		} else {
			n.New++
		}
	}
	return n
}

// List are the messages of a box, of all with "", newest first.
func (r *Room) List(box string) (list []Message) {
	r.mu.Lock()
	for number, messages := range r.boxes {
		if box == "" || box == number {
			for _, m := range messages {
				list = append(list, *m)
			}
		}
	}
	r.mu.Unlock()
	slices.SortFunc(list, func(a, b Message) int {
		if c := b.Left.Compare(a.Left); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// File is the sound of a message.
func (r *Room) File(box, id string) (path string, m Message, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.get(box, id)
	if found == nil {
		return "", m, ErrUnknown
	}
	return r.wav(found), *found, nil
}

// get is a message of the table, or nil. The caller holds r.mu.
func (r *Room) get(box, id string) *Message {
	i := slices.IndexFunc(r.boxes[box], func(m *Message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return r.boxes[box][i]
}

// add enters a message into its box.
func (r *Room) add(m Message) {
	r.mu.Lock()
	r.boxes[m.Box] = append(r.boxes[m.Box], &m)
	r.mu.Unlock()
	r.changed()
}

// Mark says whether a message was heard.
func (r *Room) Mark(box, id string, heard bool) error {
	r.mu.Lock()
	m := r.get(box, id)
	if m == nil {
		r.mu.Unlock()
		return ErrUnknown
	}
	was := m.Heard
	m.Heard = heard
	noted := *m
	r.mu.Unlock()
	if was != heard {
		r.later(func() { r.keep(&noted) })
		r.changed()
	}
	return nil
}

// Delete deletes a message. by is who does, for the log.
func (r *Room) Delete(box, id, by string) error {
	r.mu.Lock()
	m := r.get(box, id)
	if m == nil {
		r.mu.Unlock()
		return ErrUnknown
	}
	r.boxes[box] = slices.DeleteFunc(r.boxes[box], func(x *Message) bool { return x == m })
	r.mu.Unlock()
	r.opts.Log.Info("voice message deleted", "box", box, "message", id, "by", by)
	r.later(func() { r.remove(m) })
	r.changed()
	return nil
}
