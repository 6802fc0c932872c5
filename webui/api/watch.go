package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/trace"
)

// usualWatch is how long a live trace runs when the request does not say.
const usualWatch = 5 * time.Minute

// startWatch begins a live trace.
func (r *Rooms) startWatch(w http.ResponseWriter, req *http.Request) error {
	var ask Watch
	if err := Decode(req, &ask); err != nil {
		return err
	}
	last := time.Duration(ask.Seconds) * time.Second
	switch {
	case ask.Phone == "" && ask.Trunk == "" && ask.From == "":
		return ErrValue.Of("phone")
	case !dialable(ask.Phone, 32):
		return ErrValue.Of("phone")
	case ask.Seconds < 0 || ask.Seconds > int(trace.MaxCapture/time.Second):
		return ErrValue.Of("seconds")
	case last == 0:
		last = usualWatch
	}
	from, err := networkOf(ask.From)
	if err != nil {
		return ErrValue.Of("from")
	}
	c, err := r.Watch(ask.Phone, ask.Trunk, from, last)
	switch {
	case errors.Is(err, sip.ErrTraced):
		return ErrValue.Of("trunk")
	case errors.Is(err, trace.ErrCaptures):
		return ErrBusy
	case err != nil:
		return err
	}
	return Send(w, Watching{ID: c.ID})
}

// networkOf is an address or a prefix; the zero Prefix for an empty text.
func networkOf(text string) (netip.Prefix, error) {
	if text == "" {
		return netip.Prefix{}, nil
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), nil
	}
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	ip = ip.Unmap().WithZone("")
	return netip.PrefixFrom(ip, ip.BitLen()), nil
}

func (r *Rooms) watched(req *http.Request) (*trace.Capture, error) {
	c, ok := r.Watched(req.PathValue("id"))
	if !ok {
		return nil, ErrNotFound
	}
	return c, nil
}

func (r *Rooms) stopWatch(w http.ResponseWriter, req *http.Request) error {
	c, err := r.watched(req)
	if err != nil {
		return err
	}
	c.Stop()
	return Send(w, Done{true})
}

// watchPCAP gives what a live trace has taken to other programs.
func (r *Rooms) watchPCAP(w http.ResponseWriter, req *http.Request) error {
	c, err := r.watched(req)
	if err != nil {
		return err
	}
	messages, _, _ := c.Since(0)
	sendPCAP(w, "sip", messages)
	return nil
}

// A stream of a live trace lasts this long; its reader comes again with
// Last-Event-ID, and then it is asked again who that is.
const (
	watchTurn  = time.Minute
	watchStall = 10 * time.Second
)

// streamWatch sends a live trace as server-sent events (HTML standard, 9.2): each
// message with its number, "lost" with how many were forgotten before they could
// be sent, and at last "end".
func (r *Rooms) streamWatch(w http.ResponseWriter, req *http.Request) error {
	c, err := r.watched(req)
	if err != nil {
		return err
	}
	next := 0
	if last, err := strconv.Atoi(req.Header.Get("Last-Event-ID")); err == nil && last >= 0 {
		next = last + 1
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	turn := make(chan struct{})
	defer r.Clock.AfterFunc(watchTurn, func() { close(turn) }).Stop()
	piece := []byte("retry: 500\n\n")
	for {
		list, lost, more := c.Since(next)
		if lost > 0 {
			piece = fmt.Appendf(piece, "event: lost\ndata: %d\n\n", lost)
		}
		next += lost
		for _, m := range list {
			data, err := json.Marshal(said(m))
			if err != nil {
				return err
			}
			piece = fmt.Appendf(piece, "id: %d\ndata: %s\n\n", next, data)
			next++
		}
		if more == nil {
			piece = append(piece, "event: end\ndata: {}\n\n"...)
		}
		// A writer without deadlines is a test's recorder, which never stalls.
		_ = out.SetWriteDeadline(r.Clock.Now().Add(watchStall))
		if _, err := w.Write(piece); err != nil || out.Flush() != nil || more == nil {
			return nil // the reader has gone, or has it all
		}
		piece = piece[:0]
		select {
		case <-more:
		case <-turn:
			return nil
		case <-req.Context().Done():
			return nil
		}
	}
}
