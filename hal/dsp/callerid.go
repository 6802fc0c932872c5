package dsp

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CallerID is who a line says is calling.
type CallerID struct {
	Number string // digits, + * # A-D; empty if not told
	Name   string // UTF-8; empty if not told
	// NoNumber and NoName say why there is none: 'P' withheld, 'O' not
	// available; 0 if nothing was said.
	NoNumber, NoName byte
	Month, Day       int // of the call; 0 if not told. The year is never told
	Hour, Minute     int
}

// The messages and parameters of Telcordia GR-30 and ETSI EN 300 659-3.
const (
	sdmfCallerID = 0x04
	mdmfCallerID = 0x80

	paramTime     = 0x01
	paramNumber   = 0x02
	paramNoNumber = 0x04
	paramName     = 0x07
	paramNoName   = 0x08
)

// The longest number and name, in bytes, that are sent or believed.
const (
	maxCallerNumber = 32
	maxCallerName   = 80
)

// maxCallerIDMessage is type, length, 255 bytes of body and checksum.
const maxCallerIDMessage = 258

// Errors of ParseCallerID.
var (
	ErrChecksum = errors.New("caller ID: wrong checksum")
	ErrMessage  = errors.New("caller ID: not a caller ID message")
)

// At sets the time of the call.
func (c CallerID) At(t time.Time) CallerID {
	c.Month, c.Day, c.Hour, c.Minute = int(t.Month()), t.Day(), t.Hour(), t.Minute()
	return c
}

// MDMF is c as a multiple data message: time, number, name or why there is none.
// Numbers and names that are too long are cut.
func (c CallerID) MDMF() []byte {
	msg := []byte{mdmfCallerID, 0}
	add := func(param byte, value string) {
		msg = append(append(msg, param, byte(len(value))), value...)
	}
	if c.Month > 0 {
		add(paramTime, c.stamp())
	}
	switch number := cleanNumber(c.Number); {
	case number != "":
		add(paramNumber, number)
	case c.NoNumber != 0:
		add(paramNoNumber, string(rune(c.NoNumber)))
	}
	switch name := cleanName(c.Name); {
	case name != "":
		add(paramName, name)
	case c.NoName != 0:
		add(paramNoName, string(rune(c.NoName)))
	}
	return seal(msg)
}

// SDMF is c as a single data message, which has no room for a name.
func (c CallerID) SDMF() []byte {
	msg := append([]byte{sdmfCallerID, 0}, c.stamp()...)
	switch number := cleanNumber(c.Number); {
	case number != "":
		msg = append(msg, number...)
	case c.NoNumber != 0:
		msg = append(msg, c.NoNumber)
	default:
		msg = append(msg, 'O')
	}
	return seal(msg)
}

func (c CallerID) stamp() string {
	two := func(n int) int { return (n%100 + 100) % 100 }
	return fmt.Sprintf("%02d%02d%02d%02d", two(c.Month), two(c.Day), two(c.Hour), two(c.Minute))
}

// seal fills in the length and adds the checksum.
func seal(msg []byte) []byte {
	msg[1] = byte(len(msg) - 2)
	return append(msg, -sum(msg))
}

func sum(b []byte) (s byte) {
	for _, x := range b {
		s += x
	}
	return s
}

// ParseCallerID reads a message, from its type byte to its checksum. Parameters
// it does not know are passed over.
func ParseCallerID(msg []byte) (CallerID, error) {
	if len(msg) < 3 || len(msg) != int(msg[1])+3 {
		return CallerID{}, ErrMessage
	}
	if sum(msg) != 0 {
		return CallerID{}, ErrChecksum
	}
	body := msg[2 : len(msg)-1]
	switch msg[0] {
	case sdmfCallerID:
		return parseSDMF(body)
	case mdmfCallerID:
		return parseMDMF(body)
	}
	return CallerID{}, ErrMessage
}

func parseSDMF(body []byte) (c CallerID, err error) {
	if len(body) < 8 || !c.setStamp(body[:8]) {
		return CallerID{}, ErrMessage
	}
	c.setNumber(body[8:])
	return c, nil
}

func parseMDMF(body []byte) (c CallerID, err error) {
	for len(body) > 0 {
		if len(body) < 2 || len(body) < 2+int(body[1]) {
			return CallerID{}, ErrMessage
		}
		param, value := body[0], body[2:2+int(body[1])]
		body = body[2+len(value):]
		switch {
		case param == paramTime:
			c.setStamp(value) // a wrong clock is no reason to lose the number
		case param == paramNumber:
			c.setNumber(value)
		case param == paramName:
			c.Name = cleanName(string(value))
		case param == paramNoNumber && len(value) == 1:
			c.NoNumber = reason(value[0])
		case param == paramNoName && len(value) == 1:
			c.NoName = reason(value[0])
		}
	}
	return c, nil
}

// setNumber takes a number, or the one letter that some send instead.
func (c *CallerID) setNumber(value []byte) {
	if len(value) == 1 && reason(value[0]) != 0 {
		c.NoNumber = value[0]
		return
	}
	c.Number = cleanNumber(string(value))
}

func reason(b byte) byte {
	if b == 'P' || b == 'O' {
		return b
	}
	return 0
}

func (c *CallerID) setStamp(b []byte) bool {
	if len(b) != 8 {
		return false
	}
	var n [4]int
	for i, x := range b {
		if x < '0' || x > '9' {
			return false
		}
		n[i/2] = n[i/2]*10 + int(x-'0')
	}
	if n[0] < 1 || n[0] > 12 || n[1] < 1 || n[1] > 31 || n[2] > 23 || n[3] > 59 {
		return false
	}
	c.Month, c.Day, c.Hour, c.Minute = n[0], n[1], n[2], n[3]
	return true
}

// cleanNumber keeps what may stand in a number.
func cleanNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '+' || r < utf8.RuneSelf && IsDTMF(byte(r)) {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), maxCallerNumber)]
}

// cleanName makes valid, printable UTF-8 of a name. The standards know ASCII
// only, exchanges send what they like: bytes that are no UTF-8 become "?".
func cleanName(s string) string {
	s = strings.ToValidUTF8(s, "?")
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != '\u200c' { // Persian words contain zero-width non-joiners
			return -1
		}
		return r
	}, s)
	for len(s) > maxCallerName {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return strings.TrimSpace(s)
}

// DTMFCallerID reads caller ID sent as keys: "A<number>#", "D<number>C",
// "B..." parts after the number passed over, or a bare "<number>#". "D1#" to
// "D3#" say why there is no number.
func DTMFCallerID(keys string) (c CallerID, ok bool) {
	if len(keys) < 2 || len(keys) > 3*maxCallerNumber {
		return c, false
	}
	start, end := keys[0], keys[len(keys)-1]
	bare := start >= '0' && start <= '9'
	if end != '#' && end != 'C' || !bare && start != 'A' && start != 'D' {
		return c, false
	}
	number := strings.TrimLeft(keys[:len(keys)-1], "AD")
	if i := strings.IndexAny(number, "ABCD"); i >= 0 {
		number = number[:i]
	}
	if strings.Trim(number, "0123456789") != "" {
		return c, false
	}
	switch {
	case start == 'D' && (number == "1" || number == "0"):
		c.NoNumber = 'P'
	case start == 'D' && len(number) <= 1:
		c.NoNumber = 'O'
	case len(number) < 3:
		return c, false
	default:
		c.Number = cleanNumber(number)
	}
	return c, true
}
