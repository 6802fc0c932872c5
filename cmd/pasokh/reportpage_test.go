package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/figures"
)

// postOffice is a mail server of another make that keeps what it takes.
type postOffice struct{ taken chan string }

func (p postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (postOffice) Mail(string, *smtp.MailOptions) error          { return nil }
func (postOffice) Rcpt(string, *smtp.RcptOptions) error          { return nil }
func (postOffice) Reset()                                        {}
func (postOffice) Logout() error                                 { return nil }
func (p postOffice) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err == nil {
		p.taken <- string(body)
	}
	return err
}

func openPostOffice(t *testing.T) (address string, taken chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken = make(chan string, 8)
	s := smtp.NewServer(postOffice{taken})
	s.ErrorLog = log.New(io.Discard, "", 0)
	s.Domain, s.ReadTimeout, s.WriteTimeout = "post.example", time.Minute, time.Minute
	done := make(chan error)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() { s.Close(); <-done })
	return l.Addr().String(), taken
}

// TestReportsOnThePage compares every figure of the page with what pasokh report prints,
// and lets the page set up a report that a mail server gets.
func TestReportsOnThePage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a, agent := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	answered := a.call("700")
	talk := agent.answers()
	hears(t, "the caller", answered, toneB)
	answered.Hangup()
	ends(t, talk, 5*time.Second, 0)
	given := a.call("700")
	up(t, given)
	given.Hangup()
	eventually(t, 15*time.Second, "two contacts in the report", func() bool {
		return strings.Contains(d.cli("report", "day", "--csv"), "Offered (O),2,")
	})
	p := openPage(t, d.env)
	do := func(what string, pairs ...any) any {
		t.Helper()
		command := map[string]any{"do": what}
		for i := 0; i < len(pairs); i += 2 {
			command[pairs[i].(string)] = pairs[i+1]
		}
		return p.do(command)
	}
	do("signin")
	do("goto", "path", "/#/reports")
	do("wait", "testid", "figure-offered")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(d.cli("report", "day", "--csv"), "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{}
	for _, row := range rows[1:] {
		printed[row[0]] = row[1]
	}
	offered := 0
	for _, f := range figures.Formulas() {
		want, there := printed[f.Name.EN]
		answer := fmt.Sprint(do("eval", "script", fmt.Sprintf("document.querySelector('[data-testid=figure-%s]')?.dataset.value ?? 'none'", f.ID)))
		if !there {
			if !strings.Contains(answer, "none") {
				t.Errorf("%s is on the page alone: %s", f.ID, answer)
			}
			continue
		}
		if f.ID == "logged-in" || f.ID == "paused" || f.ID == "occupancy" || f.ID == "utilisation" {
			continue // they grow while we look
		}
		number, err := strconv.ParseFloat(want, 64)
		if err != nil {
			t.Fatal(err)
		}
		if f.Unit == figures.Millis {
			number *= 1000
		}
		text := fmt.Sprint(do("eval", "script", fmt.Sprintf("Math.abs(Number(document.querySelector('[data-testid=figure-%s]').dataset.value) - %v) < 0.6", f.ID, number)))
		if !strings.Contains(text, "true") {
			t.Errorf("%s is %s, the command prints %s", f.ID, answer, want)
		}
		if f.ID == "offered" {
			offered = int(number)
		}
	}
	if offered < 2 {
		t.Fatalf("%d contacts were offered", offered)
	}

	address, taken := openPostOffice(t)
	d.configure(func(c *config.Config) {
		c.Mail = config.Mail{Server: address, Security: config.MailPlain, From: "box@shop.example"}
	})
	do("reload")
	do("click", "testid", "bulletin-add")
	do("fill", "testid", "bulletin-name", "value", "Daily Report")
	do("fill", "testid", "bulletin-to", "value", "boss@shop.example, not an address")
	do("click", "testid", "bulletin-save")
	do("wait", "testid", "bulletin-name-wrong", "contains", "small letters")
	do("fill", "testid", "bulletin-name", "value", "daily")
	do("click", "testid", "bulletin-save")
	do("wait", "testid", "bulletin-to-wrong", "contains", "not a mail address")
	do("fill", "testid", "bulletin-to", "value", "boss@shop.example")
	do("fill", "testid", "bulletin-at", "value", "۰۷:۳۰")
	do("axe")
	do("click", "testid", "bulletin-save")
	do("wait", "testid", "bulletin", "contains", "07:30")
	if out := d.cli("config", "export"); !strings.Contains(out, "bulletins:") || !strings.Contains(out, "boss@shop.example") {
		t.Errorf("the configuration has\n%s", out)
	}
	do("click", "testid", "bulletin-send")
	do("wait", "testid", "bulletin-told", "contains", "took it")
	select {
	case body := <-taken:
		for _, want := range []string{"boss@shop.example", "text/html", "text/plain", ".xlsx"} {
			if !strings.Contains(body, want) {
				t.Errorf("the letter has no %q:\n%.2000s", want, body)
			}
		}
	case <-time.After(20 * time.Second):
		t.Error("no letter came")
	}
	do("lang", "lang", "fa")
	do("wait", "testid", "bulletin", "contains", "هر روز")
	do("axe")
	if dir := os.Getenv("PASOKH_LOOKS"); dir != "" {
		do("screenshot", "path", filepath.Join(dir, "bulletins-fa.png"), "full", true)
	}
	do("click", "testid", "bulletin-delete")
	do("click", "testid", "bulletin-delete")
	do("wait", "testid", "bulletin", "gone", true)
}
