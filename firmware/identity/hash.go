package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"

	"github.com/pasokh/pasokh/firmware/config"
)

// The cost of one hash: OWASP's least, and what a small box can spare.
const (
	hashMemory = 19 * 1024 // KiB
	hashTime   = 2
	hashSalt   = 16 // bytes
	hashSize   = 32 // bytes
)

// hasher hashes passwords with argon2id (RFC 9106), one at a time: each takes 19 MiB.
type hasher struct {
	turn   chan struct{}
	nobody string // hash that no password has
}

func newHasher() hasher {
	h := hasher{turn: make(chan struct{}, 1)}
	// Nobody knows the password: it is random and forgotten here.
	h.nobody = h.hash(RandomSecret(32).Reveal())
	return h
}

// hash makes a text of salt and hash. Should the cost ever change, the form will
// get a new first word.
func (h hasher) hash(password string) string {
	salt := make([]byte, hashSalt)
	rand.Read(salt) // it never fails
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	return "argon2id-19-2 " + encode(salt) + " " + encode(derive(password, salt))
}

// matches compares in constant time; it waits for its turn until ctx ends.
func (h hasher) matches(ctx context.Context, hash, password string) (bool, error) {
	var form, salt, want string
	if _, err := fmt.Sscan(hash, &form, &salt, &want); err != nil || form != "argon2id-19-2" {
		return false, fmt.Errorf("password hash of unknown form %q", form)
	}
	rawSalt, err := base64.RawStdEncoding.DecodeString(salt)
	if err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return subtle.ConstantTimeCompare([]byte(encode(derive(password, rawSalt))), []byte(want)) == 1, nil
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, hashTime, hashMemory, 1, hashSize)
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// RandomSecret makes a password of n characters, at least 16, that are not
// mistaken for one another when read out or copied by hand.
func RandomSecret(n int) config.Secret {
	const alphabet = "abcdefghijkmnpqrstuvwxyz23456789" // 32: no l, o, 0, 1
	text := make([]byte, max(n, 16))
	rand.Read(text) // it never fails
	for i := range text {
		text[i] = alphabet[text[i]%byte(len(alphabet))]
	}
	return config.Secret(text)
}
