package dialog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func TestRedirection(t *testing.T) {
	many := strings.Repeat("Contact: <sip:1@x>\n", 50)
	for _, c := range []struct {
		code           int
		contacts, want string
	}{
		{302, "Contact: <sip:1003@box.test>\n", "sip:1003@box.test"},
		{301, "Contact: <sip:a@x>;q=0.2, \"B, <q>\" <sip:b@x>;Q=0.9\nContact: sip:c@x;q=0.5\n", "sip:b@x sip:c@x sip:a@x"},
		{300, "Contact: <sip:a@x>;q=0.5,<sip:b@x>,<sip:c@x>;q=7\n", "sip:b@x sip:c@x sip:a@x"},
		{305, "Contact: <sip:a@x>, <sip:" + strings.Repeat("9", 600) + "@x>\n", "sip:a@x"},
		{302, many, strings.TrimSpace(strings.Repeat("sip:1@x ", 8))},
	} {
		bubble(t, func(r *rig) {
			r.Reply(r.dial(), c.code, "peer", c.contacts)
			r.Request(sip.ACK)
			r.told(fmt.Sprintf("%d to %s", c.code, c.want), "over moved")
			r.gone()
		})
	}
}
