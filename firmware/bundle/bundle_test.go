package bundle

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"testing"
)

func keys() (ed25519.PublicKey, ed25519.PrivateKey) {
	k := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	return k.Public().(ed25519.PublicKey), k
}

func made(t testing.TB, slot []byte) []byte {
	t.Helper()
	_, k := keys()
	var b bytes.Buffer
	if err := Write(&b, Manifest{Board: "sim", Version: "2", Serial: 2}, bytes.NewReader(slot), k); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte) (Manifest, []byte, error) {
	key, _ := keys()
	r, err := Read(bytes.NewReader(b), key)
	if err != nil {
		return Manifest{}, nil, err
	}
	slot, err := io.ReadAll(r)
	return r.Manifest, slot, err
}

// TestAnyByteMatters changes, and cuts off, a bundle at every byte.
func TestAnyByteMatters(t *testing.T) {
	slot := bytes.Repeat([]byte("a system "), 40)
	whole := made(t, slot)
	m, got, err := read(whole)
	if err != nil || m.Version != "2" || m.Board != "sim" || !bytes.Equal(got, slot) {
		t.Fatalf("%+v, %v", m, err)
	}
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 1
		if _, _, err := read(b); err == nil {
			t.Errorf("byte %d does not matter", i)
		}
		if _, _, err := read(whole[:i]); err == nil {
			t.Errorf("cut after %d bytes, and whole", i)
		}
	}
	if _, _, err := read(whole[:len(whole)-1]); !errors.Is(err, ErrShort) {
		t.Error(err)
	}
	whole[len(whole)-1]++
	if _, _, err := read(whole); !errors.Is(err, ErrSum) {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(made(f, []byte("slot")))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, slot, err := read(b); err == nil && int64(len(slot)) != m.Size {
			t.Errorf("%d bytes of %d", len(slot), m.Size)
		}
	})
}
