package exchange

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// music is the class of music that whoever is held in a call hears: that of the
// extension that the call goes to, of the trunk that it came by, of the extension
// that calls.
func (x *Exchange) music(c *call.Call, extension string) string {
	cfg, from := x.opts.Config(), c.Origin()
	for _, number := range []string{extension, from.Extension} {
		if e, ok := cfg.Extension(number); ok && e.Music != "" {
			return e.Music
		}
		if t, ok := cfg.Trunk(from.Trunk); ok && t.Music != "" {
			return t.Music
		}
	}
	return config.DefaultMusic
}
