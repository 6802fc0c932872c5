package main

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pasokh/pasokh/firmware/bundle"
)

// newMaker makes versions for a board, of the programs as they are here.
func newMaker(t *testing.T, name string) maker {
	t.Helper()
	b, err := readBoard("../../board", name)
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join("..", "..", "build", "image", "cache")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := packages(t.Context(), "../../board", cache, []string{name}); err != nil {
		t.Fatal(err)
	}
	return maker{board: b, cache: cache, key: newKey(t), pasokh: compiled(t, b, "../pasokh", ""), boxinit: compiled(t, b, "../boxinit", ""), quick: true}
}

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// compiled is a program for a board.
func compiled(t *testing.T, b board, pkg, flags string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w "+flags, "-o", file, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARM=7", "GOARCH="+map[string]string{"arm64": "arm64", "armhf": "arm"}[b.Image.Arch])
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return file
}

// of makes a version, and returns what its files' names begin with.
func (m maker) of(t *testing.T, version string, serial int64) string {
	t.Helper()
	m.version, m.serial, m.out = version, 1_700_000_000+serial, t.TempDir()
	if err := m.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(m.out, "pasokh-"+m.board.Name)
}

func (m maker) update(t *testing.T, version string, serial int64) []byte {
	t.Helper()
	b, err := os.ReadFile(m.of(t, version, serial) + ".update")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// versions are the image to flash and what it is updated with.
type versions struct {
	image                             string
	good, older, otherBoard, stranger []byte
	crash, hang, silent               []byte
}

func newVersions(t *testing.T) versions {
	t.Helper()
	whole := newMaker(t, "qemu-arm64")
	broken := func(how string) string {
		return compiled(t, whole.board, "./testdata/broken", "-X main.how="+how)
	}
	crash, hang, silent := whole, whole, whole
	crash.pasokh, hang.stage2, silent.pasokh = broken("crash"), broken("hang"), broken("silent")
	v := versions{image: whole.of(t, "1.0", 100) + ".img", good: whole.update(t, "2.0", 200),
		crash: crash.update(t, "3.0", 300), hang: hang.update(t, "3.1", 301), silent: silent.update(t, "3.2", 302)}
	own := whole.key
	v.stranger = signedAnew(t, v.good, own, newKey(t), func(*bundle.Manifest) {})
	v.older = signedAnew(t, v.good, own, own, func(m *bundle.Manifest) { m.Serial -= 150 })
	v.otherBoard = signedAnew(t, v.good, own, own, func(m *bundle.Manifest) { m.Board = "other" })
	return v
}

// signedAnew is a bundle of somebody with another manifest or by another key.
func signedAnew(t *testing.T, whole []byte, was, key ed25519.PrivateKey, change func(*bundle.Manifest)) []byte {
	t.Helper()
	r, err := bundle.Read(bytes.NewReader(whole), was.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	slot, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	change(&r.Manifest)
	var b bytes.Buffer
	if err := bundle.Write(&b, r.Manifest, bytes.NewReader(slot), key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func damaged(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1
	return b
}
