package sdp

// Refusal is why an offer or an answer cannot be taken. The SIP answer is 488 Not
// Acceptable Here with this as its Warning (RFC 3261 20.43).
type Refusal struct {
	code int
	text string
}

// The refusals. A description with several audio sections is refused for the
// reason of the one that came nearest.
var (
	ErrNoAudio = &Refusal{304, "no audio offered"}
	// ErrAddress: a host's name, looking it up could take seconds; a multicast
	// group; an address of the other family, which our socket cannot reach.
	ErrAddress = &Refusal{301, "media address cannot be used"}
	ErrNoCodec = &Refusal{305, "no common codec"}
	// ErrEncrypted: encryption is switched off for this peer, or in a way or with
	// parameters that we do not know.
	ErrEncrypted = &Refusal{302, "encryption not accepted"}
	// ErrPlain: the peer must encrypt and does not.
	ErrPlain = &Refusal{302, "encryption (SRTP) required"}
)

// Error is the reason in English.
func (r *Refusal) Error() string { return r.text }

// Warning is the code and text of a SIP Warning header field.
func (r *Refusal) Warning() (code int, text string) { return r.code, r.text }
