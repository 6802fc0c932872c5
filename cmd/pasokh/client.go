package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/webui/api"
)

// socketName is the daemon's socket in its data directory. Whoever may open it
// has the owner's rights, so it is readable by the box's user only.
const socketName = "pasokh.sock"

// client asks the running daemon.
type client struct {
	http http.Client
	data string
}

func newClient(data string) *client {
	return &client{data: data, http: http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", filepath.Join(data, socketName))
		}}}}
}

// get reads an answer into into, a pointer; *[]byte takes it as it is.
func (c *client) get(ctx context.Context, path string, into any) error {
	return c.do(ctx, http.MethodGet, path, nil, into)
}

// maxAnswer bounds what the daemon may send.
const maxAnswer = 64 << 20

func (c *client) do(ctx context.Context, method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://pasokh"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if strings.HasPrefix(path, "/api/") && len(body) > 0 || method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.ask(req, into)
}

// send posts a file.
func (c *client) send(ctx context.Context, path string, file io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://pasokh"+path, file)
	if err != nil {
		return err
	}
	return c.ask(req, into)
}

func (c *client) ask(req *http.Request, into any) error {
	resp, err := c.http.Do(req)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("no pasokh is running on data directory %q (use --data DIR)", c.data)
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		var refusal struct{ Error struct{ Message string } }
		if json.Unmarshal(text, &refusal) == nil && refusal.Error.Message != "" {
			return errors.New(refusal.Error.Message)
		}
		return errors.New(resp.Status)
	}
	if raw, ok := into.(*[]byte); ok {
		*raw = text
		return nil
	}
	return json.Unmarshal(text, into)
}

// clientFlags parses a command's own flags beside --data. Flags may stand before
// or after the words.
func clientFlags(name string, args []string, out io.Writer, more func(*flag.FlagSet)) (*client, []string, error) {
	f := flag.NewFlagSet("pasokh "+name, flag.ContinueOnError)
	f.SetOutput(out)
	data := f.String("data", "var", "data `directory` of the running box")
	if more != nil {
		more(f)
	}
	var words []string
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			return nil, nil, err
		}
		args = f.Args()
		if len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	return newClient(*data), words, nil
}

// showSIP prints what is left of the SIP messages of a call.
func showSIP(ctx context.Context, c *client, id string, out io.Writer) error {
	var trace api.SIPTrace
	if err := c.get(ctx, "/api/calls/"+url.PathEscape(id)+"/sip", &trace); err != nil {
		return err
	}
	if len(trace.Messages) == 0 {
		fmt.Fprintln(out, "No SIP messages of this call are left in memory.")
	}
	for _, m := range trace.Messages {
		if err := printSIP(out, m); err != nil {
			return err
		}
	}
	return nil
}

// score is the quality of the sound in words: "good (4.4)".
func score(mos float64) string {
	if mos == 0 {
		return "-"
	}
	return fmt.Sprintf("%s (%.1f)", call.Grade(mos), mos)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func seconds(d ledger.Millis) string { return fmt.Sprintf("%.1fs", time.Duration(d).Seconds()) }

func status(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("status", args, out, nil)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return fmt.Errorf("status takes no argument %q", words[0])
	}
	var s api.State
	if err := c.get(ctx, "/api/state", &s); err != nil {
		return err
	}
	var p process
	if err := c.get(ctx, "/local/process", &p); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "process\t%s\t%.1f MB, %.1f in use\t%d goroutines\t%d open files\n", version, float64(p.Memory)/1e6, float64(p.Heap)/1e6, p.Goroutines, p.Files)
	for _, t := range s.Health {
		fmt.Fprintf(w, "%s\t%s\t%s %s\n", t.Severity, t.ID, t.Text["en"], t.Detail)
	}
	if len(s.Health) == 0 {
		fmt.Fprintln(w, "healthy")
	}
	for _, b := range s.Protection.Bans {
		fmt.Fprintf(w, "ban\t%s\t%d wrong passwords\tuntil %s\t%s\n", b.Source, b.Wrong, b.Until.Local().Format(time.DateTime), dash(b.Account))
	}
	if t := s.Protection.Turned; t != (sip.Turned{}) {
		fmt.Fprintln(w, turnedAway(t))
	}
	for _, k := range s.Switches {
		fmt.Fprintf(w, "switch\t%s\t%s\t%s\n", k.Number, position(k), dash(k.Name))
	}
	for _, h := range s.Hours {
		fmt.Fprintf(w, "hours\t%s\t%s\t%s\n", h.Name, openOr(h.Open), until(h))
	}
	for _, l := range s.Lines {
		fmt.Fprintf(w, "line\t%s\t%s\t%.0f V\t%.0f mA\t%s\n", l.Port, l.State, l.Volts, l.Milliamps, dash(l.Name))
	}
	for _, t := range s.Trunks {
		fmt.Fprintf(w, "trunk\t%s\t%s\t%s\t%d calls\t%s\n", t.Name, t.State, dash(t.Server), t.Calls, t.Detail)
	}
	for _, p := range s.Phones {
		fmt.Fprintf(w, "phone\t%s\t%s\t%s\n", p.Extension, p.Contact, p.Agent)
	}
	for _, a := range s.Floor.Agents {
		fmt.Fprintf(w, "agent\t%s\t%s\n", a.Extension, a.State)
	}
	for _, q := range s.Floor.Queues {
		fmt.Fprintf(w, "queue\t%s\t%d waiting\n", q.Number, len(q.Waiting))
	}
	for _, k := range s.Conferences {
		lock := "open"
		if k.Locked {
			lock = "locked"
		}
		fmt.Fprintf(w, "conference\t%s\t%d of %d\t%s\t%s\t%s\n", k.Number, len(k.Members), k.Most, lock, dash(k.Recording), dash(k.Name))
	}
	for _, c := range s.Calls {
		worst := 0.
		for _, l := range c.Legs {
			if worst == 0 || l.MOS != 0 && l.MOS < worst {
				worst = l.MOS
			}
		}
		fmt.Fprintf(w, "call\t%s\t%s\t%s\tsound %s\n", c.ID, c.From, c.Stage, score(worst))
	}
	return w.Flush()
}

func configure(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("config", args, out, nil)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 2 && words[0] == "check":
		if _, err := readConfig(words[1]); err != nil {
			return err
		}
		fmt.Fprintln(out, words[1]+": ok")
		return nil
	case len(words) == 1 && words[0] == "export":
		var text []byte
		if err := c.get(ctx, "/local/config", &text); err != nil {
			return err
		}
		_, err := out.Write(text)
		return err
	case len(words) == 2 && words[0] == "import":
		text, err := os.ReadFile(words[1])
		if err != nil {
			return err
		}
		var done struct{ Revision int }
		if err := c.do(ctx, http.MethodPut, "/local/config?name="+url.QueryEscape(filepath.Base(words[1])), text, &done); err != nil {
			return err
		}
		fmt.Fprintln(out, "in force as revision", done.Revision)
		return nil
	}
	return errors.New("usage: pasokh config check FILE | export | import FILE")
}
