package phone

import "time"

// Event is something that happened to a phone, as phonesim prints it: one JSON
// object per line.
type Event struct {
	At    time.Time `json:"at"`
	Phone string    `json:"phone"`
	// Event is "registered", "calling", "ringing", "answered", "digit", "held",
	// "resumed", "ended" or "audio".
	Event   string `json:"event"`
	Call    string `json:"call,omitempty"`
	From    string `json:"from,omitempty"`    // ringing: the caller's number
	Name    string `json:"name,omitempty"`    // ringing: the caller's name
	To      string `json:"to,omitempty"`      // ringing: the number that was dialled, if told
	Subject string `json:"subject,omitempty"` // ringing: the queue, if told
	Status  int    `json:"status,omitempty"`  // ended: SIP status; 0 for a BYE
	Reason  string `json:"reason,omitempty"`  // ended: Reason header or phrase
	Digit   string `json:"digit,omitempty"`
	Expires int    `json:"expires,omitempty"` // registered: seconds
	Audio   *Heard `json:"audio,omitempty"`
}
