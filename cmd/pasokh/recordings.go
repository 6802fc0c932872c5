package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// recordings lists recordings, saves one into a file, or deletes one.
func recordings(ctx context.Context, args []string, out io.Writer) error {
	limit, day, number, agent := 50, "", "", ""
	c, words, err := clientFlags("recordings", args, out, func(f *flag.FlagSet) {
		f.IntVar(&limit, "limit", limit, "`number` of recordings to list, 1 to 500")
		f.StringVar(&day, "day", "", "those of a `day`, 2026-11-22")
		f.StringVar(&number, "number", "", "those that a `number` took part in")
		f.StringVar(&agent, "agent", "", "those that an `extension` took part in")
	})
	if err != nil {
		return err
	}
	switch {
	case len(words) == 0:
		q := url.Values{"limit": {fmt.Sprint(limit)}, "number": {number}, "agent": {agent}}
		if day != "" {
			from, err := time.ParseInLocation(time.DateOnly, day, time.Local)
			if err != nil {
				return fmt.Errorf("--day %s: want a day such as 2026-11-22", day)
			}
			q.Set("from", from.Format(time.RFC3339))
			q.Set("to", from.AddDate(0, 0, 1).Format(time.RFC3339))
		}
		return listRecordings(ctx, c, q, out)
	case len(words) == 3 && words[0] == "save":
		return saveSound(ctx, c, "/api/recordings/"+url.PathEscape(words[1])+"/sound.wav", words[2])
	case len(words) == 2 && words[0] == "delete":
		return c.do(ctx, http.MethodPost, "/api/recordings/"+url.PathEscape(words[1])+"/delete", []byte("{}"), new(api.Done))
	}
	return fmt.Errorf("usage: pasokh recordings [save ID FILE | delete ID], not %q", strings.Join(words, " "))
}

func listRecordings(ctx context.Context, c *client, q url.Values, out io.Writer) error {
	var list api.Recordings
	if err := c.get(ctx, "/api/recordings?"+q.Encode(), &list); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RECORDING\tBEGAN\tFROM\tTO\tWITH\tLENGTH\tSTATE\tCALL")
	for _, e := range list.Recordings {
		state := string(e.State)
		if d := e.Deleted; d != nil {
			state += " by " + dash(d.By)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%v\t%s\t%s\n", e.ID, e.Began.Local().Format(time.DateTime), e.From, e.To,
			dash(strings.Join(e.With, " ")), time.Duration(e.Length)*time.Millisecond, state, e.Call)
	}
	s := list.Space
	fmt.Fprintf(w, "kept\t%.1f MB, %.1f MB free\n", float64(s.Kept)/1e6, float64(s.Free)/1e6)
	return w.Flush()
}

// saveSound copies a recording, which may be of hours, as it comes.
func saveSound(ctx context.Context, c *client, path, name string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pasokh"+path, nil)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, resp.Body)
	return errors.Join(err, f.Close())
}
