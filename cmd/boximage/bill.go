package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bill writes what is in the image, as a CycloneDX 1.5 bill of materials: the Go modules
// that the programs say they were built from, and Debian's packages.
func (m *maker) bill(path string) error {
	type component struct {
		Type    string `json:"type"`
		Name    string `json:"name"`
		Version string `json:"version"`
		PURL    string `json:"purl"`
	}
	seen := map[string]bool{}
	list := []component{}
	add := func(kind, name, version, purl string) {
		if !seen[purl] {
			seen[purl] = true
			list = append(list, component{kind, name, version, purl})
		}
	}
	for _, program := range []string{m.pasokh, m.boxinit} {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return err
		}
		add("platform", "go", info.GoVersion, "pkg:generic/go@"+info.GoVersion)
		for _, d := range info.Deps {
			add("library", d.Path, d.Version, "pkg:golang/"+d.Path+"@"+d.Version)
		}
	}
	for _, p := range append([]string{m.board.Image.Kernel}, m.board.Image.Packages...) {
		deb, err := os.ReadFile(filepath.Join(m.cache, m.board.Image.Arch, p, ".package"))
		if err != nil {
			return err
		}
		name, rest, _ := strings.Cut(string(deb), "_")
		version, _, _ := strings.Cut(rest, "_")
		version = strings.ReplaceAll(version, "%3a", ":")
		add("operating-system", name, version, "pkg:deb/debian/"+name+"@"+version+"?arch="+m.board.Image.Arch)
	}
	text, err := json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata": map[string]any{
			"timestamp": m.made().Format(time.RFC3339),
			"component": component{"firmware", "pasokh-" + m.board.Name, m.version, "pkg:generic/pasokh@" + m.version + "?board=" + m.board.Name},
		},
		"components": list,
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
