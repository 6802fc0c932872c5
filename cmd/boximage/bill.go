package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
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
	list := []component{}
	add := func(kind, name, version, purl string) { list = append(list, component{kind, name, version, purl}) }
	compiler, modules, err := m.modules()
	if err != nil {
		return err
	}
	add("platform", "go", compiler, "pkg:generic/go@"+compiler)
	for _, d := range modules {
		add("library", d.Path, d.Version, "pkg:golang/"+d.Path+"@"+d.Version)
	}
	for _, p := range m.debs() {
		name, version, err := m.deb(p)
		if err != nil {
			return err
		}
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

// modules are the Go modules that the programs say they were built from, each once, and
// the version of Go.
func (m *maker) modules() (compiler string, list []*debug.Module, err error) {
	for _, program := range []string{m.pasokh, m.boxinit} {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return "", nil, err
		}
		compiler = info.GoVersion
		list = append(list, info.Deps...)
	}
	slices.SortFunc(list, func(a, b *debug.Module) int { return strings.Compare(a.Path, b.Path) })
	return compiler, slices.CompactFunc(list, func(a, b *debug.Module) bool { return a.Path == b.Path }), nil
}

// debs are the board's packages of Debian, as its description calls them.
func (m *maker) debs() []string {
	return append([]string{m.board.Image.Kernel}, m.board.Image.Packages...)
}

// deb is the name and version of what was unpacked for a package.
func (m *maker) deb(wanted string) (name, version string, err error) {
	file, err := os.ReadFile(filepath.Join(m.cache, m.board.Image.Arch, wanted, ".package"))
	if err != nil {
		return "", "", err
	}
	name, rest, _ := strings.Cut(string(file), "_")
	version, _, _ = strings.Cut(rest, "_")
	return name, strings.ReplaceAll(version, "%3a", ":"), nil
}
