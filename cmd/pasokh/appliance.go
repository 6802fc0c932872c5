package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

const applianceUsage = "usage: pasokh box [update FILE | restart | forget]"

// appliance tells of the box under the telephone, and does with it what only process 1
// can.
func appliance(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("box", args, out, nil)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 0:
		return showAppliance(ctx, c, out)
	case len(words) == 2 && words[0] == "update":
		return updateAppliance(ctx, c, words[1])
	case len(words) == 1 && (words[0] == "restart" || words[0] == "forget"):
		return c.do(ctx, http.MethodPost, "/api/appliance/"+words[0], []byte("{}"), new(api.Done))
	}
	return errors.New(applianceUsage)
}

func showAppliance(ctx context.Context, c *client, out io.Writer) error {
	var a api.Appliance
	if err := c.get(ctx, "/api/appliance", &a); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	state := "confirmed"
	if a.Trial {
		state = "being tried"
	}
	fmt.Fprintf(w, "board\t%s\nversion\t%s, slot %s, %s\n", a.Board, a.Version, a.Slot, state)
	fmt.Fprintf(w, "started\t%s\nnetwork\t%s %s (%s)\n", a.Started.Local().Format(time.DateTime), a.Network.Interface, a.Network.Address, a.Network.How)
	if a.Updating.Version != "" {
		fmt.Fprintf(w, "update\t%s, %d of %d bytes\n", a.Updating.Version, a.Updating.Written, a.Updating.Size)
	}
	for _, e := range a.Ends {
		fmt.Fprintf(w, "ended\t%s: %s\n", e.At.Local().Format(time.DateTime), e.How)
	}
	return w.Flush()
}

// updateAppliance sends an update; it starts at the next restart.
func updateAppliance(ctx context.Context, c *client, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://pasokh/api/appliance/update", f)
	if err != nil {
		return err
	}
	long := c.http
	long.Timeout = 20 * time.Minute
	res, err := long.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		return nil
	}
	var e struct {
		Error struct{ Message string }
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&e); err != nil || e.Error.Message == "" {
		return errors.New(res.Status)
	}
	return errors.New(e.Error.Message)
}
