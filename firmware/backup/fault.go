package backup

import (
	"errors"
	"net"
	"syscall"
)

// codeOf names what went wrong, for pages that have words for it; empty: anything else.
func codeOf(err error) string {
	var net net.Error
	for _, known := range []struct {
		err  error
		code string
	}{{ErrPassphrase, "passphrase"}, {ErrFormat, "format"}, {ErrNewer, "newer"}, {syscall.ENOSPC, "full"}, {ErrDamaged, "damaged"}, {ErrNoUSB, "no-usb"}, {ErrHostKey, "host-key"},
		{ErrUnknown, "unknown"}, {ErrInside, "inside"}, {ErrMount, "mount"}} {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	if errors.As(err, &net) {
		return "unreachable"
	}
	return ""
}
