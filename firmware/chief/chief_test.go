package chief

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/network"
	"github.com/pasokh/pasokh/firmware/update"
)

// office is process 1 for tests.
type office struct {
	got      string
	settings network.Settings
	within   time.Duration
	err      error
}

func (*office) Box() Box { return Box{Board: "sim", Version: "1", Slot: "b"} }
func (o *office) Update(_ context.Context, b io.Reader) error {
	if errors.Is(o.err, update.ErrBusy) { // it does not even look
		return o.err
	}
	text, err := io.ReadAll(b)
	o.got = string(text)
	return errors.Join(err, o.err)
}
func (o *office) Restart() { o.got = "restart" }
func (o *office) TryNetwork(s network.Settings, within time.Duration) error {
	o.settings, o.within = s, within
	return o.err
}
func (o *office) ConfirmNetwork() error { o.got = "confirmed"; return o.err }
func (o *office) Forget() error         { o.got = "forgotten"; return o.err }

func TestClientAndServer(t *testing.T) {
	o := &office{}
	path := filepath.Join(t.TempDir(), "socket")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: Handler(o)}
	go s.Serve(l) // until it is closed
	defer s.Close()
	c, ctx := NewClient(path), t.Context()

	if b, err := c.Box(ctx); err != nil || b.Board != "sim" || b.Slot != "b" {
		t.Errorf("%+v, %v", b, err)
	}
	if err := c.Update(ctx, strings.NewReader("a bundle")); err != nil || o.got != "a bundle" {
		t.Error(o.got, err)
	}
	want := network.Settings{Address: netip.MustParsePrefix("192.168.1.10/24"), VLAN: 7}
	if err := c.TryNetwork(ctx, want, 90*time.Second); err != nil || o.settings.Address != want.Address || o.settings.VLAN != 7 || o.within != 90*time.Second {
		t.Errorf("%+v for %v, %v", o.settings, o.within, err)
	}
	for name, do := range map[string]func(context.Context) error{"restart": c.Restart, "confirmed": c.ConfirmNetwork, "forgotten": c.Forget} {
		if err := do(ctx); err != nil || o.got != name {
			t.Error(name, o.got, err)
		}
	}
	o.err = update.ErrBoard
	if err := c.Update(ctx, strings.NewReader("a bundle")); !errors.Is(err, update.ErrBoard) {
		t.Error("a refusal that arrives as another:", err)
	}
	o.err = update.ErrBusy
	large := strings.NewReader(strings.Repeat("a bundle", 1<<19)) // more than net/http reads away by itself
	if err := c.Update(ctx, large); !errors.Is(err, update.ErrBusy) || large.Len() > 0 {
		t.Errorf("%v, with %d bytes not taken", err, large.Len())
	}
	o.err = errors.New("something else")
	if err := c.Forget(ctx); err == nil || err.Error() != "something else" {
		t.Error(err)
	}
}
