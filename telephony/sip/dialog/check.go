package dialog

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Bounds of a message, besides the 64 KB of the parser.
const (
	maxHeaders = 128 // header fields
	MaxField   = 512 // bytes of a field that is kept
)

// Malformed is the response to a request that lacks what RFC 3261 8.1.1 demands or
// is too large, 0 for a good one. Nothing in this package may see a request that
// was not found good.
func Malformed(req *sip.Request) int {
	from, to, id, seq := req.From(), req.To(), req.CallID(), req.CSeq()
	switch {
	case from == nil || to == nil || id == nil || seq == nil, !strings.EqualFold(string(seq.MethodName), string(req.Method)):
		return 400 // From may lack its tag (RFC 3261 12.1.1); the parser has put the method in capitals
	case len(req.Headers()) > maxHeaders, len(id.Value()) > MaxField:
		return 513
	case to.Params.Has("tag"), req.IsAck(), req.IsCancel(): // as far as it got before
		return 0
	case req.MaxForwards() != nil && req.MaxForwards().Val() == 0:
		return 483
	}
	return 0
}
