package webui

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"regexp"
	"testing"
)

// static finds what a module cannot begin without.
var static = regexp.MustCompile(`(?:import|from)\s*"(\.[^"]+)"`)

// TestFirstLoadIsSmall holds what comes before anything is seen to what a slow link
// can take: 200 kB as it is sent, and 60 kB for a font. A place's own code comes with
// the place.
func TestFirstLoadIsSmall(t *testing.T) {
	const all, font = 200 << 10, 60 << 10
	dist, err := Dist()
	if err != nil {
		t.Fatal(err)
	}
	modules := 0
	sum, seen := 0, make(map[string]bool)
	var load func(name string)
	load = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			t.Fatal(err)
		}
		size := len(body)
		switch path.Ext(name) {
		case ".woff2":
			if size > font {
				t.Errorf("%s has %d bytes, want at most %d", name, size, font)
			}
		case ".js":
			modules++
			for _, m := range static.FindAllSubmatch(body, -1) {
				load(path.Join(path.Dir(name), string(m[1])))
			}
			size = zipped(t, body)
		default:
			size = zipped(t, body)
		}
		sum += size
	}
	fonts, err := fs.Glob(dist, "fonts/*.woff2")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(fonts, "index.html", "style.css", "app.js", "icon.svg", "pattern.svg") {
		load(name)
	}
	t.Logf("%d modules, %d bytes as sent", modules, sum)
	if sum > all {
		t.Errorf("the first load is %d bytes as sent, want at most %d", sum, all)
	}
	if parts, _ := fs.Glob(dist, "parts/*.js"); modules < 2 || len(parts) < modules {
		t.Errorf("%d of %d modules come first: nothing is left for later", modules, len(parts))
	}
}

func zipped(t *testing.T, body []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
