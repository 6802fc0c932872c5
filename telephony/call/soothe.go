package call

import "time"

// soothing is what a caller hears whom the other party keeps on hold for long.
type soothing struct {
	every time.Duration // 0: nothing
	what  Program
	at    time.Time // next, while he is held
}

// Soothe lets the caller hear a program, over the music, each time that the other party
// of the talks from now on has had him on hold for so long; 0 is never.
func (c *Call) Soothe(every time.Duration, p Program) { c.soothe = soothing{every: every, what: p} }

// sootheFrom begins or ends to count, after a party has held or resumed.
func (c *Call) sootheFrom(other *member) {
	c.soothe.at = time.Time{}
	if c.soothe.every > 0 && other != nil && other.held && !c.caller.held {
		c.soothe.at = c.opts.Clock.Now().Add(c.soothe.every)
	}
}

func (c *Call) sootheNow(music string) {
	p := c.soothe.what
	p.Under = music
	c.caller.leg.Audio().Play(p)
	c.noteSaid(p)
	c.soothe.at = c.soothe.at.Add(c.soothe.every)
}
