package mail

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/pasokh/pasokh/firmware/config"
)

// What one letter may be at most.
const (
	maxReceivers   = 50
	maxText        = 1 << 20  // bytes
	maxAttachments = 16 << 20 // bytes, together
)

// usualLife is how long a letter is tried that has no deadline of its own.
const usualLife = 24 * time.Hour

// Letter is what is sent. Do not change it once it is queued.
type Letter struct {
	To      []string // addresses; each gets a letter of its own
	Subject string
	Text    string // plain
	HTML    string // the same for programs that show it; empty: there is none
	Attach  []Attachment
	Until   time.Time // when it is of no use any more; zero: a day from now
}

// Attachment is a file of a letter.
type Attachment struct {
	Name string // "report.csv"
	Type string // "text/csv"
	Data []byte
}

// ErrLetter is what is wrong with a letter before anybody has tried to send it.
var ErrLetter = errors.New("mail: no letter")

func (l *Letter) check() error {
	if len(l.To) == 0 || len(l.To) > maxReceivers {
		return fmt.Errorf("%w: %d receivers", ErrLetter, len(l.To))
	}
	for _, to := range l.To {
		if !config.IsAddress(to) {
			return fmt.Errorf("%w: to %q", ErrLetter, to)
		}
	}
	if len(l.Text) > maxText || len(l.HTML) > maxText || l.size() > maxText+maxAttachments {
		return fmt.Errorf("%w: %d bytes", ErrLetter, l.size())
	}
	return nil
}

// size is what a letter takes of memory.
func (l *Letter) size() int {
	n := len(l.Subject) + len(l.Text) + len(l.HTML)
	for _, a := range l.Attach {
		n += len(a.Data)
	}
	return n
}

// message is a letter to one receiver as it goes over the wire.
func (l *Letter) message(from, name, to string, now time.Time) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	if err := m.FromFormat(name, from); err != nil {
		return nil, err
	}
	if err := m.To(to); err != nil {
		return nil, err
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(now)
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // so that no machine answers (RFC 3834 5)
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	for _, a := range l.Attach {
		m.AttachReadSeeker(a.Name, bytes.NewReader(a.Data), gomail.WithFileContentType(gomail.ContentType(a.Type)))
	}
	return m, nil
}
