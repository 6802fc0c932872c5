//go:build !linux

package clock

// Punctual is c: there is no better timer here.
func Punctual(c Clock) Clock { return c }
