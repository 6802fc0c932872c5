package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui/api"
)

// callbacks lists who waits to be called back, puts somebody in line, or changes a place.
func callbacks(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("callbacks", args, out, nil)
	if err != nil {
		return err
	}
	post := func(path string, body, into any) error {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return c.do(ctx, http.MethodPost, path, text, into)
	}
	switch {
	case len(words) == 0:
		var state api.State
		if err := c.get(ctx, "/api/state", &state); err != nil {
			return err
		}
		return listCallbacks(state.Floor, out)
	case (len(words) == 3 || len(words) == 4) && words[0] == "add":
		var placed api.CalledBack
		ask := api.CallBack{Number: words[2]}
		if len(words) == 4 {
			if ask.At, err = bookedTime(words[3]); err != nil {
				return err
			}
		}
		if err := post("/api/queues/"+url.PathEscape(words[1])+"/callbacks", ask, &placed); err != nil {
			return err
		}
		fmt.Fprintln(out, placed.ID)
		return nil
	case len(words) == 2 && words[0] == "slots":
		var list api.QueueSlots
		if err := c.get(ctx, "/api/queues/"+url.PathEscape(words[1])+"/slots", &list); err != nil {
			return err
		}
		for _, s := range list.Slots {
			fmt.Fprintf(out, "%s to %s  %d free\n", s.From.Format(minutes), s.Until.Format("15:04"), s.Free)
		}
		return nil
	case len(words) == 3 && words[0] == "book":
		at, err := bookedTime(words[2])
		if err != nil {
			return err
		}
		return post("/api/callbacks/"+url.PathEscape(words[1]), api.CallbackDo{Do: "book", At: at}, new(api.Done))
	case len(words) == 2 && (words[0] == "now" || words[0] == "withdraw"):
		return post("/api/callbacks/"+url.PathEscape(words[1]), api.CallbackDo{Do: words[0]}, new(api.Done))
	}
	return errors.New("usage: pasokh callbacks [add QUEUE NUMBER [TIME] | slots QUEUE | now ID | book ID TIME | withdraw ID], TIME as slots lists it")
}

// minutes is a moment in the form in which slots are listed.
const minutes = "2006-01-02T15:04Z07:00"

func bookedTime(text string) (time.Time, error) {
	at, err := time.Parse(minutes, text)
	if err != nil {
		return at, fmt.Errorf("%q is not a time such as 2026-11-23T15:00+03:30", text)
	}
	return at, nil
}

func listCallbacks(b queue.Board, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tQUEUE\tPLACE\tNUMBER\tASKED\tTRIES\tSTATE")
	for _, q := range b.Queues {
		for _, c := range q.Waiting {
			if h := c.Held; h != nil {
				state := h.State
				if state == "later" {
					state = "not before " + h.Due.Local().Format(minutes)
				}
				fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%d\t%s\n", c.Call, q.Number, c.Position, c.Party.Number, h.Asked.Local().Format(time.DateTime), h.Tries, state)
			}
		}
	}
	return w.Flush()
}
