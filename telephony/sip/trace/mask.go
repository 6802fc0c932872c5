package trace

import "bytes"

// shownNonce is how much of a nonce is left to see, to tell one from another.
const shownNonce = 8

// masked is a copy of a message without its secrets, of the same length: digest
// responses, most of each nonce, and the keys of media.
func masked(text []byte) []byte {
	text = bytes.Clone(text)
	var field []byte                      // the name of the last one
	for line := range bytes.Lines(text) { // they share text's memory
		name, value, ok := bytes.Cut(line, []byte(":"))
		if name = bytes.TrimSpace(name); line[0] == ' ' || line[0] == '\t' { // RFC 3261 7.3.1: a folded line
			name, value, ok = field, line, true
		}
		field = name
		blot(line, "inline:", 0) // a=crypto (RFC 4568 9.1), however it is written
		switch {
		case bytes.HasPrefix(line, []byte("a=ice-pwd:")):
			blot(line, "ice-pwd:", 0)
		case !ok:
		case named(name, "Authorization", "Proxy-Authorization"):
			blot(value, "response=", 0)
			blot(value, "nonce=", shownNonce)
		case named(name, "WWW-Authenticate", "Proxy-Authenticate", "Authentication-Info"):
			blot(value, "nonce=", shownNonce)
			blot(value, "rspauth=", 0)
		}
	}
	return text
}

func named(name []byte, names ...string) bool {
	for _, n := range names {
		if bytes.EqualFold(name, []byte(n)) {
			return true
		}
	}
	return false
}

// blot overwrites the value that follows each key, but for its first characters.
// A key's letters may be large or small.
func blot(line []byte, key string, show int) {
	for at := 0; at+len(key) <= len(line); at++ {
		if !bytes.EqualFold(line[at:at+len(key)], []byte(key)) {
			continue
		}
		value := bytes.TrimPrefix(line[at+len(key):], []byte{'"'})
		end := bytes.IndexAny(value, "\",; \t\r\n")
		if end < 0 {
			end = len(value)
		}
		for i := show; i < end; i++ {
			value[i] = '*'
		}
	}
}
