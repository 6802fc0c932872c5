package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// MaxBody is the most that a request may carry, in bytes, where its route does not say otherwise.
const MaxBody = 64 << 10

// Lang is the language to answer a request in: ?lang, else the first of the
// browser's languages that the box speaks, else English.
func Lang(r *http.Request) config.Language {
	if l, ok := spoken(r.URL.Query().Get("lang")); ok {
		return l
	}
	for i, tag := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		if i == 8 {
			break
		}
		if l, ok := spoken(tag); ok {
			return l
		}
	}
	return config.English
}

func spoken(tag string) (config.Language, bool) {
	tag = strings.TrimSpace(tag)
	if i := strings.IndexAny(tag, "-;"); i >= 0 {
		tag = tag[:i]
	}
	switch l := config.Language(strings.ToLower(tag)); l {
	case config.Persian, config.English:
		return l, true
	}
	return "", false
}

// Decode reads a JSON request body into v, strictly: an unknown field or a
// second value is refused. Forms are refused too, so no foreign page can send
// one without asking first (Fetch standard, CORS-safelisted types).
func Decode(r *http.Request, v any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return ErrBody.Of("Content-Type")
	}
	d := json.NewDecoder(r.Body) // which the server bounds
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return ErrTooLarge
		}
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return ErrBody.Of(kind.Field)
		}
		return ErrBody
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrBody
	}
	return nil
}

// limitOf is ?limit between 1 and most.
func limitOf(r *http.Request, usual, most int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, ErrValue.Of("limit")
	}
	return n, nil
}

// beforeOf is ?before as RFC 3339; the zero time means now.
func beforeOf(r *http.Request) (time.Time, error) { return timeOf(r, "before") }

// timeOf is a parameter as RFC 3339, the zero time when it is not given.
func timeOf(r *http.Request, name string) (time.Time, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, ErrValue.Of(name)
	}
	return t, nil
}

// oneLine tells whether s is text of at most n runes without control characters.
func oneLine(s string, n int) bool {
	for _, c := range s {
		if n--; n < 0 || c < ' ' || c == 0x7f {
			return false
		}
	}
	return true
}

// dialable tells whether s is 0 to n telephone digits.
func dialable(s string, n int) bool {
	return len(s) <= n && strings.Trim(s, "0123456789*#") == ""
}
