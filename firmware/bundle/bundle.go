// Package bundle is the file that brings a new version to a box.
//
//	"PASOKH UPDATE 1\n"
//	length of the manifest, 4 bytes, big-endian, at most 64 KiB
//	manifest, JSON
//	Ed25519 signature of all the bytes before it, 64 bytes (RFC 8032)
//	the slot: the bytes that the free slot's partition begins with
//
// The signature covers the manifest, and the manifest the slot by its length and
// SHA-256: the slot can be written while it is read, and is worth nothing unless its
// last byte was right. Read checks everything that can be known before the first byte of
// the slot; Reader's Read fails at its end if the sum is wrong.
package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

const (
	magic       = "PASOKH UPDATE 1\n"
	maxManifest = 64 << 10
	// maxSlot is the most that a slot may hold, in bytes.
	maxSlot = 1 << 30
)

// MaxSize is the most that a bundle can have, in bytes.
const MaxSize = int64(len(magic) + 4 + maxManifest + ed25519.SignatureSize + maxSlot)

// Manifest says what a bundle is.
type Manifest struct {
	Board   string `json:"board"`   // "rpi4"
	Version string `json:"version"` // "1.4.2"
	// Serial orders versions: a box takes none with a smaller one than its own, because
	// old versions have known holes. It is the build's time in seconds since 1970.
	Serial int64     `json:"serial"`
	Made   time.Time `json:"made"`
	Size   int64     `json:"size"`   // of the slot, in bytes
	SHA256 string    `json:"sha256"` // of the slot, hexadecimal
}

// Refusals.
var (
	// ErrFormat: no bundle, or one of a kind that this version does not know.
	ErrFormat = errors.New("this is not an update for this kind of box")
	// ErrSignature: not signed by whom the box trusts, or changed since.
	ErrSignature = errors.New("the update is not signed by the maker of this box, or was damaged")
	// ErrShort: it ends before its end.
	ErrShort = errors.New("the update is not complete")
	// ErrSum: what came is not what was signed.
	ErrSum = errors.New("the update was damaged on its way")
)

// Reader reads the slot of a bundle whose manifest is in order.
type Reader struct {
	Manifest Manifest
	from     io.Reader
	sum      hash.Hash
	left     int64
}

// Read reads the head of a bundle and checks its signature. Errors: ErrFormat,
// ErrSignature, ErrShort.
func Read(from io.Reader, key ed25519.PublicKey) (*Reader, error) {
	head := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(from, head); err != nil || string(head[:len(magic)]) != magic {
		return nil, ErrFormat
	}
	n := binary.BigEndian.Uint32(head[len(magic):])
	if n == 0 || n > maxManifest {
		return nil, ErrFormat
	}
	rest := make([]byte, int(n)+ed25519.SignatureSize)
	if _, err := io.ReadFull(from, rest); err != nil {
		return nil, ErrShort
	}
	text, signature := rest[:n], rest[n:]
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, append(head, text...), signature) {
		return nil, ErrSignature
	}
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&m); err != nil || m.Board == "" || m.Version == "" || m.Size <= 0 || m.Size > maxSlot {
		return nil, ErrFormat
	}
	return &Reader{Manifest: m, from: from, sum: sha256.New(), left: m.Size}, nil
}

// Read gives the slot's bytes. io.EOF comes only after the last one and only if all of
// them were right; else ErrShort or ErrSum.
func (r *Reader) Read(b []byte) (int, error) {
	if r.left == 0 {
		if hex.EncodeToString(r.sum.Sum(nil)) != r.Manifest.SHA256 {
			return 0, ErrSum
		}
		return 0, io.EOF
	}
	n, err := r.from.Read(b[:min(int64(len(b)), r.left)])
	r.sum.Write(b[:n])
	r.left -= int64(n)
	if err != nil && r.left > 0 {
		if errors.Is(err, io.EOF) {
			err = ErrShort
		}
		return n, err
	}
	return n, nil
}

// Write makes a bundle of a slot. Size and SHA256 of the manifest are filled in.
func Write(to io.Writer, m Manifest, slot io.ReadSeeker, key ed25519.PrivateKey) error {
	sum := sha256.New()
	n, err := io.Copy(sum, slot)
	if err != nil {
		return err
	}
	if n > maxSlot {
		return fmt.Errorf("a slot has at most %d bytes, this one %d", maxSlot, n)
	}
	m.Size, m.SHA256 = n, hex.EncodeToString(sum.Sum(nil))
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(text)))
	head = append(head, text...)
	head = append(head, ed25519.Sign(key, head)...)
	if _, err := to.Write(head); err != nil {
		return err
	}
	if _, err := slot.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(to, slot)
	return err
}
