package api

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/logring"
)

// Logs is the answer of GET /api/care/logs?level=&text=&limit=: the newest first.
type Logs struct {
	Records []LogRecord `json:"records"`
}

// LogRecord is one line of the box's log.
type LogRecord struct {
	At    time.Time      `json:"at"`
	Level string         `json:"level"` // debug, info, warn or error
	Text  string         `json:"text"`
	Attrs []logring.Attr `json:"attrs"`
}

// usualLogs is how many lines are sent when the request does not say.
const usualLogs = 200

// getLogs finds lines of at least a level in which every word of text occurs, in the
// message or in what it is about.
func (r *Rooms) getLogs(w http.ResponseWriter, req *http.Request) error {
	limit, err := limitOf(req, usualLogs, logring.Default)
	if err != nil {
		return err
	}
	level := slog.LevelDebug
	if text := req.URL.Query().Get("level"); text != "" && level.UnmarshalText([]byte(text)) != nil {
		return ErrValue.Of("level")
	}
	words := strings.Fields(strings.ToLower(req.URL.Query().Get("text")))
	found := Logs{Records: []LogRecord{}}
	for _, rec := range r.Logs(logring.Default, level) {
		if len(found.Records) == limit {
			break
		}
		if says(rec, words) {
			found.Records = append(found.Records, LogRecord{rec.Time, strings.ToLower(rec.Level.String()), rec.Message, append([]logring.Attr{}, rec.Attrs...)})
		}
	}
	return Send(w, found)
}

// says tells whether a line holds every word.
func says(rec logring.Record, words []string) bool {
	if len(words) == 0 {
		return true
	}
	var b strings.Builder
	b.WriteString(rec.Message)
	for _, a := range rec.Attrs {
		b.WriteString(" " + a.Key + "=" + a.Value)
	}
	text := strings.ToLower(b.String())
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
