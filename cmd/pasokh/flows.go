package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

const flowUsage = "usage: pasokh flows list | show NUMBER | draft FILE | publish NUMBER | discard NUMBER | rollback NUMBER REVISION"

// flows shows voice menus and takes them through their drafts.
func flows(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("flows", args, out, nil)
	if err != nil {
		return err
	}
	verb, number := "list", ""
	if len(words) > 0 {
		verb = words[0]
	}
	if len(words) > 1 {
		number = words[1]
	}
	path := "/api/flows/" + url.PathEscape(number)
	var f api.FlowDetail
	switch {
	case verb == "list" && len(words) < 2:
		return listFlows(ctx, c, out)
	case verb == "show" && len(words) == 2:
		if err := c.get(ctx, path, &f); err != nil {
			return err
		}
		return showFlow(f, out)
	case verb == "draft" && len(words) == 2:
		text, err := os.ReadFile(number)
		if err != nil {
			return err
		}
		flow, err := config.ParseFlow(text)
		if err != nil {
			return err
		}
		if err := send(ctx, c, http.MethodPut, "/api/flows/"+url.PathEscape(flow.Number)+"/draft", api.FlowDraft{YAML: string(text)}, &f); err != nil {
			return err
		}
		fmt.Fprintln(out, "draft of", flow.Number, "kept")
		return showProblems(f, out)
	case verb == "publish" && len(words) == 2:
		if err := c.do(ctx, http.MethodPost, path+"/publish", nil, &f); err != nil {
			return err
		}
		fmt.Fprintln(out, number, "is in force as revision", f.History[0].Number)
		return nil
	case verb == "discard" && len(words) == 2:
		var done api.Done
		if err := c.do(ctx, http.MethodDelete, path+"/draft", nil, &done); err != nil {
			return err
		}
		fmt.Fprintln(out, "draft of", number, "forgotten")
		return nil
	case verb == "rollback" && len(words) == 3:
		revision, err := strconv.Atoi(words[2])
		if err != nil {
			return errors.New(flowUsage)
		}
		if err := send(ctx, c, http.MethodPost, path+"/rollback", api.RollBack{Revision: revision}, &f); err != nil {
			return err
		}
		fmt.Fprintln(out, number, "is again as in revision", revision)
		return nil
	}
	return errors.New(flowUsage)
}

// send is a request with a body.
func send(ctx context.Context, c *client, method, path string, ask, answer any) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	return c.do(ctx, method, path, body, answer)
}

func listFlows(ctx context.Context, c *client, out io.Writer) error {
	var all []api.FlowView
	if err := c.get(ctx, "/api/flows", &all); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tNAME\tSTEPS\tDRAFT")
	for _, f := range all {
		draft := "-"
		if !f.Drafted.IsZero() {
			draft = f.Drafted.Local().Format(time.DateTime) + " by " + f.Author
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", f.Number, dash(f.Name), f.Steps, draft)
	}
	return w.Flush()
}

// showFlow writes the draft if there is one, what is wrong with it and the history.
func showFlow(f api.FlowDetail, out io.Writer) error {
	text := f.YAML
	if f.Draft != "" {
		text = f.Draft
		fmt.Fprintln(out, "# a draft, not in force")
	}
	fmt.Fprint(out, text)
	if err := showProblems(f, out); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range f.History {
		fmt.Fprintf(w, "# revision %d\t%s\t%s\t%s\n", r.Number, r.At.Local().Format(time.DateTime), r.Author, r.Note)
	}
	return w.Flush()
}

func showProblems(f api.FlowDetail, out io.Writer) error {
	for _, p := range f.Wrong {
		fmt.Fprintln(out, "# wrong:", p.Error())
	}
	for _, p := range f.Advice {
		fmt.Fprintln(out, "# look at:", p.Error())
	}
	return nil
}
