package dialog

import (
	"strconv"
	"strings"
	"time"
)

// ParseKey reads the body of an INFO that carries one key: "application/dtmf-relay"
// with Signal and Duration lines, or "application/dtmf" with the key alone.
// Duration is 0 when it was not said. Hook flash and anything else is no key.
func ParseKey(mediaType string, body []byte) (digit byte, d time.Duration, ok bool) {
	if len(body) > maxKeyBody {
		return 0, 0, false
	}
	signal := string(body)
	switch mediaType {
	case "application/dtmf":
	case "application/dtmf-relay":
		signal = ""
		for line := range strings.Lines(string(body)) {
			name, value, _ := strings.Cut(line, "=")
			value = strings.TrimSpace(value)
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "signal":
				signal = value
			case "duration":
				if ms, err := strconv.Atoi(value); err == nil && ms >= 0 && ms <= maxKeyLength {
					d = time.Duration(ms) * time.Millisecond
				}
			}
		}
	default:
		return 0, 0, false
	}
	switch signal = strings.ToUpper(strings.TrimSpace(signal)); {
	case signal == "10":
		return '*', d, true
	case signal == "11":
		return '#', d, true
	case len(signal) == 1 && strings.Contains("0123456789*#ABCD", signal):
		return signal[0], d, true
	}
	return 0, 0, false
}

const (
	maxKeyBody   = 256
	maxKeyLength = 10000 // ms
)
