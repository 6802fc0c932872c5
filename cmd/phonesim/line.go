package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// lineCaller is the command "line": somebody calls in on a simulated line of the
// running demo. It plays the caller through the page's interface, as the page's
// own button does, and fails if the box does not answer.
func lineCaller(ctx context.Context, args []string) error {
	var env, port, number, name, release, keys, record string
	var after, talk, patience time.Duration
	var tone int
	fs := flag.NewFlagSet("line", flag.ContinueOnError)
	fs.StringVar(&env, "env", "var/demo.env", "file that the demo box writes")
	fs.StringVar(&port, "port", "fxo1", "line to call in on")
	fs.StringVar(&number, "number", "02188776655", "caller ID; empty: withheld")
	fs.StringVar(&name, "name", "", "caller's name")
	fs.StringVar(&release, "release", "loop-drop", "how the line tells of the hang-up: loop-drop, busy-tone or reversal")
	fs.StringVar(&keys, "keys", "", "keys to press")
	fs.DurationVar(&after, "after", 3*time.Second, "press them so long after the answer")
	fs.DurationVar(&talk, "talk", 20*time.Second, "hang up so long after the answer; 0: wait for the box")
	fs.DurationVar(&patience, "patience", 30*time.Second, "hang up when not answered within")
	fs.IntVar(&tone, "tone", 0, "tone to send, in Hz")
	fs.StringVar(&record, "record", "", "WAV file for what is heard")
	if err := fs.Parse(args); err != nil {
		return err
	}
	vars, err := readEnv(env)
	if err != nil {
		return err
	}
	t, err := signIn(ctx, vars)
	if err != nil {
		return err
	}
	t.port, t.print = "/api/sim/lines/"+port, printer()
	if err := t.post(ctx, t.port+"/call", map[string]any{"number": number, "name": name, "release": release}); err != nil {
		return err
	}
	if err := t.until(ctx, patience, "answered"); err != nil {
		return errors.Join(err, t.post(ctx, t.port+"/hangup", nil))
	}
	answered := time.Now()
	if tone > 0 {
		if err := t.post(ctx, t.port+"/talk", map[string]int{"hz": tone}); err != nil {
			return err
		}
	}
	if keys != "" {
		if !wait(ctx, time.Until(answered.Add(after))) {
			return ctx.Err()
		}
		if err := t.post(ctx, t.port+"/press", map[string]string{"digits": keys}); err != nil {
			return err
		}
	}
	if talk > 0 {
		wait(ctx, time.Until(answered.Add(talk)))
		if err := t.post(context.WithoutCancel(ctx), t.port+"/hangup", nil); err != nil {
			return err
		}
	}
	if err := t.until(ctx, forever, "idle"); err != nil {
		return err
	}
	if record == "" {
		return nil
	}
	wav, err := t.get(ctx, t.port+"/heard.wav")
	if err != nil {
		return err
	}
	return os.WriteFile(record, wav, 0o600)
}

// townsman is a session at the demo's page.
type townsman struct {
	http  http.Client
	base  string
	port  string // path of the line
	print func(phone.Event)
	state string
}

func signIn(ctx context.Context, vars map[string]string) (*townsman, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := &townsman{base: vars["HTTP_URL"], http: http.Client{Jar: jar, Timeout: 10 * time.Second}}
	return t, t.post(ctx, "/api/sign-in", map[string]string{"user": vars["ADMIN_USER"], "password": vars["ADMIN_PASS"]})
}

func (t *townsman) post(ctx context.Context, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = t.do(ctx, http.MethodPost, path, text)
	return err
}

func (t *townsman) get(ctx context.Context, path string) ([]byte, error) {
	return t.do(ctx, http.MethodGet, path, nil)
}

// maxAnswer holds ten minutes of sound.
const maxAnswer = 16 << 20

func (t *townsman) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, t.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := t.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, strings.TrimSpace(string(answer)))
	}
	return answer, nil
}

// look is how often the line's state is read.
const look = 200 * time.Millisecond

// until waits until the line is in a state and prints what it passes through.
func (t *townsman) until(ctx context.Context, limit time.Duration, state string) error {
	for end := time.Now().Add(limit); ; {
		answer, err := t.get(ctx, t.port)
		if err != nil {
			return err
		}
		var line struct{ State string }
		if err := json.Unmarshal(answer, &line); err != nil {
			return err
		}
		if line.State != t.state {
			t.state = line.State
			t.print(phone.Event{At: time.Now(), Phone: strings.TrimPrefix(t.port, "/api/sim/lines/"), Event: line.State})
		}
		switch {
		case line.State == state:
			return nil
		case time.Now().After(end):
			return fmt.Errorf("line not %s within %v but %s", state, limit, line.State)
		case !wait(ctx, look):
			return ctx.Err()
		}
	}
}

// wait lets d pass; false means that ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
