package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestApplianceIsMadeAlike: the same inputs give the same bytes, and what is in the image
// is told with its licence.
func TestApplianceIsMadeAlike(t *testing.T) {
	onDemand(t)
	m := newMaker(t, "qemu-arm64")
	one, two := m.of(t, "1.0", 100), m.of(t, "1.0", 100)
	files := map[string][]byte{}
	for _, kind := range []string{".img", ".update", ".cdx.json", ".licences.txt"} {
		a, err := os.ReadFile(one + kind)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(two + kind)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from byte %d on", kind, differs(a, b))
		}
		files[kind] = a
	}
	var bill struct {
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(files[".cdx.json"], &bill); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range bill.Components {
		names = append(names, c.Name)
		if c.Version == "" || !strings.HasPrefix(c.PURL, "pkg:") {
			t.Errorf("%+v is not whole", c)
		}
		if !strings.Contains(strings.ToLower(string(files[".licences.txt"])), "=== "+strings.ToLower(c.Name)) {
			t.Errorf("no licence of %s", c.Name)
		}
	}
	all := strings.Join(names, " ")
	for _, want := range []string{"go", "github.com/emiago/sipgo", "go.etcd.io/bbolt", "github.com/insomniacslk/dhcp", "linux-image-"} {
		if !strings.Contains(all, want) {
			t.Errorf("the bill lacks %s: %s", want, all)
		}
	}
}

// differs is the first byte in which two files differ.
func differs(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
