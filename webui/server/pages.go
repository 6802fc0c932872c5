package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// pages serves the built files from memory, compressed once.
type pages map[string]*file

type file struct {
	kind  string
	cache string
	plain variant
	gzip  variant // empty where it saves nothing
}

type variant struct {
	body []byte
	etag string
}

const index = "index.html"

func newPages(dir fs.FS) (pages, error) {
	p := make(pages)
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		p[name], err = newFile(name, body)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p[index] == nil {
		return nil, fmt.Errorf("%s: %w", index, fs.ErrNotExist)
	}
	return p, nil
}

func newFile(name string, body []byte) (*file, error) {
	f := &file{kind: kind(name), cache: "no-cache", plain: newVariant(body)}
	font := strings.HasSuffix(name, ".woff2")
	if font || strings.HasPrefix(name, "parts/") {
		f.cache = "public, max-age=31536000, immutable" // its name carries its version or its hash
		if font {
			return f, nil // it is compressed already
		}
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if packed.Len() < len(body) {
		f.gzip = newVariant(packed.Bytes())
	}
	return f, nil
}

// kind does not ask the machine's MIME tables: they differ between machines.
func kind(name string) string {
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func newVariant(body []byte) variant {
	sum := sha256.Sum256(body)
	return variant{body, `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// ServeHTTP serves a built file. A path without extension is a page of the
// application, which finds its own way from the index.
func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if path.Ext(name) == "" {
		name = index
	}
	f := p[name]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	v := f.plain
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	if f.gzip.body != nil && takesGzip(r) {
		v = f.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", v.etag)
	if r.Header.Get("If-None-Match") == v.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(v.body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body) // the client has gone if this fails
	}
}

func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name == "gzip" && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}
