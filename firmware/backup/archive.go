package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/pasokh/pasokh/firmware/config"
)

// Format is the version of the archives that this program writes; it reads no newer one.
const Format = 1

// Names in an archive. Files of the data directory are under dataName.
const (
	headerName   = "pasokh-backup.json"
	dataName     = "data/"
	manifestName = "manifest.json"
)

// What an archive may hold, and what opening one may cost.
const (
	maxEntries  = 1_000_000
	maxHeader   = 64 << 10
	maxManifest = 256 << 20
	workFactor  = 15 // of scrypt: 32 MB of memory
	maxWork     = 16
)

// Header is what a backup says of itself.
type Header struct {
	Format     int       `json:"format"`
	Schema     int       `json:"schema"` // of the configuration
	Version    string    `json:"version"`
	Box        string    `json:"box"` // its name
	Made       time.Time `json:"made"`
	Recordings bool      `json:"recordings"`
}

// Entry is one file of a backup.
type Entry struct {
	Name   string `json:"name"` // in the data directory
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hex
}

// Why a backup cannot be read.
var (
	ErrPassphrase = errors.New("backup: that is not its passphrase")
	ErrFormat     = errors.New("backup: not a backup of a box")
	ErrNewer      = errors.New("backup: made by a newer program")
	ErrDamaged    = errors.New("backup: cut off or changed")
)

// archive writes a backup.
type archive struct {
	sealed  io.WriteCloser
	packed  *gzip.Writer
	tar     *tar.Writer
	entries []Entry
	made    time.Time
}

func newArchive(w io.Writer, passphrase config.Secret, work int, h Header) (*archive, error) {
	key, err := age.NewScryptRecipient(passphrase.Reveal()) // what it is for
	if err != nil {
		return nil, err
	}
	key.SetWorkFactor(work)
	a := &archive{made: h.Made}
	if a.sealed, err = age.Encrypt(w, key); err != nil {
		return nil, err
	}
	if a.packed, err = gzip.NewWriterLevel(a.sealed, gzip.BestSpeed); err != nil {
		return nil, err
	}
	a.tar = tar.NewWriter(a.packed)
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return a, a.put(headerName, int64(len(text)), bytes.NewReader(text))
}

func (a *archive) put(name string, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.made.Truncate(time.Second), Format: tar.FormatPAX}); err != nil {
		return err
	}
	n, err := io.Copy(a.tar, r)
	if err == nil && n < size {
		err = fmt.Errorf("%s: %w", name, io.ErrUnexpectedEOF)
	}
	return err
}

// add puts the first size bytes of a file into the archive.
func (a *archive) add(name string, size int64, r io.Reader) error {
	sum := sha256.New()
	if err := a.put(dataName+filepath.ToSlash(name), size, io.TeeReader(io.LimitReader(r, size), sum)); err != nil {
		return err
	}
	a.entries = append(a.entries, Entry{filepath.ToSlash(name), size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// finish writes the manifest and what closes the archive. Without it nobody reads it.
func (a *archive) finish() error {
	text, err := json.Marshal(a.entries)
	if err != nil {
		return err
	}
	if err := a.put(manifestName, int64(len(text)), bytes.NewReader(text)); err != nil {
		return err
	}
	return errors.Join(a.tar.Close(), a.packed.Close(), a.sealed.Close())
}

// sink takes the files of an archive that is read; done is called when one is whole.
type sink func(name string, size int64) (w io.Writer, done func() error, err error)

// readArchive hands every file to a sink, and checks all of it against the manifest.
// Whatever the sink has taken is worth nothing after an error.
func readArchive(r io.Reader, passphrase config.Secret, to sink) (Header, []Entry, error) {
	h, entries, err := readAll(r, passphrase, to)
	var wrong *age.NoIdentityMatchError
	switch {
	case err == nil, errors.Is(err, ErrFormat), errors.Is(err, ErrNewer), errors.Is(err, ErrDamaged), errors.Is(err, errSink):
		return h, entries, err
	case errors.As(err, &wrong):
		return h, nil, ErrPassphrase
	}
	return h, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
}

// errSink marks an error of whoever takes the files.
var errSink = errors.New("backup")

func readAll(r io.Reader, passphrase config.Secret, to sink) (h Header, entries []Entry, err error) {
	key, err := age.NewScryptIdentity(passphrase.Reveal()) // what it is for
	if err != nil {
		return h, nil, ErrPassphrase // an empty one
	}
	key.SetMaxWorkFactor(maxWork)
	open, err := age.Decrypt(r, key)
	if err != nil {
		if strings.Contains(err.Error(), "failed to read header") {
			return h, nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		return h, nil, err
	}
	h, entries, err = readPacked(open, to)
	if err == nil {
		_, err = io.Copy(io.Discard, open) // its last bytes tell that nothing is missing
	}
	return h, entries, err
}

// readPacked reads what was encrypted.
func readPacked(r io.Reader, to sink) (h Header, entries []Entry, err error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return h, nil, err
	}
	files := tar.NewReader(unpacked)
	if h, err = readHeader(files); err != nil {
		return h, nil, err
	}
	seen := make(map[string]bool)
	for {
		next, err := files.Next()
		if err != nil {
			return h, nil, noEOF(err)
		}
		if next.Name == manifestName {
			break
		}
		e, err := readFile(next, files, to)
		if err != nil {
			return h, nil, err
		}
		if seen[e.Name] || len(entries) >= maxEntries {
			return h, nil, fmt.Errorf("%w: %s", ErrDamaged, e.Name)
		}
		seen[e.Name] = true
		entries = append(entries, e)
	}
	var manifest []Entry
	if err := json.NewDecoder(io.LimitReader(files, maxManifest)).Decode(&manifest); err != nil {
		return h, nil, noEOF(err)
	}
	if len(manifest) != len(entries) {
		return h, nil, fmt.Errorf("%w: %d files of %d", ErrDamaged, len(entries), len(manifest))
	}
	for i, e := range manifest {
		if e != entries[i] {
			return h, nil, fmt.Errorf("%w: %s", ErrDamaged, e.Name)
		}
	}
	if _, err := files.Next(); err != io.EOF {
		return h, nil, fmt.Errorf("%w: more after its end", ErrDamaged)
	}
	_, err = io.Copy(io.Discard, unpacked)
	return h, entries, err
}

// noEOF: an archive ends by itself, not because there is no more of it.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func readHeader(files *tar.Reader) (h Header, err error) {
	first, err := files.Next()
	if err != nil {
		return h, noEOF(err)
	}
	if first.Name != headerName || first.Size > maxHeader {
		return h, ErrFormat
	}
	if err := json.NewDecoder(files).Decode(&h); err != nil {
		return h, noEOF(err)
	}
	switch {
	case h.Format > Format || h.Schema > config.Schema:
		return h, ErrNewer
	case h.Format < 1:
		return h, ErrFormat
	}
	return h, nil
}

func readFile(next *tar.Header, r io.Reader, to sink) (Entry, error) {
	name, ok := strings.CutPrefix(next.Name, dataName)
	if !ok || next.Typeflag != tar.TypeReg || !filepath.IsLocal(name) || path.Clean(name) != name || strings.ContainsAny(name, "\\\x00") {
		return Entry{}, fmt.Errorf("%w: %q", ErrDamaged, next.Name)
	}
	w, done, err := to(filepath.FromSlash(name), next.Size)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", errSink, err)
	}
	sum := sha256.New()
	out := &taker{w: w, sum: sum}
	if n, err := io.Copy(out, r); err != nil || n != next.Size {
		return Entry{}, errors.Join(err, done())
	}
	if err := done(); err != nil {
		return Entry{}, fmt.Errorf("%w: %w", errSink, err)
	}
	return Entry{name, next.Size, hex.EncodeToString(sum.Sum(nil))}, nil
}

// taker hands bytes on and sums them; its errors are the sink's.
type taker struct {
	w   io.Writer
	sum hash.Hash
}

func (t *taker) Write(p []byte) (int, error) {
	t.sum.Write(p)
	n, err := t.w.Write(p)
	if err != nil {
		return n, fmt.Errorf("%w: %w", errSink, err)
	}
	return n, nil
}
