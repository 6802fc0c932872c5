package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// The second step of signing in: a code of six digits that the user's phone computes
// anew every 30 s (RFC 6238), or one of ten recovery codes.
const (
	codeStep      = 30 * time.Second
	recoveryCodes = 10
)

// seconds is what is not kept on disk about second steps.
type seconds struct {
	mu sync.Mutex
	// offered are keys that users have been shown and not confirmed yet.
	offered map[string]string
	// last is the step of the last code that a user was let in with: a code counts once
	// (RFC 6238 5.2).
	last map[string]int64
}

// Offer is a key for one-time codes that a user puts into his phone.
type Offer struct {
	Secret string `json:"secret"` // in base32, to be typed
	URI    string `json:"uri"`    // otpauth, of which the QR code is a picture
	// Path draws the QR code, as the d of an SVG path on a square of Size.
	Path string `json:"path"`
	Size int    `json:"size"`
}

// OfferSecond makes a key for a user, which counts once ConfirmSecond has seen a code of it.
func (k *Keeper) OfferSecond(name, box string) (Offer, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(box, ":", " "), AccountName: name, SecretSize: 20, Rand: rand.Reader})
	if err != nil {
		return Offer{}, fmt.Errorf("make key: %w", err)
	}
	code, err := qr.Encode(key.URL(), qr.M, qr.Auto)
	if err != nil {
		return Offer{}, fmt.Errorf("draw key: %w", err)
	}
	s := &k.seconds
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offered == nil {
		s.offered = make(map[string]string)
	}
	s.offered[name] = key.Secret()
	path, size := drawn(code)
	return Offer{key.Secret(), key.URL(), path, size}, nil
}

// drawn is a code as an SVG path, with the quiet zone of four modules around it
// (ISO/IEC 18004 6.3.8).
func drawn(code barcode.Barcode) (path string, size int) {
	const quiet = 4
	var b strings.Builder
	box := code.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x-box.Min.X+quiet, y-box.Min.Y+quiet)
			}
		}
	}
	return b.String(), box.Dx() + 2*quiet
}

// ConfirmSecond lets the user sign in in two steps from now on: his phone has the key. It
// returns his recovery codes, which nobody can tell him again, and ends his sessions.
// Errors: ErrCode, ErrThrottled.
func (k *Keeper) ConfirmSecond(name, code string) (recovery []string, err error) {
	guesser := "second " + name
	if err := k.throttle.try(k.clock.Now(), guesser); err != nil {
		return nil, err
	}
	k.seconds.mu.Lock()
	secret := k.seconds.offered[name]
	k.seconds.mu.Unlock()
	if secret == "" || !k.right(name, secret, code) {
		return nil, ErrCode
	}
	k.throttle.passed(guesser)
	var hashes [][]byte
	for range recoveryCodes {
		one := RandomSecret(16).Reveal() // shown once, here
		sum := sha256.Sum256([]byte(one))
		hashes, recovery = append(hashes, sum[:]), append(recovery, one[:4]+"-"+one[4:8]+"-"+one[8:12]+"-"+one[12:])
	}
	err = k.change(name, func(u *user, known bool) error {
		if !known {
			return ErrNoUser
		}
		u.Second, u.Recovery = secret, hashes
		return nil
	})
	if err != nil {
		return nil, err
	}
	k.seconds.mu.Lock()
	delete(k.seconds.offered, name)
	k.seconds.mu.Unlock()
	return recovery, nil
}

// EndSecond lets a user sign in with his password alone again.
func (k *Keeper) EndSecond(name string) error {
	return k.change(name, func(u *user, known bool) error {
		if !known {
			return ErrNoUser
		}
		u.Second, u.Recovery = "", nil
		return nil
	})
}

// SecondStep lets somebody in whose password Verify has found right: with his one-time
// code or a recovery code, which is spent then; who has no second step needs none. Wrong
// codes are counted by user wherever they come from, since who tries knows the password.
// Errors: ErrSecond (without a code), ErrCode, ErrThrottled.
func (k *Keeper) SecondStep(name, code string) error {
	k.mu.Lock()
	u := k.users[name]
	k.mu.Unlock()
	if u.Second == "" {
		return nil
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	if code == "" {
		return ErrSecond
	}
	guesser := "second " + name
	if err := k.throttle.try(k.clock.Now(), guesser); err != nil {
		return err
	}
	if !k.right(name, u.Second, code) {
		if err := k.spend(name, code); err != nil {
			return err
		}
	}
	k.throttle.passed(guesser)
	return nil
}

// spend takes one of a user's recovery codes.
func (k *Keeper) spend(name, code string) error {
	sum := sha256.Sum256([]byte(code))
	return k.change(name, func(u *user, _ bool) error {
		for i, h := range u.Recovery {
			if subtle.ConstantTimeCompare(h, sum[:]) == 1 {
				u.Recovery = slices.Delete(slices.Clone(u.Recovery), i, i+1)
				return nil
			}
		}
		return ErrCode
	})
}

// right tells whether a code is that of now, or of the step before or after, since clocks
// differ, and newer than the last one that was.
func (k *Keeper) right(name, secret, code string) bool {
	s := &k.seconds
	s.mu.Lock()
	defer s.mu.Unlock()
	now := k.clock.Now()
	for _, off := range []time.Duration{0, -codeStep, codeStep} {
		at := now.Add(off)
		step := at.Unix() / int64(codeStep/time.Second)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil || step <= s.last[name] || subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 {
			continue
		}
		if s.last == nil {
			s.last = make(map[string]int64)
		}
		s.last[name] = step
		return true
	}
	return false
}
