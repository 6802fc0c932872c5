package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// queues is what a supervisor does at the console.
func queues(ctx context.Context, args []string, out io.Writer) error {
	var agent api.Supervise
	var caller api.Usher
	first := false
	c, words, err := clientFlags("queue", args, out, func(f *flag.FlagSet) {
		f.StringVar(&agent.Queue, "queue", "", "`number` of one queue; all of the agent's otherwise")
		f.StringVar(&agent.Reason, "reason", "", "of a pause: its digits")
		f.BoolVar(&first, "first", false, "put the caller first in the line")
		f.IntVar(&agent.Minutes, "minutes", 0, "more wrap-up, 1 to 60; 0 ends it")
	})
	if err != nil {
		return err
	}
	verbs := map[string]string{"login": "log-in", "logout": "log-out", "pause": "pause", "resume": "resume", "wrap-up": "enough"}
	switch {
	case len(words) == 1 && words[0] == "agents":
		return listAgents(ctx, c, out)
	case len(words) == 2 && verbs[words[0]] != "":
		if agent.Do = verbs[words[0]]; words[0] == "wrap-up" && agent.Minutes > 0 {
			agent.Do = "more"
		}
		return tellDesk(ctx, c, "/api/agents/"+url.PathEscape(words[1]), agent, out)
	case (len(words) == 2 || len(words) == 3) && words[0] == "move":
		if caller.Do = "move"; first {
			caller.Do = "first"
		}
		if len(words) == 3 {
			caller.Queue = words[2]
		}
		return tellDesk(ctx, c, "/api/calls/"+url.PathEscape(words[1])+"/queue", caller, out)
	case len(words) == 3 && words[0] == "take":
		return tellDesk(ctx, c, "/api/calls/"+url.PathEscape(words[1])+"/queue", api.Usher{Do: "take", By: words[2]}, out)
	}
	return errors.New("usage: pasokh queue agents | login AGENT | logout AGENT | pause AGENT | resume AGENT | wrap-up AGENT | move CALL [QUEUE] | take CALL SUPERVISOR, not " + fmt.Sprintf("%q", strings.Join(words, " ")))
}

func tellDesk(ctx context.Context, c *client, path string, ask any, out io.Writer) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	var done api.Done
	if err := c.do(ctx, http.MethodPost, path, body, &done); err != nil {
		return err
	}
	fmt.Fprintln(out, "done")
	return nil
}

// listAgents lists the agents, and the callers who wait.
func listAgents(ctx context.Context, c *client, out io.Writer) error {
	var s api.State
	if err := c.get(ctx, "/api/state", &s); err != nil {
		return err
	}
	since := func(at time.Time) string { return s.Now.Sub(at).Round(time.Second).String() }
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AGENT\tNAME\tSTATE\tFOR\tQUEUE\tCALL")
	for _, a := range s.Floor.Agents {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", a.Extension, dash(a.Name), a.State, since(a.Since), dash(a.Queue), dash(string(a.Call)))
	}
	for _, q := range s.Floor.Queues {
		for _, x := range q.Waiting {
			fmt.Fprintf(w, "waits\t%s\t%d. in line\t%s\t%s\t%s\n", x.Party, x.Position, since(x.Joined), q.Number, x.Call)
		}
	}
	return w.Flush()
}
