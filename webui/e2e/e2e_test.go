// Package e2e drives the built pages in Chromium against the real server, and
// proves that the committed pages are what their sources build.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui"
	"github.com/pasokh/pasokh/webui/server"
	"github.com/pasokh/pasokh/webui/webtest"
)

// npm wants node and packages of the page.
func npm(t *testing.T, packages ...string) {
	t.Helper()
	need.Program(t, "node")
	for _, p := range packages {
		if _, err := os.Stat(filepath.Join("../node_modules", p, "package.json")); err != nil {
			need.Missing(t, p+" is not here: run npm ci in webui")
		}
	}
}

func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute) // t.Context ends before cleanups
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, name, args...)
}

func TestCommittedPagesAreWhatTheSourcesBuild(t *testing.T) {
	npm(t, "esbuild", "typescript")
	check := command(t, "node", "../node_modules/typescript/bin/tsc", "--noEmit", "--project", "..")
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("types: %v\n%s", err, out)
	}
	fresh := t.TempDir()
	if out, err := command(t, "node", "../build.mjs", fresh).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	committed := read(t, os.DirFS("../dist"))
	built := read(t, os.DirFS(fresh))
	for name, want := range built {
		if have, ok := committed[name]; !ok || !bytes.Equal(have, want) {
			t.Errorf("dist/%s is not what the sources build; run npm run build in webui", name)
		}
	}
	for name := range committed {
		if _, ok := built[name]; !ok {
			t.Errorf("dist/%s has no source", name)
		}
	}
}

func read(t *testing.T, dir fs.FS) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(dir, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// site is the real server over a box without telephony.
type site struct {
	box     *webtest.Box
	server  *server.Server
	address string
	stop    func()
}

func open(t *testing.T, box *webtest.Box) *site {
	t.Helper()
	pages, err := webui.Dist()
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{Rooms: box.Rooms(), Extra: box.Hooks().Routes(), Keeper: box.Keeper, News: &box.News, Log: box.Log, Audit: box.Note, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	si := &site{box: box, server: s, address: "127.0.0.1:0"}
	si.start(t)
	t.Cleanup(func() { si.stop() })
	return si
}

// start listens, the second time on the same port as before.
func (si *site) start(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", si.address)
	if err != nil {
		t.Fatal(err)
	}
	si.address = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- si.server.Run(ctx) }()
	go func() { done <- si.server.Serve(ctx, l, si.server.Handler()) }()
	si.stop = func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		si.stop = func() {}
	}
}

// browser is a walk.mjs.
type browser struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

type reply struct {
	OK    bool
	Error string
	Text  string
	State string
	Count int
	Dir   string
	Value any
	Level float64
	Rate  float64
}

func (si *site) browse(t *testing.T) *browser {
	t.Helper()
	npm(t, "playwright-core")
	need.Program(t, "chromium")
	cmd := command(t, "node", "walk.mjs")
	cmd.Env = append(os.Environ(), "HTTP_URL=http://"+si.address, "ADMIN_USER=admin", "ADMIN_PASS="+webtest.Password)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, in: in, out: bufio.NewScanner(out)}
	t.Cleanup(func() {
		in.Close()
		for b.out.Scan() {
			t.Log(b.out.Text()) // complaints of the page's console
		}
		if err := cmd.Wait(); err != nil && !t.Failed() {
			t.Errorf("the walk ended with %v", err)
		}
	})
	return b
}

// do sends a command, as key and value pairs after its name.
func (b *browser) do(what string, pairs ...any) reply {
	b.t.Helper()
	command := map[string]any{"do": what}
	for i := 0; i < len(pairs); i += 2 {
		command[pairs[i].(string)] = pairs[i+1]
	}
	line, err := json.Marshal(command)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.in, "%s\n", line); err != nil {
		b.t.Fatal(err)
	}
	if !b.out.Scan() {
		b.t.Fatalf("%s: the browser is gone: %v", line, b.out.Err())
	}
	var r reply
	if err := json.Unmarshal(b.out.Bytes(), &r); err != nil {
		b.t.Fatalf("%s answered %s: %v", line, b.out.Bytes(), err)
	}
	if !r.OK {
		b.t.Fatalf("%s: %s", line, r.Error)
	}
	return r
}

func (b *browser) sees(testid, text string) {
	b.t.Helper()
	b.do("wait", "testid", testid, "contains", text)
}

func TestOwnerSignsInAndWatchesACallLive(t *testing.T) {
	now := time.Now()
	si := open(t, webtest.New(webtest.Quiet(now)))
	b := si.browse(t)
	b.do("signin", "password", "not the password", "fails", true, "contains", "do not go together")
	b.do("signin")
	b.sees("headline", "All quiet")
	b.sees("line-fxo1", "Free")
	b.sees("line-fxo2", "Nothing plugged in")
	b.sees("records", "No call has ended yet")
	b.do("eval", "script", "window.never = 'reloaded'")

	omid := call.Party{Number: "09123456789", Name: "Omid"}
	si.box.Change(func(s *webtest.Scene) {
		s.Lines[0].State, s.Lines[0].Caller = "ringing", omid
	}, event.Lines)
	b.do("wait", "testid", "line-fxo1", "state", "ringing", "contains", "09123456789")

	si.box.Change(func(s *webtest.Scene) {
		s.Floor.Queues[0].Waiting = []queue.CallerView{{Call: "c1", Party: omid, Position: 1, Joined: time.Now(), Offered: "1002"}}
		s.Floor.Agents[0].State, s.Floor.Agents[0].Since = "ringing", time.Now()
		s.Steps = map[call.ID][]call.Step{"c1": {{Call: "c1", At: time.Now(), Type: call.StepArrived, Origin: call.Origin{Line: "fxo1"}}}}
		s.Calls = []call.Snapshot{{ID: "c1", Started: time.Now(), From: omid, To: "500", Origin: call.Origin{Line: "fxo1"}, Stage: "queue 700",
			Legs: []call.LegView{{ID: "l1", Kind: call.FXO, Device: "fxo1", State: "up", Since: time.Now()}}}}
	}, event.Queues, event.Calls)
	b.sees("headline", "One caller is waiting")
	b.do("wait", "testid", "agent-1002", "state", "ringing")
	b.sees("waiting-1", "Omid")
	b.sees("waiting-1", "0:02") // the timer runs on the page alone
	b.sees("stage", "In the queue")
	b.sees("stage", "Support")
	b.do("click", "testid", "explain-now") // while it runs
	b.sees("story-line", "called on line 1")
	b.do("click", "testid", "story-close")

	if r := b.do("lang", "lang", "fa"); r.Dir != "rtl" {
		t.Errorf("in Persian the page runs %s, want rtl", r.Dir)
	}
	b.sees("headline", "یک نفر در صف")
	b.sees("waiting-1", "۰۹۱۲۳۴۵۶۷۸۹")
	if r := b.do("eval", "script", `getComputedStyle(document.querySelector("[data-testid=waiting-1] .num")).direction`); r.Value != "ltr" {
		t.Errorf("a phone number runs %v in Persian, want ltr", r.Value)
	}
	si.box.Change(func(s *webtest.Scene) {
		s.Floor.Queues[0].Waiting, s.Calls = nil, nil
		s.Floor.Agents[0].State, s.Floor.Agents[0].Until = "wrap-up", time.Now().Add(time.Minute)
		s.Records = []ledger.Record{{Call: "c1", Started: time.Now(), Ended: time.Now(), From: omid, To: "500", Queue: "700", Agent: "1002", Result: "answered"}}
		s.Steps = map[call.ID][]call.Step{"c1": {{Call: "c1", At: time.Now(), Type: call.StepArrived, Origin: call.Origin{Line: "fxo1"}}}}
	}, event.Queues, event.Calls, event.Ledger)
	b.do("wait", "testid", "agent-1002", "state", "wrap-up", "contains", "جمع‌بندی")
	b.sees("record-row", "پاسخ داده شد")
	b.do("click", "testid", "explain")
	b.sees("story-line", "زنگ زد")
	b.do("click", "testid", "story-close")
	b.do("wait", "testid", "story", "gone", true)
	if r := b.do("eval", "script", "window.never"); r.Value != "reloaded" {
		t.Error("the page was loaded anew on the way")
	}
	b.do("reload")
	b.sees("headline", "آرام") // the language and the session outlive a reload
	b.do("click", "testid", "signout")
	b.do("wait", "testid", "signin", "contains", "خوش آمدید")
}

// TestEverybodyCanReadIt lets axe-core look at every page in both languages and
// both colour schemes: contrast, labels, names, order (WCAG 2.2 AA).
func TestEverybodyCanReadIt(t *testing.T) {
	b := open(t, webtest.New(webtest.Busy(time.Now()))).browse(t)
	look := func(page string) {
		t.Helper()
		if r := b.do("axe"); r.Count < 10 {
			t.Errorf("on the %s only %d rules applied", page, r.Count)
		}
	}
	b.do("goto")
	b.sees("signin", "Sign in")
	look("sign-in page")
	b.do("signin")
	b.sees("records", "Answered")
	if r := b.do("text", "testid", "encrypted"); r.Count != 1 {
		t.Errorf("%d legs have a lock, want 1", r.Count)
	}
	places := []string{"overview", "calls", "queues", "recordings", "reports", "sounds", "settings", "settings/hours", "settings/queues", "settings/tones", "tools"}
	visit := func(place string) {
		t.Helper()
		name, _, _ := strings.Cut(place, "/")
		b.do("goto", "path", "/#/"+place)
		b.do("wait", "testid", "board", "place", name)
		b.do("quiet")
	}
	for i, place := range places {
		visit(place)
		b.do("size", "width", 1280, "height", 900, "dark", i%2 == 0)
		look(place)
	}
	b.do("lang", "lang", "fa")
	b.do("size", "width", 390, "height", 844)
	for _, place := range places {
		visit(place)
		look(place + " on a telephone")
		if r := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth"); r.Value != 0.0 {
			t.Errorf("%s is %v px wider than a telephone", place, r.Value)
		}
	}
	b.do("click", "testid", "explain")
	b.sees("story-line", "زنگ زد")
	look("story")
}

func TestNewBoxIsClaimed(t *testing.T) {
	box := webtest.New(webtest.Quiet(time.Now()))
	box.Keeper = webtest.NewKeeper("", "")
	b := open(t, box).browse(t)
	b.do("goto")
	fill := func(token, password, again string) {
		t.Helper()
		b.do("fill", "testid", "claim-token", "value", token)
		b.do("fill", "testid", "claim-password", "value", password)
		b.do("fill", "testid", "claim-again", "value", again)
		b.do("click", "testid", "claim-submit")
	}
	fill(webtest.Token, "four quiet words", "for quiet words")
	b.sees("claim-differ", "not the same")
	fill("WRONG-CODE", "four quiet words", "four quiet words")
	b.sees("claim-error", "not the one printed")
	fill(webtest.Token, "short", "short")
	b.sees("claim-error", "at least 8")
	fill(webtest.Token, "four quiet words", "four quiet words")
	b.sees("headline", "All quiet")
}

func TestLostConnectionIsToldAndComesBack(t *testing.T) {
	si := open(t, webtest.New(webtest.Quiet(time.Now())))
	b := si.browse(t)
	b.do("signin")
	b.sees("connection", "Live")
	si.stop()
	b.sees("connection-lost", "connection to the box is lost")
	si.box.Change(func(s *webtest.Scene) { s.Lines[0].State = "in-call" })
	si.start(t)
	b.do("wait", "testid", "connection-lost", "gone", true)
	b.do("wait", "testid", "line-fxo1", "state", "in-call")
	si.box.Keeper.EndAll() // the password was changed elsewhere
	si.stop()
	si.start(t)
	b.sees("signin", "Welcome back")
	b.sees("signin-lead", "sign in once more")
}

func TestAnyoneCanCallInAndHearIt(t *testing.T) {
	si := open(t, webtest.New(webtest.Quiet(time.Now())))
	b := si.browse(t)
	b.do("signin")
	b.do("fill", "testid", "trial-number", "value", "۰۹۱۲-۱۱۱۲۲۳۳") // as typed on a Persian keyboard
	b.do("fill", "testid", "trial-name", "value", "Omid")
	b.do("select", "testid", "trial-release", "value", "busy-tone")
	b.do("click", "testid", "trial-call")
	b.do("wait", "testid", "trial-state", "state", "ringing")
	b.do("wait", "testid", "line-fxo1", "state", "ringing", "contains", "Omid")
	if last := si.box.Town.Last(); last.Number != "09121112233" || last.Release != "busy-tone" {
		t.Errorf("the page called with %+v", last)
	}
	si.box.Town.Answer()
	b.do("wait", "testid", "trial-state", "state", "answered")
	for _, key := range "12#" { // quickly one after another
		b.do("click", "testid", "trial-key-"+string(key))
	}
	b.do("fill", "testid", "trial-digits", "value", "۴۵-6")
	b.do("click", "testid", "trial-send")
	b.do("click", "testid", "trial-speak")
	b.sees("trial-speak", "Stop speaking")
	b.do("click", "testid", "trial-hangup")
	b.do("wait", "testid", "trial-state", "state", "idle")
	if keys := si.box.Town.Keys(); keys != "12#456" {
		t.Errorf("the line got the keys %q, want 12#456", keys)
	}
	if tones := si.box.Town.Tones(); len(tones) == 0 || tones[0] == 0 {
		t.Errorf("the caller spoke %v, want a tone", tones)
	}
	b.sees("trial-audio", "0:03")
	b.do("click", "testid", "trial-audio-play")
	if r := b.do("wav", "path", "/api/sim/lines/fxo1/heard.wav", "tone", 1000); r.Rate != 8000 || r.Level < 0.3 {
		t.Errorf("the WAV has rate %v and %v of its energy at 1 kHz", r.Rate, r.Level)
	}
	b.do("click", "testid", "desk-fxs1-lift")
	b.do("wait", "testid", "desk-fxs1-state", "state", "off-hook")
	b.do("click", "testid", "desk-fxs1-key-5")
	b.do("click", "testid", "desk-fxs1-hang")
	b.do("wait", "testid", "desk-fxs1-state", "state", "on-hook")
}
