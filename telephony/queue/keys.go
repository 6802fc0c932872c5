package queue

import (
	"strconv"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// maxPriority bounds what a flow can make of a caller.
const maxPriority = 100

// priority is what a flow has set for a caller: -100 to 100, 0 where it has not.
func priority(c *call.Call) int {
	n, err := strconv.Atoi(c.Value("priority"))
	if err != nil {
		return 0
	}
	return min(max(n, -maxPriority), maxPriority)
}

// pressed is a key of a caller in line, whatever he hears. It returns the number at which
// his call goes on, or "".
func (v *visit) pressed(key byte) (to string) {
	switch {
	case v.digits.on:
		return v.keyed(key)
	case v.wish.stage != noWish:
		v.wished(key)
		return ""
	}
	switch does := v.queue.KeyDoes(key); does {
	case config.KeyNothing:
	case config.KeySilence:
		v.hush(true)
	case config.KeyMusic:
		v.hush(false)
	case config.KeyPosition:
		if v.position > 0 && !v.told.asking {
			v.told.wanted = true
			v.askPlace()
		}
	case config.KeyCallback:
		v.wishes()
	default:
		return does
	}
	return ""
}
