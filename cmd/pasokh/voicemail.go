package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

const voicemailUsage = "usage: pasokh voicemail [list | save BOX ID FILE | delete BOX ID | heard BOX ID | new BOX ID]"

// voiceMessages lists voice messages, saves one into a file, deletes one, or says whether
// it was heard.
func voiceMessages(ctx context.Context, args []string, out io.Writer) error {
	box := ""
	c, words, err := clientFlags("voicemail", args, out, func(f *flag.FlagSet) {
		f.StringVar(&box, "box", "", "those of an `extension` or queue")
	})
	if err != nil {
		return err
	}
	if len(words) == 0 || len(words) == 1 && words[0] == "list" {
		return listVoicemail(ctx, c, box, out)
	}
	if len(words) < 3 {
		return errors.New(voicemailUsage)
	}
	path := "/api/voicemail/" + url.PathEscape(words[1]) + "/" + url.PathEscape(words[2])
	switch verb := words[0]; {
	case verb == "save" && len(words) == 4:
		return saveSound(ctx, c, path+"/sound.wav", words[3])
	case verb == "delete" && len(words) == 3:
		return c.do(ctx, http.MethodPost, path+"/delete", []byte("{}"), new(api.Done))
	case (verb == "heard" || verb == "new") && len(words) == 3:
		return send(ctx, c, http.MethodPost, path+"/heard", api.MarkMessage{Heard: verb == "heard"}, new(api.Done))
	}
	return errors.New(voicemailUsage)
}

func listVoicemail(ctx context.Context, c *client, box string, out io.Writer) error {
	var v api.Voicemail
	if err := c.get(ctx, "/api/voicemail?"+url.Values{"box": {box}}.Encode(), &v); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "BOX\tMESSAGE\tLEFT\tFROM\tLENGTH\tSTATE\tCALL")
	for _, m := range v.Messages {
		state := "new"
		if m.Heard {
			state = "heard"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%v\t%s\t%s\n", m.Box, m.ID, m.Left.Local().Format(time.DateTime), m.From, time.Duration(m.Length)*time.Millisecond, state, m.Call)
	}
	return w.Flush()
}
