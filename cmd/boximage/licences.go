package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// licences are the licences of everything in the image, and where the sources of Debian's
// packages are, which the licences of some want told.
func (m *maker) licences(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	licence := regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|patents)`)
	add := func(what, dir string) error {
		list, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		found := false
		for _, e := range list {
			if !licence.MatchString(e.Name()) || e.IsDir() {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return err
			}
			found = true
			fmt.Fprintf(&b, "=== %s: %s\n\n%s\n\n", what, e.Name(), bytes.TrimSpace(text))
		}
		if !found {
			return fmt.Errorf("%s has no licence in %s", what, dir)
		}
		return nil
	}
	root, err := output(ctx, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	if err := add("Go", strings.TrimSpace(root)); err != nil {
		return nil, err
	}
	_, modules, err := m.modules()
	if err != nil {
		return nil, err
	}
	args := []string{"list", "-m", "-f", "{{.Path}} {{.Version}}\t{{.Dir}}"}
	for _, d := range modules {
		args = append(args, d.Path)
	}
	list, err := output(ctx, "go", args...)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(list) {
		what, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if err := add(what, dir); err != nil {
			return nil, err
		}
	}
	for _, p := range m.debs() {
		name, version, err := m.deb(p)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "=== %s %s of Debian\n\nIts sources: https://snapshot.debian.org/binary/%s/\n\n", name, version, name)
		if err := add(name, filepath.Join(m.cache, m.board.Image.Arch, p, "usr/share/doc", name)); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// output is what a program says.
func output(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return string(out), nil
}
