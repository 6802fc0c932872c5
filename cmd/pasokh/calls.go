package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
)

// calls lists finished calls or tells the story of one.
func calls(ctx context.Context, args []string, out io.Writer) error {
	q := url.Values{}
	lang, messages, sheet := "en", false, false
	c, words, err := clientFlags("calls", args, out, func(f *flag.FlagSet) {
		given(f, q, "limit", "`number` of calls to list, 1 to 500")
		given(f, q, "from", "first `day`, 2026-11-22")
		given(f, q, "to", "last `day`")
		given(f, q, "number", "that called or was called")
		given(f, q, "queue", "that the call came to")
		given(f, q, "agent", "who talked or was rung")
		given(f, q, "result", "answered, abandoned, missed, served, refused or interrupted")
		f.BoolVar(&sheet, "csv", sheet, "all of them, as CSV")
		f.StringVar(&lang, "lang", lang, "language of stories: en or fa")
		f.BoolVar(&messages, "sip", messages, "show the SIP messages of a call and not its story")
	})
	if err != nil {
		return err
	}
	q.Set("lang", lang)
	switch {
	case (len(words) == 0 || len(words) == 1 && words[0] == "list") && sheet:
		return copyOut(ctx, c, "/api/records.csv?"+q.Encode(), out)
	case len(words) == 0 || len(words) == 1 && words[0] == "list":
		return listCalls(ctx, c, q, out)
	case len(words) == 2 && words[0] == "explain":
		return explainCall(ctx, c, words[1], lang, out)
	case len(words) == 2 && words[0] == "show" && messages:
		return showSIP(ctx, c, words[1], out)
	case len(words) == 2 && words[0] == "show":
		var story api.Story
		if err := c.get(ctx, "/api/calls/"+url.PathEscape(words[1])+"?lang="+url.QueryEscape(lang), &story); err != nil {
			return err
		}
		for _, line := range story.Lines {
			fmt.Fprintln(out, line)
		}
		return nil
	}
	return fmt.Errorf("usage: pasokh calls [list] | show [--sip] ID | explain ID, not %q", strings.Join(words, " "))
}

// explainCall lists what the box decided about a call, and why.
func explainCall(ctx context.Context, c *client, id, lang string, out io.Writer) error {
	var list []ledger.Decision
	if err := c.get(ctx, "/api/calls/"+url.PathEscape(id)+"/explain?lang="+url.QueryEscape(lang), &list); err != nil {
		return err
	}
	for _, d := range list {
		if d.Text != "" {
			fmt.Fprintln(out, d.Text)
		}
	}
	return nil
}

// given is a flag that is sent on as it is given.
func given(f *flag.FlagSet, q url.Values, name, help string) {
	f.Func(name, help, func(text string) error { q.Set(name, text); return nil })
}

func copyOut(ctx context.Context, c *client, path string, out io.Writer) error {
	var text []byte
	if err := c.get(ctx, path, &text); err != nil {
		return err
	}
	_, err := out.Write(text)
	return err
}

func listCalls(ctx context.Context, c *client, q url.Values, out io.Writer) error {
	var list api.Records
	if err := c.get(ctx, "/api/records?"+q.Encode(), &list); err != nil {
		return err
	}
	if len(list.Records) == 0 {
		fmt.Fprintln(out, "No calls.")
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CALL\tSTARTED\tFROM\tTO\tQUEUE\tAGENT\tWAIT\tRING\tTALK\tRESULT\tCAUSE\tSOUND")
	for _, r := range list.Records {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Call, r.Started.Local().Format("2006-01-02 15:04:05"),
			r.From, r.To, dash(r.Queue), dash(r.Agent), seconds(r.Wait), seconds(r.Ring), seconds(r.Talk), r.Result, r.Cause, score(r.MOS))
	}
	return w.Flush()
}
