package ivr

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/pasokh/pasokh/firmware/config"
)

// TestSay: a flow says a value of every kind that the configuration knows, at the
// house's own time, and digits for what is no such value.
func TestSay(t *testing.T) {
	for _, c := range []struct {
		as          config.SayAs
		value, want string
	}{
		{config.SayDigits, "12", "fa/number-1 fa/number-2"},
		{config.SayTelephone, "110", "fa/number-100-o fa/number-10"},
		{config.SayNumber, "21", "fa/number-20-o fa/number-1"},
		{config.SayOrdinal, "21", "fa/number-20-o fa/number-1-om"},
		{config.SayMoney, "2000 toman", "fa/number-2 fa/thousand fa/toman"},
		{config.SayDuration, "61", "fa/number-1 fa/minute-o fa/number-1 fa/second"},
		{config.SayTime, "now", "fa/hour-e fa/number-3-o fa/number-30 fa/minute-e fa/early"},
		{config.SayDate, "today", "fa/weekday-6 fa/number-11-om-e fa/jalali-10-e fa/thousand-o fa/number-300-o fa/number-70-o fa/number-8"},
		{config.SayPrompt, "paused", "fa/paused"},
		{config.SayMoney, "3 camels", "fa/number-3"},
	} {
		synctest.Test(t, func(t *testing.T) { // it is 2000-01-01 3:30 in Tehran
			cfg, _ := house(t)
			f := &config.Flow{Number: "530", Steps: []config.FlowStep{{Name: "say", Do: config.FlowSay, As: c.as, Value: c.value, Next: "bye"},
				{Name: "bye", Do: config.FlowHangUp}}}
			v := enterFlow(f, Options{Config: func() *config.Config { return cfg }})
			<-v.done
			if got := v.heard(); !slices.Contains(got, c.want) {
				t.Errorf("%s %q: %q, want %q", c.as, c.value, got, c.want)
			}
		})
	}
}
