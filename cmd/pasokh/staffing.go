package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/pasokh/pasokh/telephony/staffing"
)

// staff tells how many agents a load needs, with what a few more or fewer would do.
// It asks no box: the load is given.
func staff(_ context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("staffing", flag.ContinueOnError)
	flags.SetOutput(out)
	calls := flags.Float64("calls", 0, "calls an hour")
	handle := flags.Duration("handle", 3*time.Minute, "mean of talk and wrap-up")
	patience := flags.Duration("patience", 2*time.Minute, "mean time a caller is willing to wait")
	target := flags.String("target", "80/20", "percent answered within seconds")
	lost := flags.Float64("abandoned", 5, "percent of callers that may give up")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var percent float64
	var seconds int
	if n, err := fmt.Sscanf(*target, "%f/%d", &percent, &seconds); n != 2 || err != nil || seconds < 0 || seconds > 3600 {
		return fmt.Errorf("target %q: percent/seconds, as 80/20", *target)
	}
	load := staffing.Load{Calls: *calls, Handle: *handle, Patience: *patience}
	wait := time.Duration(seconds) * time.Second
	need, err := load.Need(staffing.Target{Within: percent / 100, Wait: wait, Abandoned: *lost / 100})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d agents are needed\n\nagents  within %ds  abandoned  mean wait  busy\n", need.Agents, seconds)
	for n := max(1, need.Agents-2); n <= min(staffing.MaxAgents, need.Agents+2); n++ {
		o, err := load.With(n, wait)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%6d  %8.1f %%  %7.1f %%  %8.1fs  %3.0f %%\n", n, 100*o.Within, 100*o.Abandoned, o.Wait.Seconds(), 100*o.Busy)
	}
	return nil
}
