package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	site            = "https://" + there
	owner, password = "owner", "a long password"
)

// stranger knows nobody and trusts everybody: the box has made its certificate itself.
func (b *box) stranger() *http.Client {
	jar, _ := cookiejar.New(nil) // cannot fail
	return &http.Client{Timeout: 2 * time.Minute, Jar: jar, Transport: &http.Transport{DialContext: b.dial,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
}

func (b *box) up() bool {
	c := b.stranger()
	defer c.CloseIdleConnections()
	c.Timeout = 3 * time.Second
	res, err := c.Get(site + "/api/me")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// ask returns the refusal's code, "" for none.
func (b *box) ask(req *http.Request, into any) (code string, err error) {
	req.Header.Set("Origin", site)
	res, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		var e struct{ Error struct{ Code string } }
		if err := json.Unmarshal(text, &e); err != nil {
			return "", fmt.Errorf("%s: %s", res.Status, text)
		}
		return e.Error.Code, nil
	}
	if raw, ok := into.(*[]byte); ok {
		*raw = text
		return "", nil
	}
	return "", json.Unmarshal(text, into)
}

func (b *box) send(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.power, method, site+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	return req
}

func (b *box) get(path string, into any) {
	b.t.Helper()
	if code, err := b.ask(b.send(http.MethodGet, path, nil), into); err != nil || code != "" {
		b.t.Fatalf("%s: %s, %v", path, code, err)
	}
}

func (b *box) tryPost(path string, body any, revision int) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req := b.send(http.MethodPost, path, bytes.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", strconv.Itoa(revision))
	code, err := b.ask(req, new(any))
	if err == nil && code != "" {
		err = errors.New(code)
	}
	return err
}

func (b *box) post(path string, body any) {
	b.t.Helper()
	if err := b.tryPost(path, body, 0); err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
}

// things are the identities of all things of a kind.
func (b *box) things(kind string) (list []string, revision int, err error) {
	var all struct {
		Revision int
		Things   []struct{ ID string }
	}
	code, err := b.ask(b.send(http.MethodGet, "/api/things/"+kind, nil), &all)
	if err == nil && code != "" {
		err = errors.New(code)
	}
	for _, t := range all.Things {
		list = append(list, t.ID)
	}
	return list, all.Revision, err
}

// add makes a thing; without an error it is acknowledged.
func (b *box) add(kind string, thing map[string]any) error {
	_, revision, err := b.things(kind)
	if err != nil {
		return err
	}
	return b.tryPost("/api/things/"+kind, thing, revision)
}

var setUpCode = regexp.MustCompile(`set-up code(?:[^a-z]|\n)*?\s([a-z0-9]{20})\s`)

// claim reads the last set-up code off the console, as an installer does.
func (b *box) claim() {
	b.t.Helper()
	var codes [][][]byte
	b.eventually(30*time.Second, "the set-up code", func() bool {
		codes = setUpCode.FindAllSubmatch(b.said(), -1)
		return len(codes) > 0
	})
	b.client = b.stranger()
	b.post("/api/claim", map[string]string{"token": string(codes[len(codes)-1][1]), "user": owner, "password": password})
}

func (b *box) signIn() {
	b.t.Helper()
	b.client = b.stranger()
	b.post("/api/sign-in", map[string]string{"user": owner, "password": password})
}

// state is which version runs.
type state struct {
	Version, Slot string
	Trial         bool
}

func (b *box) appliance() (s state) {
	b.t.Helper()
	b.get("/api/appliance", &s)
	return s
}

func (b *box) runs(version, slot string) {
	b.t.Helper()
	if s := b.appliance(); s != (state{version, slot, false}) {
		b.t.Fatalf("%+v runs, want version %s in slot %s", s, version, slot)
	}
}

// update sends a bundle and returns the refusal's code, "" for none.
func (b *box) update(bundle []byte) (string, error) {
	return b.ask(b.send(http.MethodPost, "/api/appliance/update", bytes.NewReader(bundle)), new(any))
}

// machine is the part of the support file that tells of the machine.
func (b *box) machine() string {
	b.t.Helper()
	var file []byte
	b.get("/api/care/support.tar.gz", &file)
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		b.t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err != nil {
			b.t.Fatal(err)
		}
		if strings.HasSuffix(h.Name, "/machine.txt") {
			text, err := io.ReadAll(r)
			if err != nil {
				b.t.Fatal(err)
			}
			return string(text)
		}
	}
}

// answersSIP asks the box's SIP port by UDP.
func (b *box) answersSIP() {
	b.t.Helper()
	b.eventually(time.Minute, "an answer by SIP", func() bool {
		ctx, done := context.WithTimeout(b.t.Context(), 2*time.Second)
		defer done()
		c, err := b.dial(ctx, "udp", there+":5060")
		if err != nil {
			return false
		}
		defer c.Close()
		deadline, _ := ctx.Deadline()
		if err := c.SetDeadline(deadline); err != nil {
			return false
		}
		tag := fmt.Sprint(rand.Uint64())
		fmt.Fprintf(c, "OPTIONS sip:%[1]s SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s;rport;branch=z9hG4bK%[3]s\r\nMax-Forwards: 70\r\nFrom: <sip:t@%[2]s>;tag=%[3]s\r\nTo: <sip:%[1]s>\r\nCall-ID: %[3]s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
			there, c.LocalAddr(), tag)
		answer := make([]byte, 2000)
		n, err := c.Read(answer)
		return err == nil && bytes.HasPrefix(answer[:n], []byte("SIP/2.0 "))
	})
}
