package sip

import (
	"crypto/rand"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sdp"
)

// encryptable gives a leg its keys, for as long as it lives, if its sound may be
// encrypted at all.
func (l *leg) encryptable(s config.SRTP) {
	l.local.Secure, l.local.Crypto = s == config.SRTPRequired, keysFor(s)
}

// keysFor are keys of our own, one for each suite; none where nothing is encrypted.
func keysFor(s config.SRTP) (list []sdp.Crypto) {
	if s != config.SRTPOptional && s != config.SRTPRequired {
		return nil
	}
	for i, suite := range sdp.Suites() {
		key := make([]byte, suite.Size)
		_, _ = rand.Read(key) // it does not fail
		list = append(list, sdp.Crypto{Tag: i + 1, Suite: suite.Name, Master: key})
	}
	return list
}

// secured tells that the sound has become encrypted, or is no more.
func (l *leg) secured(on bool) {
	if on == l.secure {
		return
	}
	l.secure = on
	if on && !confidential(l.network) {
		l.log.Warn("keys of encrypted sound travel in the clear: use TLS for the signalling", "transport", l.network)
	}
	l.post(call.Secured{Leg: l.id, On: on})
}

// confidential tells transports that nobody reads along on. WebSockets are those of
// the page, which has TLS.
func confidential(network string) bool { return network != "UDP" && network != "TCP" }

func mediaKey(c *sdp.Crypto) *media.Key {
	if c == nil {
		return nil
	}
	return &media.Key{Suite: c.Suite, Master: c.Master, MKI: c.MKI}
}
