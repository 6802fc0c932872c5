package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// drivers are the kernel's modules, by name, each with those that it needs.
type drivers struct {
	dir   string              // lib/modules/VERSION
	files map[string]string   // file by name, "-" and "_" being one
	needs map[string][]string // files by file
}

// readDrivers reads what depmod finds out about the modules of a kernel.
func readDrivers(ctx context.Context, root string) (*drivers, error) {
	dirs, err := filepath.Glob(filepath.Join(root, "lib/modules/*"))
	if err != nil || len(dirs) != 1 {
		return nil, fmt.Errorf("%s holds %d kernels, want 1", root, len(dirs))
	}
	d := &drivers{dir: dirs[0], files: map[string]string{}, needs: map[string][]string{}}
	if out, err := exec.CommandContext(ctx, "/sbin/depmod", "-b", root, filepath.Base(d.dir)).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("depmod: %w\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(d.dir, "modules.dep"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		file, needs, found := strings.Cut(lines.Text(), ":")
		if !found {
			continue
		}
		d.files[plain(file)] = file
		d.needs[file] = strings.Fields(needs)
	}
	return d, lines.Err()
}

// plain is a module's name: "kernel/fs/nls/nls_cp437.ko" is nls_cp437.
func plain(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".ko")
	return strings.ReplaceAll(name, "-", "_")
}

// closure are the files of modules and of what they need, each after what it needs. A
// module that this kernel has built in, or not at all, is left out and named.
func (d *drivers) closure(names []string) (files, missing []string) {
	seen := map[string]bool{}
	add := func(file string) {
		if !seen[file] {
			seen[file] = true
			files = append(files, file)
		}
	}
	for _, name := range names {
		file, ok := d.files[plain(name)]
		if !ok {
			missing = append(missing, name)
			continue
		}
		needs := d.needs[file] // the furthest last
		for i := len(needs) - 1; i >= 0; i-- {
			add(needs[i])
		}
		add(file)
	}
	return files, missing
}
