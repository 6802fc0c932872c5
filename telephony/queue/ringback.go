package queue

import (
	"strconv"

	"github.com/pasokh/pasokh/telephony/call"
)

// ringBack rings an agent who hung up while he had the caller on hold. It returns the leg
// that answered, nil if none did.
func (v *visit) ringBack(agent string) (call.Leg, call.Cause, error) {
	told := call.Offer{Caller: v.call.Arrival().From, Called: v.queue.Number, Via: []string{v.queue.Name}}
	if e, ok := v.floor.config.Load().Extension(agent); ok {
		told.Language = string(e.Language)
	}
	return v.call.Ring(agent, v.floor.opts.Endpoints(agent), told, v.queue.RingFor.D())
}

// first has a caller who comes back into line served before all others.
func (v *visit) first() { v.call.Learn("priority", strconv.Itoa(maxPriority)) }
