package cert

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// board is a board of problems.
type board struct {
	mu   sync.Mutex
	told map[string]string
}

func (b *board) Raise(id, detail string) { b.mu.Lock(); defer b.mu.Unlock(); b.told[id] = detail }
func (b *board) Clear(id string)         { b.mu.Lock(); defer b.mu.Unlock(); delete(b.told, id) }

func (b *board) list() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.told))
}

// rig is a Holder at work in a bubble, and its clients.
type rig struct {
	*Holder
	*board
	t     *testing.T
	dir   string
	names []string
}

func hold(t *testing.T, f func(*rig)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{board: &board{told: make(map[string]string)}, t: t, dir: dir, names: names}
		var err error
		r.Holder, err = Open(Options{Dir: dir, Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Health: r.board,
			Names: func() []string { r.board.mu.Lock(); defer r.board.mu.Unlock(); return r.names }})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _ = r.Run(ctx) }()
		f(r)
	})
}

// connect is a client that trusts the box's root and checks who it speaks with.
func (r *rig) connect(name string) *tls.Conn {
	r.t.Helper()
	return r.trusting(trust(r.t, r.dir), name)
}

func (r *rig) trusting(pool *x509.CertPool, name string) *tls.Conn {
	r.t.Helper()
	ours, theirs := net.Pipe()
	server := tls.Server(theirs, &tls.Config{GetCertificate: r.GetCertificate, MinVersion: tls.VersionTLS12})
	go func() { _, _ = io.Copy(server, server); _ = server.Close() }()
	c := tls.Client(ours, &tls.Config{RootCAs: pool, ServerName: name})
	r.t.Cleanup(func() { _ = ours.Close() })
	if err := c.Handshake(); err != nil {
		r.t.Fatalf("as %s: %v", name, err)
	}
	return c
}

func serial(c *tls.Conn) string { return c.ConnectionState().PeerCertificates[0].SerialNumber.String() }

func TestACertificateIsRenewedWhileConnectionsLive(t *testing.T) {
	hold(t, func(r *rig) {
		old := r.connect("pasokh.local")
		time.Sleep(serverLife*2/3 - 24*time.Hour)
		if serial(r.connect("pasokh.local")) != serial(old) {
			t.Error("renewed early")
		}
		time.Sleep(48 * time.Hour)
		fresh := r.connect("pasokh.local")
		if serial(fresh) == serial(old) {
			t.Error("not renewed with a third of its life left")
		}
		r.board.mu.Lock()
		r.names = append(slices.Clone(names), "192.0.2.44")
		r.board.mu.Unlock()
		time.Sleep(checkEvery + time.Second)
		if serial(r.connect("192.0.2.44")) == serial(fresh) {
			t.Error("no certificate for the new address")
		}
		for _, c := range []*tls.Conn{old, fresh} {
			echo := make([]byte, 5)
			if _, err := c.Write([]byte("still")); err != nil {
				t.Error(err)
			} else if _, err := io.ReadFull(c, echo); err != nil || string(echo) != "still" {
				t.Errorf("an old connection says %q, %v", echo, err)
			}
		}
		if p := r.list(); len(p) > 0 {
			t.Errorf("problems: %v", p)
		}
	})
}

// bought is a certificate of another authority with its key, as PEM.
func bought(t *testing.T, life time.Duration, name string) (text []byte, pool *x509.CertPool) {
	t.Helper()
	root, err := newRoot(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p, err := newServer(time.Now().Add(life-serverLife), []string{name}, root)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(root.cert)
	return append(p.certPEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...), pool
}

func TestAnInstalledCertificate(t *testing.T) {
	hold(t, func(r *rig) {
		own := serial(r.connect("pasokh.local"))
		text, pool := bought(t, 60*24*time.Hour, "pbx.example.com")
		if err := r.Install(bytes.Replace(text, []byte("PRIVATE"), []byte("PUBLIC"), 2)); err == nil {
			t.Error("installed without a key")
		}
		late, _ := bought(t, -time.Hour, "pbx.example.com")
		if err := r.Install(late); err == nil || !strings.Contains(err.Error(), "valid from") {
			t.Errorf("an expired one is installed: %v", err)
		}
		if serial(r.connect("pasokh.local")) != own {
			t.Error("a refused certificate is shown")
		}
		if err := r.Install(text); err != nil {
			t.Fatal(err)
		}
		r.trusting(pool, "pbx.example.com")
		file := filepath.Join(r.dir, folder, installedFile)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("kept as %v, %v", info, err)
		}

		time.Sleep(60*24*time.Hour - warnBefore + time.Hour)
		if p := r.list(); !slices.Equal(p, []string{expiring}) {
			t.Errorf("three weeks before its end the problems are %v", p)
		}
		time.Sleep(warnBefore)
		if p := r.list(); !slices.Equal(p, []string{unusable}) {
			t.Errorf("after its end the problems are %v", p)
		}
		r.connect("pasokh.local") // the box's own is shown again

		// Whatever renews it may put the file there itself.
		text, pool = bought(t, 60*24*time.Hour, "pbx.example.com")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(checkEvery + time.Second)
		r.trusting(pool, "pbx.example.com")
		if err := os.WriteFile(file, text[:len(text)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(checkEvery + time.Second)
		r.connect("pasokh.local")
		if p := r.list(); !slices.Equal(p, []string{unusable}) {
			t.Errorf("with a cut file the problems are %v", p)
		}
		if err := r.Uninstall(); err != nil || len(r.list()) > 0 {
			t.Errorf("after it is removed: %v, %v", r.list(), err)
		}
		r.connect("pasokh.local")
	})
}

func TestADiskThatCannotBeWritten(t *testing.T) {
	hold(t, func(r *rig) {
		old := serial(r.connect("pasokh.local"))
		ca, err := os.ReadFile(filepath.Join(r.dir, folder, rootFile))
		if err != nil {
			t.Fatal(err)
		}
		cut := func(path string) { // a folder where the file should be
			_ = os.Remove(path)
			if err := os.MkdirAll(path+".new", 0o700); err != nil {
				t.Fatal(err)
			}
		}
		cut(filepath.Join(r.dir, folder, serverFile))
		time.Sleep(checkEvery + time.Second)
		if serial(r.connect("pasokh.local")) != old {
			t.Error("a good certificate was given up")
		}
		if p := r.list(); !slices.Equal(p, []string{unusable}) {
			t.Errorf("problems: %v", p)
		}
		time.Sleep(serverLife)
		fresh := serial(r.connect("pasokh.local"))
		if fresh == old {
			t.Error("an expired certificate is shown")
		}
		time.Sleep(time.Hour)
		if serial(r.connect("pasokh.local")) != fresh {
			t.Error("another one is made each minute")
		}
		if again, err := os.ReadFile(filepath.Join(r.dir, folder, rootFile)); err != nil || !bytes.Equal(again, ca) {
			t.Error("the root has changed")
		}
	})
}

func TestRenewing(t *testing.T) {
	hold(t, func(r *rig) {
		root, err := r.Root()
		if err != nil {
			t.Fatal(err)
		}
		before := r.shown.Load().Leaf
		if v := r.View(); !v.Own || v.State != "good" || !v.Until.Equal(before.NotAfter) || len(v.Names) == 0 {
			t.Errorf("shown is %+v", v)
		}
		if err := r.Renew(); err != nil {
			t.Fatal(err)
		}
		after := r.shown.Load().Leaf
		if after.Equal(before) || after.SerialNumber.Cmp(before.SerialNumber) == 0 {
			t.Error("it is the same certificate")
		}
		if again, _ := r.Root(); !bytes.Equal(root, again) {
			t.Error("the authority is another one")
		}
	})
}
