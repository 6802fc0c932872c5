package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// Key is a master key of SRTP for one direction (RFC 3711). SRTCP keys are derived
// from it too.
type Key struct {
	Suite  string // its name in SDP (RFC 4568 6.2, RFC 6188)
	Master []byte // master key and master salt, one after the other
	MKI    []byte // in every packet, to name the key; nil is none
}

// String is the suite: keys are not for logs.
func (k *Key) String() string { return k.Suite }

// GoString masks the key under %#v.
func (k *Key) GoString() string { return k.Suite }

func (k *Key) equal(o *Key) bool {
	if k == nil || o == nil {
		return k == o
	}
	return k.Suite == o.Suite && bytes.Equal(k.Master, o.Master) && bytes.Equal(k.MKI, o.MKI)
}

const (
	sealRoom = 10 // bytes of the longest authentication tag
	// replayWindow is how many packets late one may be: more than the order of RTP
	// is kept for.
	replayWindow = 128
	// maxSources bounds the senders under one key: a phone has a new one after a
	// transfer or a restart of its sound.
	maxSources = 64
)

// context makes the state of a key: its session keys and, by sender, the roll-over
// counter, from zero.
func (k *Key) context(options ...srtp.ContextOption) (*srtp.Context, error) {
	var profile srtp.ProtectionProfile
	switch k.Suite {
	case "AES_CM_128_HMAC_SHA1_80":
		profile = srtp.ProtectionProfileAes128CmHmacSha1_80
	case "AES_CM_128_HMAC_SHA1_32":
		profile = srtp.ProtectionProfileAes128CmHmacSha1_32
	case "AES_256_CM_HMAC_SHA1_80":
		profile = srtp.ProtectionProfileAes256CmHmacSha1_80
	default:
		return nil, fmt.Errorf("SRTP suite %q is not known", k.Suite)
	}
	size, err := profile.KeyLen()
	if err != nil || len(k.Master) < size {
		return nil, fmt.Errorf("SRTP key of %d bytes is too short for %s", len(k.Master), k.Suite)
	}
	if len(k.MKI) > 0 {
		options = append(options, srtp.MasterKeyIndicator(k.MKI))
	}
	c, err := srtp.CreateContext(k.Master[:size], k.Master[size:], profile, options...)
	if err != nil {
		return nil, fmt.Errorf("SRTP key for %s: %w", k.Suite, err)
	}
	return c, nil
}

// encrypt gives the params the state of their keys. Where a key is the old one its
// state goes on: the roll-over counter is not known from the packets (RFC 3711
// 3.3.1), and what was heard once must not be heard again.
func (p *Params) encrypt(old *Params) error {
	if old == nil {
		old = &Params{}
	}
	if p.seal = old.seal; !p.Seal.equal(old.Seal) {
		if p.seal = nil; p.Seal != nil {
			c, err := p.Seal.context()
			if err != nil {
				return err
			}
			p.seal = &seal{context: c}
		}
	}
	if p.open = old.open; !p.Open.equal(old.Open) {
		if p.open = nil; p.Open != nil {
			c, err := p.Open.context(srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow))
			if err != nil {
				return err
			}
			p.open = &open{context: c}
		}
	}
	return nil
}

// seal encrypts what a party is sent. The tick and the readers of those it talks
// with use it, one at a time.
type seal struct {
	mu      sync.Mutex
	context *srtp.Context
	header  rtp.Header // of the packet in work
}

// packet encrypts b in place and makes it longer by the tag, for which there is
// sealRoom. It gives nil when the key is used up (RFC 3711 9.2).
func (s *seal) packet(b []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	sealed, err := s.context.EncryptRTP(b, b, &s.header)
	if err != nil {
		return nil
	}
	return sealed
}

// control encrypts a packet of RTCP (RFC 3711 3.4). It gives nil when the key is used
// up.
func (s *seal) control(b []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	sealed, err := s.context.EncryptRTCP(nil, b, nil)
	if err != nil {
		return nil
	}
	return sealed
}

// open decrypts what a party sends. The readers of its two sockets use it.
type open struct {
	mu      sync.Mutex
	context *srtp.Context
	sources int
}

var errSources = errors.New("more senders than a party has")

// packet decrypts b, whose header is h, in place. A packet that is not the party's
// changes nothing.
func (o *open) packet(b []byte, h *rtp.Header) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, known := o.context.ROC(h.SSRC)
	if !known && o.sources == maxSources {
		return nil, errSources
	}
	plain, err := o.context.DecryptRTP(b, b, h)
	if err == nil && !known {
		o.sources++
	}
	return plain, err
}

// control decrypts a packet of RTCP.
func (o *open) control(b []byte) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(b) < 8 {
		return nil, srtp.ErrFailedToVerifyAuthTag
	}
	_, known := o.context.Index(binary.BigEndian.Uint32(b[4:]))
	if !known && o.sources == maxSources {
		return nil, errSources
	}
	plain, err := o.context.DecryptRTCP(nil, b, nil)
	if err == nil && !known {
		o.sources++
	}
	return plain, err
}

// isReplay tells a packet that came a second time from one that is forged. pion has
// no name for the first.
func isReplay(fault error) bool {
	return !errors.Is(fault, srtp.ErrFailedToVerifyAuthTag) && !errors.Is(fault, srtp.ErrMKINotFound) && !errors.Is(fault, errSources)
}
