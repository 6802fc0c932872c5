package api

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/logring"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// supportCalls is how many of the last calls go into the support file, with their story
// and what is left of their SIP messages.
const supportCalls = 20

// getSupport is one file for whoever helps: what the box is, how it stands, what it
// wrote down. Secrets are masked where they are written, and once more in the whole.
func (r *Rooms) getSupport(w http.ResponseWriter, req *http.Request) error {
	files, err := r.supportFiles(req)
	if err != nil {
		return err
	}
	hide := newHider(r.Config())
	now := r.Clock.Now().UTC()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	t := tar.NewWriter(z)
	for _, f := range files {
		text := hide.in(f.text)
		if err := t.WriteHeader(&tar.Header{Name: "pasokh-support/" + f.name, Size: int64(len(text)), Mode: 0o600, ModTime: now}); err != nil {
			return err
		}
		if _, err := t.Write(text); err != nil {
			return err
		}
	}
	if err := errors.Join(t.Close(), z.Close()); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/gzip")
	h.Set("Content-Disposition", `attachment; filename="pasokh-support-`+now.Format("20060102-1504")+`.tar.gz"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	_, _ = w.Write(out.Bytes()) // the client has gone if this fails
	return nil
}

type supportFile struct {
	name string
	text []byte
}

func (r *Rooms) supportFiles(req *http.Request) ([]supportFile, error) {
	settings, err := Masked(r.Config()).YAML()
	if err != nil {
		return nil, err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	about := map[string]any{"version": r.Version, "now": r.Clock.Now(), "revision": r.Revision(), "go": runtime.Version(), "machine": runtime.GOOS + "/" + runtime.GOARCH,
		"processors": runtime.NumCPU(), "goroutines": runtime.NumGoroutine(), "heap_bytes": m.HeapAlloc, "system_bytes": m.Sys}
	files := []supportFile{{"settings.yaml", settings}, {"machine.txt", machineText()}, {"log.txt", logText(r.Logs(logring.Default, slog.LevelDebug))}}
	for _, f := range []struct {
		name  string
		value any
	}{{"about.json", about}, {"state.json", r.State(Viewer(req.Context()))}, {"storage.json", r.Storage()}, {"backup.json", r.Backups.State()}, {"mail.json", r.Mail.View()}} {
		text, err := json.MarshalIndent(f.value, "", "  ")
		if err != nil {
			return nil, err
		}
		files = append(files, supportFile{f.name, text})
	}
	for _, rec := range r.Records(supportCalls, time.Time{}) {
		steps, err := r.Steps(req.Context(), rec.Call)
		if errors.Is(err, ledger.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, r.supportCall(rec, steps))
	}
	return files, nil
}

// supportCall is a call as it went.
func (r *Rooms) supportCall(rec ledger.Record, steps []call.Step) supportFile {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s from %s to %s: %s %s\n\n", rec.Started.Format(time.RFC3339), rec.From.Number, rec.To, rec.Result, rec.Cause)
	for _, line := range r.Explain(steps, "en", names(r.Config())) {
		fmt.Fprintln(&b, line)
	}
	var legs []call.LegID
	seen := map[call.LegID]bool{"": true}
	for _, s := range steps {
		if !seen[s.Leg] {
			seen[s.Leg] = true
			legs = append(legs, s.Leg)
		}
	}
	for _, m := range r.Trace(legs) {
		way := "to"
		if m.In {
			way = "from"
		}
		fmt.Fprintf(&b, "\n--- %s %s %s %s\n%s\n", m.At.Format(time.RFC3339Nano), m.Network, way, m.Peer, m.Text)
	}
	return supportFile{"calls/" + string(rec.Call) + ".txt", b.Bytes()}
}

func logText(records []logring.Record) []byte {
	var b bytes.Buffer
	for i := len(records) - 1; i >= 0; i-- {
		r := records[i]
		fmt.Fprintf(&b, "%s %s %s", r.Time.Format(time.RFC3339Nano), r.Level, r.Message)
		for _, a := range r.Attrs {
			fmt.Fprintf(&b, " %s=%q", a.Key, a.Value)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// hider takes secrets out of a text, wherever they have got into it.
type hider struct{ secrets *strings.Replacer }

// shortSecret: a PIN of fewer signs may be part of any number. It is masked where it is
// written, and looked for nowhere else.
const shortSecret = 6

func newHider(c *config.Config) hider {
	var pairs []string
	for _, s := range secretsOf(reflect.ValueOf(*c)) {
		if len(s) >= shortSecret {
			pairs = append(pairs, s, "[secret]")
		}
	}
	return hider{strings.NewReplacer(pairs...)}
}

// query is what follows the ? of an address: keys of other services are told there.
var query = regexp.MustCompile(`(https?://[^\s"'?<>]*)\?[^\s"'<>]*`)

func (h hider) in(text []byte) []byte {
	return []byte(h.secrets.Replace(query.ReplaceAllString(string(text), "$1?[hidden]")))
}

// secretsOf are the secrets in a value, in the clear, to be looked for.
func secretsOf(v reflect.Value) (list []string) {
	if v.Type() == reflect.TypeFor[config.Secret]() {
		return []string{v.String()}
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			list = append(list, secretsOf(v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, secretsOf(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			list = append(list, secretsOf(v.MapIndex(key))...)
		}
	}
	return list
}
