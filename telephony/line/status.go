package line

import "github.com/pasokh/pasokh/telephony/call"

// Status is one port on the board.
type Status struct {
	Port      string     `json:"port"` // "fxo1"
	Kind      string     `json:"kind"` // "fxo", "fxs"
	Name      string     `json:"name"`
	Extension string     `json:"extension,omitempty"` // of the phone on an FXS port
	State     string     `json:"state"`               // idle, ringing, off-hook, in-call, unplugged, fault
	Volts     float64    `json:"volts"`               // DC across the line, V
	Milliamps float64    `json:"milliamps"`           // DC loop current, mA
	Caller    call.Party `json:"caller,omitzero"`     // as decoded from caller ID
	Call      call.ID    `json:"call,omitempty"`
	Fault     string     `json:"fault,omitempty"`
}
