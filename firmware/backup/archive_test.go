package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

const passphrase = "a passphrase for tests"

var made = time.Date(2026, 11, 22, 3, 30, 0, 0, time.UTC)

// sample is a backup of a few files.
func sample(t testing.TB, h Header) []byte {
	t.Helper()
	var out bytes.Buffer
	a, err := newArchive(&out, passphrase, 2, h)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"pasokh.db": strings.Repeat("values ", 20000), "certificate/root.pem": "a key", "voicemail/1001/m.wav": ""} {
		if err := a.add(name, int64(len(text)), strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.finish(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func header() Header {
	return Header{Format: Format, Schema: config.Schema, Version: "test", Box: "Shop", Made: made}
}

func TestABackupIsReadAsItWasWritten(t *testing.T) {
	data := sample(t, header())
	if bytes.Contains(data, []byte("a key")) || bytes.Contains(data, []byte("Shop")) {
		t.Error("it can be read without the passphrase")
	}
	dir := t.TempDir()
	h, entries, err := readArchive(bytes.NewReader(data), passphrase, into(dir))
	if err != nil || h != header() || len(entries) != 3 {
		t.Fatalf("%+v %d %v", h, len(entries), err)
	}
	names, err := files(dir, true)
	if err != nil || len(names) != 3 {
		t.Errorf("%v %v", names, err)
	}
}

// TestNoDamagedBackupIsTaken: cut off anywhere, changed anywhere, or opened with another
// passphrase it is refused by name.
func TestNoDamagedBackupIsTaken(t *testing.T) {
	data := sample(t, header())
	discard := func(string, int64) (io.Writer, func() error, error) {
		return io.Discard, func() error { return nil }, nil
	}
	read := func(data []byte, pass config.Secret) error {
		_, _, err := readArchive(bytes.NewReader(data), pass, discard)
		return err
	}
	if err := read(data, "another passphrase"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("with another passphrase: %v", err)
	}
	for n := 0; n < len(data); n += 1 + len(data)/40 {
		if err := read(data[:n], passphrase); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrFormat) {
			t.Errorf("%d bytes of %d: %v", n, len(data), err)
		}
		broken := bytes.Clone(data)
		broken[n] ^= 1
		if err := read(broken, passphrase); err == nil {
			t.Errorf("byte %d changed: taken", n)
		}
	}
	if err := read(append(bytes.Clone(data), 0), passphrase); err == nil {
		t.Error("with more after its end: taken")
	}
	for name, edit := range map[string]func(*Header){
		"a newer format": func(h *Header) { h.Format++ }, "newer settings": func(h *Header) { h.Schema++ },
	} {
		h := header()
		if edit(&h); !errors.Is(read(sample(t, h), passphrase), ErrNewer) {
			t.Errorf("%s is taken", name)
		}
	}
	if err := read([]byte("PK\x03\x04 another file"), passphrase); !errors.Is(err, ErrFormat) {
		t.Errorf("another file: %v", err)
	}
	full := errors.New("no space")
	_, _, err := readArchive(bytes.NewReader(data), passphrase, func(string, int64) (io.Writer, func() error, error) { return nil, nil, full })
	if !errors.Is(err, full) || errors.Is(err, ErrDamaged) {
		t.Errorf("a full disk: %v", err)
	}
}

// packed is a tar in gzip that no archive of ours wrote.
func packed(t testing.TB, entries ...tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for _, h := range entries {
		text := `{"format":1}`
		if h.Name == manifestName {
			text = "[]"
		}
		if h.Size = int64(len(text)); h.Typeflag == tar.TypeSymlink {
			h.Size, text = 0, ""
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestNoFileLeavesItsFolder(t *testing.T) {
	for _, e := range []tar.Header{
		{Name: "data/../../etc/passwd"}, {Name: "data//etc/passwd"}, {Name: "/etc/passwd"}, {Name: "data/a/../b"}, {Name: `data/..\b`},
		{Name: "data/link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
	} {
		_, _, err := readPacked(bytes.NewReader(packed(t, tar.Header{Name: headerName}, e, tar.Header{Name: manifestName})), func(name string, _ int64) (io.Writer, func() error, error) {
			t.Errorf("%q becomes %q", e.Name, name)
			return io.Discard, func() error { return nil }, nil
		})
		if err == nil {
			t.Errorf("%q is taken", e.Name)
		}
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(packed(f, tar.Header{Name: headerName}, tar.Header{Name: "data/x"}, tar.Header{Name: manifestName}))
	f.Add(packed(f, tar.Header{Name: headerName}, tar.Header{Name: manifestName}))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, _ = readPacked(io.LimitReader(bytes.NewReader(data), 1<<20), func(name string, _ int64) (io.Writer, func() error, error) {
			if !filepath.IsLocal(name) {
				t.Errorf("%q leaves the folder", name)
			}
			return io.Discard, func() error { return nil }, nil
		})
	})
}

func TestNamesOfBackups(t *testing.T) {
	if box, at, ok := parseName(nameOf("ab12", made)); !ok || box != "ab12" || !at.Equal(made) {
		t.Errorf("%s %v %v", box, at, ok)
	}
	for _, name := range []string{"", "pasokh-x.backup", "../pasokh-ab12-20261122T033000Z.backup", "pasokh-../-20261122T033000Z.backup", nameOf("ab12", made) + ".part", "pasokh--20261122T033000Z.backup"} {
		if _, _, ok := parseName(name); ok {
			t.Errorf("%q is one", name)
		}
	}
}

// TestABackupDoesNotGoIntoItself, by no link and whether its folder is there or not.
func TestABackupDoesNotGoIntoItself(t *testing.T) {
	data, other := t.TempDir(), t.TempDir()
	link := filepath.Join(other, "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{data: true, data + "/a/b": true, link: true, link + "/new": true, other: false, data + "x": false, filepath.Dir(data): false} {
		if inside(path, data) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	s := newShop(t, data)
	defer s.store.Close()
	if _, err := s.reach(t.Context(), at(data+"/backups")); !errors.Is(err, ErrInside) {
		t.Errorf("%v", err)
	}
}

// TestTheManifestIsBelieved: a file that is not in it, or twice, is no part of a backup.
func TestTheManifestIsBelieved(t *testing.T) {
	discard := func(string, int64) (io.Writer, func() error, error) {
		return io.Discard, func() error { return nil }, nil
	}
	first, x, last := tar.Header{Name: headerName}, tar.Header{Name: "data/x"}, tar.Header{Name: manifestName}
	for name, entries := range map[string][]tar.Header{"a file more": {first, x, last}, "twice": {first, x, x, last}, "no manifest": {first, x}, "more behind it": {first, last, x}, "no header": {x, last}} {
		if _, _, err := readPacked(bytes.NewReader(packed(t, entries...)), discard); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, _, err := readPacked(bytes.NewReader(packed(t, first, last)), discard); err != nil {
		t.Errorf("an empty one: %v", err)
	}
}
