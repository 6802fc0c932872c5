package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/webui/api"
)

// bans lists who is shut out, or lets somebody in again.
func bans(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("bans", args, out, nil)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 0:
		var p sip.Protection
		if err := c.get(ctx, "/api/protection", &p); err != nil {
			return err
		}
		return listBans(p, out)
	case len(words) == 2 && words[0] == "lift":
		body, err := json.Marshal(api.Lift{Source: words[1]})
		if err != nil {
			return err
		}
		var done api.Done
		if err := c.do(ctx, http.MethodPost, "/api/protection/lift", body, &done); err != nil {
			return err
		}
		fmt.Fprintln(out, words[1], "may come in again")
		return nil
	}
	return errors.New("usage: pasokh bans [lift ADDRESS], not " + strings.Join(words, " "))
}

func listBans(p sip.Protection, out io.Writer) error {
	if len(p.Bans) == 0 {
		fmt.Fprintln(out, "Nobody is shut out.")
	} else {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SOURCE\tACCOUNT\tTRIED LAST\tWRONG PASSWORDS\tTIMES\tSINCE\tUNTIL")
		for _, b := range p.Bans {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", b.Source, dash(b.Account), b.Last, b.Wrong, b.Times,
				b.Since.Local().Format(time.DateTime), b.Until.Local().Format(time.DateTime))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, turnedAway(p.Turned))
	return nil
}

// turnedAway is what was turned away, in one line.
func turnedAway(t sip.Turned) string {
	return fmt.Sprintf("turned away: %d calls beyond the limits, %d messages beyond the rate, %d of banned sources, %d of scanners, %d broken, %d connections; %d wrong passwords, %d faults",
		t.Shed, t.Flooding, t.Banned, t.Scanners, t.Broken, t.Doors, t.Wrong, t.Faults)
}
