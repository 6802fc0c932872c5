package webui

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"testing"
)

// TestPagesAreSmall holds the pages to what a slow link can take: 200 kB as they
// are sent, and 60 kB for a font.
func TestPagesAreSmall(t *testing.T) {
	const all, font = 200 << 10, 60 << 10
	dist, err := Dist()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	err = fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".txt" { // licences are not loaded with the page
			return err
		}
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		size := len(body)
		if path.Ext(name) == ".woff2" {
			if size > font {
				t.Errorf("%s has %d bytes, want at most %d", name, size, font)
			}
		} else {
			size = zipped(t, body)
		}
		sum += size
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum == 0 || sum > all {
		t.Errorf("the pages are %d bytes as sent, want at most %d", sum, all)
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
