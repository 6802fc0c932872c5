package backup

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
)

// bucket is a place on an S3-compatible server. Five requests of its interface are
// needed and their signature is one page (sign.go), so that no client library with its
// twenty modules comes along. Paths hold the bucket: every server knows that form.
type bucket struct {
	config.BackupPlace
	clock clock.Clock
	http  *http.Client
}

const (
	farewell = 5 * time.Second // to undo an upload
	partSize = 8 << 20         // bytes; a file has up to 10,000 parts
	tries    = 3               // of each request
)

func newBucket(p config.BackupPlace, c clock.Clock) *bucket {
	if p.Region == "" {
		p.Region = "us-east-1"
	}
	return &bucket{p, c, &http.Client{Transport: &http.Transport{ResponseHeaderTimeout: stallTime, TLSHandshakeTimeout: dialTime, Proxy: http.ProxyFromEnvironment},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}} // a signature is for one address
}

func (b *bucket) close() { b.http.CloseIdleConnections() }

func (b *bucket) key(name string) string {
	return strings.TrimPrefix(strings.TrimSuffix(b.Path, "/")+"/"+name, "/")
}

// ask sends one request and reads a good answer; it is tried again when the server or
// the way to it fails.
func (b *bucket) ask(ctx context.Context, method, key string, query url.Values, body []byte) (*http.Response, error) {
	var last error
	for i := range tries {
		if i > 0 && !b.clock.Sleep(ctx, b.clock.Now().Add(time.Duration(i*i)*time.Second)) {
			return nil, ctx.Err()
		}
		resp, err := b.once(ctx, method, key, query, body)
		if err != nil {
			last = err
			continue
		}
		if resp.StatusCode/100 == 2 {
			return resp, nil
		}
		last = refusal(resp)
		if resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests {
			return nil, last
		}
	}
	return nil, last
}

func (b *bucket) once(ctx context.Context, method, key string, query url.Values, body []byte) (*http.Response, error) {
	at := strings.TrimSuffix(b.Server, "/") + "/" + escape(b.Bucket, false)
	if key != "" {
		at += "/" + escape(key, false)
	}
	req, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.URL.RawQuery = canonicalQuery(query)
	sign(req, body, b.User, b.Password, b.Region, b.clock.Now())
	return b.http.Do(req)
}

// refusal is what a server says is wrong.
func refusal(resp *http.Response) error {
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // none is one, too
	var said struct{ Code, Message string }
	if xml.Unmarshal(text, &said) == nil && said.Code != "" {
		err := fmt.Errorf("%s: %s", said.Code, said.Message)
		if said.Code == "NoSuchKey" {
			err = errors.Join(ErrUnknown, err)
		}
		return err
	}
	return errors.New(resp.Status)
}

// do is ask for a request whose answer is worth a decoded body, or nothing.
func (b *bucket) do(ctx context.Context, method, key string, query url.Values, body []byte, into any) (http.Header, error) {
	resp, err := b.ask(ctx, method, key, query, body)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err == nil && into != nil {
		err = xml.Unmarshal(text, into)
	}
	return resp.Header, err
}

func (b *bucket) list(ctx context.Context) ([]Stored, error) {
	query := url.Values{"list-type": {"2"}, "prefix": {b.key("")}, "delimiter": {"/"}}
	var list []Stored
	for {
		var page struct {
			Contents []struct {
				Key  string
				Size int64
			}
			IsTruncated           bool
			NextContinuationToken string
		}
		if _, err := b.do(ctx, http.MethodGet, "", query, nil, &page); err != nil {
			return nil, err
		}
		for _, c := range page.Contents {
			list = append(list, Stored{Name: strings.TrimPrefix(c.Key, b.key("")), Size: c.Size})
		}
		if !page.IsTruncated || page.NextContinuationToken == "" || len(list) > maxListed {
			return list, nil
		}
		query.Set("continuation-token", page.NextContinuationToken)
	}
}

// maxListed bounds a list.
const maxListed = 10_000

func (b *bucket) open(ctx context.Context, name string) (io.ReadCloser, error) {
	resp, err := b.ask(ctx, http.MethodGet, b.key(name), nil, nil)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func (b *bucket) remove(ctx context.Context, name string) error {
	_, err := b.do(ctx, http.MethodDelete, b.key(name), nil, nil, nil)
	return err
}

func (b *bucket) create(ctx context.Context, name string) (writer, error) {
	var begun struct{ UploadId string }
	if _, err := b.do(ctx, http.MethodPost, b.key(name), url.Values{"uploads": {""}}, nil, &begun); err != nil {
		return nil, err
	}
	return &upload{ctx: ctx, to: b, key: b.key(name), id: begun.UploadId, part: make([]byte, 0, partSize)}, nil
}

// upload is an object that is sent in parts; it appears when all are named together.
type upload struct {
	ctx   context.Context
	to    *bucket
	key   string
	id    string
	part  []byte
	parts []sentPart
}

type sentPart struct {
	PartNumber int
	ETag       string
}

func (u *upload) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), partSize-len(u.part))
		u.part, p = append(u.part, p[:k]...), p[k:]
		if len(u.part) == partSize {
			if err := u.send(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (u *upload) send() error {
	n := len(u.parts) + 1
	head, err := u.to.do(u.ctx, http.MethodPut, u.key, url.Values{"partNumber": {strconv.Itoa(n)}, "uploadId": {u.id}}, u.part, nil)
	if err != nil {
		return err
	}
	u.parts, u.part = append(u.parts, sentPart{n, head.Get("ETag")}), u.part[:0]
	return nil
}

func (u *upload) commit() error {
	if err := u.send(); err != nil { // the last part may be short, or empty
		return err
	}
	body, err := xml.Marshal(struct {
		XMLName xml.Name   `xml:"CompleteMultipartUpload"`
		Part    []sentPart `xml:"Part"`
	}{Part: u.parts})
	if err != nil {
		return err
	}
	var done struct {
		XMLName xml.Name
		Message string
	}
	// A server may answer 200 and tell of an error in the body.
	if _, err = u.to.do(u.ctx, http.MethodPost, u.key, url.Values{"uploadId": {u.id}}, body, &done); err == nil && done.XMLName.Local == "Error" {
		err = errors.New(done.Message)
	}
	return err
}

func (u *upload) abort() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(u.ctx), farewell)
	defer cancel()
	_, _ = u.to.do(ctx, http.MethodDelete, u.key, url.Values{"uploadId": {u.id}}, nil, nil) // it never appears
}
