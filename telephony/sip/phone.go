package sip

import "time"

// Phone is one registered contact on the board.
type Phone struct {
	Extension string    `json:"extension"`
	Name      string    `json:"name"`
	Contact   string    `json:"contact"` // sip:1002@192.0.2.7:5060
	Source    string    `json:"source"`  // where its packets come from, "ip:port"
	Transport string    `json:"transport"`
	Agent     string    `json:"agent"` // User-Agent
	Since     time.Time `json:"since"`
	Expires   time.Time `json:"expires"`
}
