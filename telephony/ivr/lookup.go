package ivr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Bounds of what is looked up.
const (
	maxDocument = 64 << 10
	maxFields   = 50
)

// lookUp finds a row and keeps its fields as INTO.FIELD.
func (w *walk) lookUp(s *config.FlowStep) (string, error) {
	fields, why, err := w.find(s)
	switch {
	case err != nil:
		return "", err
	case fields == nil:
		w.goes(s.Otherwise, "step "+s.Name+": "+why)
		return s.Otherwise, nil
	}
	for _, name := range sorted(fields) {
		w.c.Learn(s.Into+"."+name, fields[name])
	}
	return s.Next, nil
}

func (w *walk) find(s *config.FlowStep) (fields map[string]string, why string, err error) {
	if s.Table != "" {
		key := w.text(s.Value)
		t, ok := w.opts.Config().Table(s.Table)
		if !ok {
			return nil, "there is no table " + s.Table, nil
		}
		row, ok := t.Row(key)
		if !ok {
			return nil, key + " is not in table " + s.Table, nil
		}
		return row, "", nil
	}
	address := fill(s.URL, func(name string) string { return url.QueryEscape(w.value(name)) })
	if p := w.prompts(s); len(p.Sounds) > 0 {
		w.c.Caller().Audio().Play(p)
	}
	return w.fetch(address, s.Timeout.D())
}

// fetched is the answer of a look-up, posted to the call.
type fetched struct {
	of   *int // tells it from one that came too late for another look-up
	data []byte
	err  error
}

// fetch gets a document while the call goes on hearing of its caller.
func (w *walk) fetch(address string, wait time.Duration) (fields map[string]string, why string, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	of, c, get := new(int), w.c, w.opts.Fetch
	until := c.Clock().Now().Add(wait)
	c.Clock().AfterFunc(0, func() { // in a goroutine of its own
		data, err := get(ctx, address)
		c.Post(call.Message{Body: fetched{of, data, err}})
	})
	for {
		e, err := c.Next(until)
		if errors.Is(err, call.ErrTime) {
			return nil, fmt.Sprintf("no answer within %v", wait), nil
		}
		if err != nil {
			return nil, "", err
		}
		m, _ := e.(call.Message)
		answer, ok := m.Body.(fetched)
		switch {
		case !ok || answer.of != of:
		case answer.err != nil:
			return nil, answer.err.Error(), nil
		default:
			fields, err := parse(answer.data)
			if err != nil {
				return nil, err.Error(), nil
			}
			return fields, "", nil
		}
	}
}

// parse reads a JSON object's texts, numbers and truths. Whatever else is in it is left
// out; an empty object is nothing found.
func parse(data []byte) (map[string]string, error) {
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, errors.New("the answer is no JSON object")
	}
	fields := make(map[string]string)
	for _, name := range sorted(doc) {
		if len(fields) == maxFields {
			break
		}
		switch v := doc[name].(type) {
		case string:
			fields[name] = v
		case bool:
			fields[name] = strconv.FormatBool(v)
		case float64:
			fields[name] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	if len(fields) == 0 {
		return nil, errors.New("the answer has nothing in it")
	}
	return fields, nil
}

// Fetcher gets documents with a client.
func Fetcher(client *http.Client) func(context.Context, string) ([]byte, error) {
	return func(ctx context.Context, address string) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, errors.New("no such address")
		}
		req.Header.Set("Accept", "application/json")
		res, err := client.Do(req)
		if err != nil {
			return nil, errors.New("no answer: " + bare(err))
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return nil, errors.New("the answer is " + res.Status)
		}
		data, err := io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
		if err == nil && len(data) > maxDocument {
			err = fmt.Errorf("the answer is longer than %d bytes", maxDocument)
		}
		return data, err
	}
}

// bare is an error of a request without its address, which may hold what a caller keyed.
func bare(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}
