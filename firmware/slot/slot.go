// Package slot keeps which of the box's two systems starts.
//
// A disk has two slots, A and B, each with one whole system: kernel, drivers and
// programs. One of them is the confirmed one. An update writes the other and asks for it
// to be tried: the boot loader starts it at most Tries times, and it stays only if it
// confirms itself once it works. A system that crashes, hangs until the watchdog resets
// the board, or cannot even be loaded uses up its tries, and the boot loader goes back to
// the confirmed one by itself: no running program is needed for that.
//
// What is kept where depends on the boot loader and is behind Selector: Raw for U-Boot,
// whose script board/*/boot.cmd reads and counts it, and Tryboot for the Raspberry Pi,
// whose firmware tries the other partition once when it is asked to at a restart.
//
// Nothing here is safe for concurrent use: the program that is process 1 owns the disk.
package slot

import (
	"errors"
	"fmt"
)

// Name is a slot's: "a" or "b".
type Name string

// The slots.
const (
	A Name = "a"
	B Name = "b"
)

// Other is the slot beside this one.
func (n Name) Other() Name {
	if n == A {
		return B
	}
	return A
}

// Partition is the slot's number in the partition table, 2 or 3.
func (n Name) Partition() int {
	if n == A {
		return 2
	}
	return 3
}

// valid tells a slot from what is damaged.
func (n Name) valid() bool { return n == A || n == B }

// Tries is how often a new system may start before it has confirmed itself.
const Tries = 2

// State is what the boot loader goes by.
type State struct {
	// Active is the confirmed slot.
	Active Name
	// Try is the slot to be tried, "" for none.
	Try Name
	// Left are the starts that Try has left, 0 to Tries.
	Left int
}

// ErrLost: no copy of the state can be read. The boot loader starts slot A then.
var ErrLost = errors.New("the slots' state cannot be read")

// Selector is where a boot loader looks.
type Selector interface {
	// Read is the state as it is kept. Errors: ErrLost, or what the disk says.
	Read() (State, error)
	// Write replaces the state so that a loss of power leaves the old or the new one.
	Write(State) error
	// Restart is what the kernel's restart is asked for, "" for nothing special, so
	// that the boot loader tries what it is to try.
	Restart(State) string
}

// Try asks for a slot to be tried at the next start.
func Try(s Selector, n Name) error {
	now, err := s.Read()
	if err != nil && !errors.Is(err, ErrLost) {
		return err
	}
	if !now.Active.valid() {
		now.Active = n.Other()
	}
	if n == now.Active {
		return fmt.Errorf("slot %s is the confirmed one", n)
	}
	return s.Write(State{Active: now.Active, Try: n, Left: Tries})
}

// GiveUp forgets what is being tried: the confirmed slot starts next.
func GiveUp(s Selector) error {
	now, err := s.Read()
	if err != nil {
		return err
	}
	return s.Write(State{Active: now.Active})
}

// Confirm makes the running slot the one that starts from now on. What was to be tried
// is forgotten.
func Confirm(s Selector, running Name) error {
	now, err := s.Read()
	if err == nil && now == (State{Active: running}) {
		return nil
	}
	return s.Write(State{Active: running})
}
