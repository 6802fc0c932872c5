package trunk

import "time"

// Status is one trunk on the board.
type Status struct {
	Name    string    `json:"name"`
	State   State     `json:"state"`
	Server  string    `json:"server"`           // registered with, or first that is there; "host:port"
	Detail  string    `json:"detail,omitempty"` // what is wrong, in English
	Since   time.Time `json:"since"`            // of State
	Expires time.Time `json:"expires,omitzero"` // of the registration
	Calls   int       `json:"calls"`            // now, both ways
	Most    int       `json:"most,omitempty"`   // limit of Calls; 0: none
}

// State is what a trunk is good for.
type State string

// The states.
const (
	Starting State = "starting" // not known yet
	Up       State = "up"
	Down     State = "down"
)
