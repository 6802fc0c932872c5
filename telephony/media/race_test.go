//go:build race

package media

// The race detector makes sync.Pool forget on purpose; SRTP's cipher has one.
func init() { forgetful = true }
