package upload

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	chunk = 64 << 10
	size  = 24 * chunk // beyond what net/http reads away by itself
)

// refusing refuses every body after so many bytes.
func refusing(after, most int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := Take(w, r, most, func(body io.Reader) error {
			_, err := io.CopyN(io.Discard, body, after)
			return errors.Join(errors.New("not wanted"), err)
		}); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
}

// TestASlowSenderHearsWhyHeIsRefused sends by TCP for longer than net/http keeps open a
// connection that is over, and looks for the answer only at the end.
func TestASlowSenderHearsWhyHeIsRefused(t *testing.T) {
	for name, after := range map[string]int64{"at once": 0, "halfway": size / 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(refusing(after, 2*size))
			defer s.Close()
			c, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: box\r\nContent-Length: %d\r\n\r\n", size)
			for i := range size / chunk {
				time.Sleep(50 * time.Millisecond) // the slow line
				if _, err := c.Write(make([]byte, chunk)); err != nil {
					t.Fatalf("cut off at chunk %d: %v", i, err)
				}
			}
			hears(t, c, "not wanted")
		})
	}
}

func hears(t *testing.T, c net.Conn, want string) {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusConflict || !strings.Contains(string(text), want) {
		t.Errorf("%d %q, %v", res.StatusCode, text, err)
	}
}

// pipe is a listener with one connection.
type pipe struct{ conn chan net.Conn }

func (p pipe) Accept() (net.Conn, error) {
	c, open := <-p.conn
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (pipe) Close() error   { return nil }
func (pipe) Addr() net.Addr { return &net.TCPAddr{} }

// TestASenderIsNotWaitedForForEver: one who stands still, one who was refused and goes on
// and on, and one who sends more than a body may have.
func TestASenderIsNotWaitedForForEver(t *testing.T) {
	for name, c := range map[string]struct {
		after, most int64
		pause       time.Duration // before each byte
		want        time.Duration // until the answer
	}{
		"stands still": {100, 1000, time.Hour, Patience + farewell},
		"goes on":      {0, 1000, time.Second, farewell},
		"too much":     {0, 10, time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				l := pipe{conn: make(chan net.Conn, 1)}
				l.conn <- far
				s := &http.Server{Handler: refusing(c.after, c.most)}
				go s.Serve(l) // until it is closed
				began := time.Now()
				var sender sync.WaitGroup
				sender.Go(func() {
					fmt.Fprintf(near, "POST / HTTP/1.1\r\nHost: box\r\nContent-Length: %d\r\n\r\n", size)
					for range size {
						time.Sleep(c.pause)
						if _, err := near.Write([]byte{0}); err != nil {
							return
						}
					}
				})
				hears(t, near, "not wanted")
				if took := time.Since(began).Round(time.Second); took != c.want {
					t.Errorf("answered after %v, want %v", took, c.want)
				}
				near.Close()
				close(l.conn)
				s.Close()
				sender.Wait()
			})
		})
	}
}
