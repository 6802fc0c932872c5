// Package chief is what pasokh asks process 1 of the box for.
//
// Pasokh runs without root's powers; process 1 has them. Between the two is a socket
// (Path) that only pasokh's user may open, with a few typed operations: what runs and
// how, a new version, a restart, the network, forgetting everything. Nothing here
// carries a command or a path that process 1 would run or open: what a stranger who has
// taken pasokh over can do with it is restart the box, move it to another address,
// forget its data, and install a version that its maker has signed.
//
// Server answers for an Office; Client asks. Both speak HTTP over the socket. Methods
// are safe for concurrent use.
package chief

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/network"
	"github.com/pasokh/pasokh/firmware/update"
	"github.com/pasokh/pasokh/firmware/upload"
)

// Path is where the socket is.
const Path = "/run/chief/socket"

// Box is what runs.
type Box struct {
	Board   string          `json:"board"`
	Version string          `json:"version"`
	Made    time.Time       `json:"made"`
	Slot    string          `json:"slot"`  // "a" or "b"
	Trial   bool            `json:"trial"` // the version has not confirmed itself yet
	Started time.Time       `json:"started"`
	Update  update.Progress `json:"update"`
	Network network.State   `json:"network"`
	// Ends are the last ends of pasokh that nobody asked for, newest first.
	Ends []End `json:"ends"`
}

// End is how pasokh ended.
type End struct {
	At    time.Time `json:"at"`
	How   string    `json:"how"`
	Lines []string  `json:"lines"`
}

// Office is what process 1 does.
type Office interface {
	Box() Box
	// Update writes a bundle to the free slot.
	Update(ctx context.Context, bundle io.Reader) error
	// Restart restarts the board; what was written starts then.
	Restart()
	// TryNetwork puts settings in force for so long, ConfirmNetwork keeps them.
	TryNetwork(s network.Settings, within time.Duration) error
	ConfirmNetwork() error
	// Forget has the box start anew as it came from its maker.
	Forget() error
}

// refusals travel by name, so that the other side knows them again.
var refusals = map[string]error{
	"format": bundle.ErrFormat, "signature": bundle.ErrSignature, "short": bundle.ErrShort, "sum": bundle.ErrSum,
	"board": update.ErrBoard, "old": update.ErrOld, "busy": update.ErrBusy, "trial": update.ErrTrial, "disk": update.ErrDisk,
	"address": network.ErrAddress, "gateway": network.ErrGateway, "dns": network.ErrDNS, "vlan": network.ErrVLAN, "nothing": network.ErrNothing,
}

// answer is what the server sends when something was refused.
type answer struct {
	Refusal string `json:"refusal,omitempty"`
	Message string `json:"message"`
}

// tryNetwork is what TryNetwork carries.
type tryNetwork struct {
	Settings network.Settings `json:"settings"`
	Seconds  int              `json:"seconds"`
}

// maxAsked bounds what is asked, apart from updates.
const maxAsked = 64 << 10

// Handler serves the office.
func Handler(o Office) http.Handler {
	mux := http.NewServeMux()
	done := func(w http.ResponseWriter, err error) {
		if err != nil {
			refuse(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
	act := func(pattern string, do func(*http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { done(w, do(r)) })
	}
	mux.HandleFunc("GET /box", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(o.Box()) // pasokh has gone if this fails
	})
	mux.HandleFunc("POST /update", func(w http.ResponseWriter, r *http.Request) {
		done(w, upload.Take(w, r, bundle.MaxSize, func(body io.Reader) error { return o.Update(r.Context(), body) }))
	})
	act("POST /restart", func(*http.Request) error { o.Restart(); return nil })
	act("POST /network", func(r *http.Request) error {
		var t tryNetwork
		if err := json.NewDecoder(io.LimitReader(r.Body, maxAsked)).Decode(&t); err != nil {
			return err
		}
		return o.TryNetwork(t.Settings, time.Duration(min(max(t.Seconds, 10), 600))*time.Second)
	})
	act("POST /network/confirm", func(*http.Request) error { return o.ConfirmNetwork() })
	act("POST /forget", func(*http.Request) error { return o.Forget() })
	return mux
}

func refuse(w http.ResponseWriter, err error) {
	a := answer{Message: err.Error()}
	for name, known := range refusals {
		if errors.Is(err, known) {
			a.Refusal = name
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusConflict)
	_ = json.NewEncoder(w).Encode(a) // pasokh has gone if this fails
}

// Client asks process 1. It is an Office that is elsewhere.
type Client struct{ http http.Client }

// NewClient asks at a socket.
func NewClient(path string) *Client {
	var d net.Dialer
	return &Client{http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", path)
	}}}}
}

// Box is what runs.
func (c *Client) Box(ctx context.Context) (b Box, err error) {
	err = c.ask(ctx, http.MethodGet, "/box", nil, &b)
	return b, err
}

// Update writes a bundle to the free slot; it takes as long as the disk does.
func (c *Client) Update(ctx context.Context, bundle io.Reader) error {
	return c.ask(ctx, http.MethodPost, "/update", bundle, nil)
}

// Restart restarts the board.
func (c *Client) Restart(ctx context.Context) error {
	return c.ask(ctx, http.MethodPost, "/restart", nil, nil)
}

// TryNetwork puts settings in force for so long.
func (c *Client) TryNetwork(ctx context.Context, s network.Settings, within time.Duration) error {
	text, err := json.Marshal(tryNetwork{s, int(within / time.Second)})
	if err != nil {
		return err
	}
	return c.ask(ctx, http.MethodPost, "/network", bytes.NewReader(text), nil)
}

// ConfirmNetwork keeps the settings that are being tried.
func (c *Client) ConfirmNetwork(ctx context.Context) error {
	return c.ask(ctx, http.MethodPost, "/network/confirm", nil, nil)
}

// Forget has the box start anew as it came from its maker.
func (c *Client) Forget(ctx context.Context) error {
	return c.ask(ctx, http.MethodPost, "/forget", nil, nil)
}

func (c *Client) ask(ctx context.Context, method, path string, body io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://chief"+path, body)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		var a answer
		if err := json.NewDecoder(io.LimitReader(res.Body, maxAsked)).Decode(&a); err != nil {
			return fmt.Errorf("process 1: %s", res.Status)
		}
		if known := refusals[a.Refusal]; known != nil {
			return &Refused{known, a.Message}
		}
		return errors.New(a.Message)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// Refused is a refusal that process 1 has sent: errors.Is finds which, Error says all.
type Refused struct {
	Is      error
	Message string
}

func (r *Refused) Error() string { return r.Message }
func (r *Refused) Unwrap() error { return r.Is }
