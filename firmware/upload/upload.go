// Package upload takes long files that come as the body of an HTTP request (RFC 9112).
//
// A sender may be slow, but must not stand still. One that is refused is listened to a
// while longer: most senders look for an answer only once they have sent everything, and
// a connection that is closed before is reset, and the reason lost with it.
package upload

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// Patience is how long a sender may stand still, and how long he has to take the answer.
	Patience = 30 * time.Second
	// farewell is how long a sender who was refused may go on.
	farewell = 2 * time.Minute
)

// Take has do read the body of a request, at most so many bytes of it. What do leaves of
// a body that it refuses is read away, again at most so many bytes. The error is do's.
func Take(w http.ResponseWriter, r *http.Request, most int64, do func(io.Reader) error) error {
	out := http.NewResponseController(w)
	err := do(&patient{http.MaxBytesReader(w, r.Body, most), out})
	if err != nil {
		_ = out.SetReadDeadline(time.Now().Add(farewell))
		_, _ = io.CopyN(io.Discard, r.Body, most)
	}
	_ = out.SetWriteDeadline(time.Now().Add(Patience))
	return err
}

// patient is a body that may come slowly, but must come.
type patient struct {
	io.Reader
	out *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.out.SetReadDeadline(time.Now().Add(Patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.Reader.Read(b)
}
