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
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/webui/api"
)

// backups makes and restores copies of the box.
func backups(ctx context.Context, args []string, out io.Writer) error {
	var secret string
	c, words, err := clientFlags("backup", args, out, func(f *flag.FlagSet) {
		f.StringVar(&secret, "passphrase-file", "", "`file` with the passphrase of another box's backup")
	})
	if err != nil {
		return err
	}
	const path = "/api/care/backup"
	post := func(path string, body any, into any) error {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return c.do(ctx, http.MethodPost, path, text, into)
	}
	var s backup.State
	switch {
	case len(words) == 0 || len(words) == 1 && words[0] == "status":
		if err := c.get(ctx, path, &s); err != nil {
			return err
		}
		return printBackups(out, s)
	case len(words) == 1 && (words[0] == "now" || words[0] == "rehearse" || words[0] == "cancel"):
		do := map[string]string{"now": "make"}[words[0]]
		if do == "" {
			do = words[0]
		}
		if err := post(path+"/do", api.BackupDo{Do: do}, &s); err != nil || do == "cancel" {
			return err
		}
	case len(words) == 2 && words[0] == "list":
		return listBackups(ctx, c, words[1], out)
	case len(words) == 3 && words[0] == "prepare":
		ask := api.BackupPrepare{Place: words[1], Name: words[2]}
		if secret != "" {
			text, err := os.ReadFile(secret)
			if err != nil {
				return err
			}
			ask.Passphrase = strings.TrimRight(string(text), "\r\n")
		}
		if err := post(path+"/prepare", ask, &s); err != nil {
			return err
		}
	case len(words) == 1 && words[0] == "restore":
		var done api.Done
		if err := post(path+"/restore", struct{}{}, &done); err != nil {
			return err
		}
		fmt.Fprintln(out, "the box starts anew with the restored state")
		return nil
	default:
		return errors.New("usage: pasokh backup [status] | now | rehearse | list PLACE | prepare PLACE NAME [--passphrase-file FILE] | cancel | restore")
	}
	return follow(ctx, c, path, out)
}

// follow waits for the end of what was begun and tells how it went.
func follow(ctx context.Context, c *client, path string, out io.Writer) error {
	for {
		var s backup.State
		if err := c.get(ctx, path, &s); err != nil {
			return err
		}
		if s.Job != nil && s.Job.Over {
			if s.Job.Fault != "" {
				return errors.New(s.Job.Fault)
			}
			return printBackups(out, s)
		}
		select {
		case <-time.After(300 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func listBackups(ctx context.Context, c *client, place string, out io.Writer) error {
	var l api.BackupList
	if err := c.get(ctx, "/api/care/backup/list?place="+url.QueryEscape(place), &l); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, b := range l.Backups {
		whose := "another box's"
		if b.Own {
			whose = "this box's"
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f MB\t%s\n", b.Name, b.Made.Local().Format("2006-01-02 15:04"), float64(b.Size)/1e6, whose)
	}
	return w.Flush()
}

func printBackups(out io.Writer, s backup.State) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range s.Last {
		how := fmt.Sprintf("%.1f MB", float64(r.Size)/1e6)
		if r.Fault != "" {
			how = "FAILED: " + r.Fault
		}
		fmt.Fprintf(w, "backup\t%s\t%s\t%s\t%s\n", r.Place, r.At.Local().Format("2006-01-02 15:04"), dash(r.Name), how)
	}
	if p := s.Proof; p != nil {
		how := fmt.Sprintf("can be restored: %d files, %.1f MB, %d extensions", p.Holds.Files, float64(p.Holds.Bytes)/1e6, p.Holds.Extensions)
		if p.Fault != "" {
			how = "CANNOT BE RESTORED: " + p.Fault
		}
		fmt.Fprintf(w, "rehearsal\t%s\t%s\t%s\t%s\n", p.Place, p.At.Local().Format("2006-01-02 15:04"), p.Name, how)
	}
	if p := s.Pending; p != nil {
		fmt.Fprintf(w, "prepared\t%s\t%s\tof %s by %s\t%d extensions for %d, %d queues for %d, settings %d for %d\n", p.Place, p.Header.Made.Local().Format("2006-01-02 15:04"),
			p.Header.Box, dash(p.Header.Version), p.Holds.Extensions, p.Now.Extensions, p.Holds.Queues, p.Now.Queues, p.Holds.Revision, p.Now.Revision)
	}
	if s.Next != "" {
		fmt.Fprintf(w, "next\t%s\n", s.Next)
	}
	return w.Flush()
}
