package sip

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// WebSocketHandler takes SIP over WebSocket (RFC 7118) on an HTTP server: it
// hands the connection over, upgrade request and all, as a wire.Socket. Same-origin pages only; a
// client that is no browser sends no Origin.
func (s *Server) WebSocketHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
			http.Error(w, "this is SIP over WebSocket", http.StatusUpgradeRequired)
			return
		case !offersSIP(r):
			http.Error(w, `subprotocol "sip" expected`, http.StatusBadRequest)
			return
		case !sameOrigin(r):
			http.Error(w, "other origin", http.StatusForbidden)
			return
		}
		raw, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, "cannot upgrade", http.StatusInternalServerError)
			return
		}
		conn, ok := s.doors.Admit(raw)
		if !ok {
			return
		}
		var head bytes.Buffer
		head.WriteString("GET " + r.URL.RequestURI() + " HTTP/1.1\r\nHost: " + r.Host + "\r\n")
		if err := r.Header.Write(&head); err != nil {
			_ = conn.Close()
			return
		}
		head.WriteString("\r\n")
		s.websocket.hand(wire.NewSocket(conn, s.opts.Clock, head.Bytes(), buffered.Reader))
	})
}

func offersSIP(r *http.Request) bool {
	for _, v := range r.Header.Values("Sec-WebSocket-Protocol") {
		for p := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(p), "sip") {
				return true
			}
		}
	}
	return false
}

func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	_, host, ok := strings.Cut(origin, "://")
	return origin == "" || ok && strings.EqualFold(host, r.Host)
}

// hijacked is a listener whose connections come from an HTTP server.
type hijacked struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newHijacked() *hijacked {
	return &hijacked{conns: make(chan net.Conn), done: make(chan struct{})}
}

// hand gives a connection to whoever accepts it.
func (h *hijacked) hand(c net.Conn) {
	select {
	case h.conns <- c:
	case <-h.done:
		_ = c.Close()
	}
}

func (h *hijacked) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.done:
		return nil, errors.Join(net.ErrClosed)
	}
}

func (h *hijacked) Close() error { h.once.Do(func() { close(h.done) }); return nil }

func (h *hijacked) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero} }
