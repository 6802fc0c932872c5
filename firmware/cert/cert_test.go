package cert

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

var names = []string{"pasokh.local", "127.0.0.1", "::1"}

func load(t *testing.T, dir string, names ...string) tls.Certificate {
	t.Helper()
	c, err := Load(dir, clock.System(), names)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// trust is the pool of a computer on which the box's root is installed.
func trust(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	root, err := Root(dir)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root) {
		t.Fatal("the root is not a certificate")
	}
	if bytes.Contains(root, []byte("PRIVATE")) {
		t.Fatal("the root is given away with its key")
	}
	return pool
}

// handshake shakes hands over loopback as a browser that asked for a name.
func handshake(t *testing.T, c tls.Certificate, client *tls.Config) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	served := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			served <- err
			return
		}
		defer conn.Close()
		_, err = io.WriteString(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{c}}), "pasokh")
		served <- err
	}()
	conn, err := tls.Dial("tcp", l.Addr().String(), client)
	if err != nil {
		<-served
		return err
	}
	defer conn.Close()
	if said, err := io.ReadAll(io.LimitReader(conn, 6)); string(said) != "pasokh" {
		t.Errorf("the server said %q: %v", said, err)
	}
	return <-served
}

func TestABrowserWithTheRootTrustsTheBox(t *testing.T) {
	dir := t.TempDir()
	c := load(t, dir, names...)
	pool := trust(t, dir)
	for _, name := range names {
		if err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: name}); err != nil {
			t.Errorf("as %s: %v", name, err)
		}
	}
	if err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: "example.com"}); err == nil {
		t.Error("trusted under a name that is not the box's")
	}
	other := t.TempDir()
	load(t, other, names...)
	if err := handshake(t, c, &tls.Config{RootCAs: trust(t, other), ServerName: names[0]}); err == nil {
		t.Error("another box's root vouches for it")
	}
	if err := filepath.Walk(filepath.Join(dir, folder), func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestCertificatesAreKeptUntilThereIsAReason(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := func(names ...string) (serial, root string) {
			c := load(t, dir, names...)
			ca, err := Root(dir)
			if err != nil {
				t.Fatal(err)
			}
			return c.Leaf.SerialNumber.String(), string(ca)
		}
		first, root := server(names...)
		time.Sleep(serverLife*2/3 - 24*time.Hour)
		if again, _ := server(names...); again != first {
			t.Error("renewed early")
		}
		if fewer, _ := server(names[0]); fewer != first {
			t.Error("renewed for names it has")
		}
		time.Sleep(48 * time.Hour)
		second, same := server(names...)
		if second == first || same != root {
			t.Error("with a third of its life left the server certificate must be renewed, the root kept")
		}
		third, same := server("other.local")
		if third == second || same != root {
			t.Error("another name needs another certificate of the same root")
		}
		time.Sleep(rootLife - 400*24*time.Hour)
		server("other.local")
		time.Sleep(400*24*time.Hour - rootLast)
		if _, newRoot := server("other.local"); newRoot == root {
			t.Error("the root is never renewed")
		}
	})
}

func TestDamagedFilesAreMadeAgain(t *testing.T) {
	dir := t.TempDir()
	c := load(t, dir, names...)
	server := filepath.Join(dir, folder, serverFile)
	whole, err := os.ReadFile(server)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.ReadFile(filepath.Join(dir, folder, rootFile))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("x"), "cut": whole[:len(whole)/2], "no key": whole[:len(whole)-100], "the root's": root} {
		if err := os.WriteFile(server, data, 0o600); err != nil {
			t.Fatal(err)
		}
		again := load(t, dir, names...)
		if again.Leaf.SerialNumber.Cmp(c.Leaf.SerialNumber) == 0 {
			t.Errorf("%s: the same certificate came back", name)
		}
		if err := handshake(t, again, &tls.Config{RootCAs: trust(t, dir), ServerName: names[0]}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, folder, rootFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again := load(t, dir, names...)
	if err := handshake(t, again, &tls.Config{RootCAs: trust(t, dir), ServerName: names[0]}); err != nil {
		t.Errorf("a lost root: %v", err)
	}
}

func TestACertificateNeedsAName(t *testing.T) {
	if _, err := Load(t.TempDir(), clock.System(), nil); err == nil {
		t.Error("a certificate for nothing was made")
	}
}
