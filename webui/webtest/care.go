package webtest

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/pasokh/pasokh/firmware/mail"
)

// Post takes letters, but not to anybody@nowhere.example. It keeps their receivers.
type Post struct {
	mu   sync.Mutex
	sent []string
}

// Send takes a letter.
func (p *Post) Send(_ context.Context, l mail.Letter) error {
	if strings.HasSuffix(l.To[0], "@nowhere.example") {
		return errors.New("550 no such mailbox")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, l.To...)
	return nil
}

// View is how it stands.
func (p *Post) View() mail.View { return mail.View{On: true} }

// Sent are who got a letter.
func (p *Post) Sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sent...)
}
