package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// folder is a place in a file system.
type folder struct{ path string }

func (f folder) list(context.Context) ([]Stored, error) {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Stored
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			list = append(list, Stored{Name: e.Name(), Size: info.Size()})
		}
	}
	return list, err
}

func (f folder) create(_ context.Context, name string) (writer, error) {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(f.path, name)
	out, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &folderFile{File: out, path: path}, nil
}

func (f folder) open(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(f.path, name))
}

func (f folder) remove(_ context.Context, name string) error {
	return os.Remove(filepath.Join(f.path, name))
}

func (folder) close() {}

// folderFile gets its name when it is whole and on the disk.
type folderFile struct {
	*os.File
	path string
}

func (f *folderFile) commit() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.path+".part", f.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(f.path))
}

func (f *folderFile) abort() {
	_ = f.Close()
	_ = os.Remove(f.path + ".part") // a half backup is none
}

// inside tells whether a path is in a directory, by whatever links.
func inside(path, dir string) bool {
	real := func(p string) string {
		p, err := filepath.Abs(p)
		for rest := ""; err == nil; {
			if found, missing := filepath.EvalSymlinks(p); missing == nil {
				return filepath.Join(found, rest)
			}
			if p == filepath.Dir(p) {
				break
			}
			p, rest = filepath.Dir(p), filepath.Join(filepath.Base(p), rest)
		}
		return p
	}
	rel, err := filepath.Rel(real(dir), real(path))
	return err == nil && filepath.IsLocal(rel)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// stick is the first USB stick that is mounted.
func (r *Room) stick(p config.BackupPlace) (place, error) {
	for _, mount := range r.opts.Mounts() {
		return folder{filepath.Join(mount, filepath.Clean("/"+p.Path))}, nil
	}
	return nil, ErrNoUSB
}

// Mounts are where removable disks are mounted, as the kernel tells it: sticks are block
// devices whose "removable" is 1, or that hang on USB.
func Mounts() []string {
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "/dev/") || strings.HasPrefix(fields[3], "ro,") || fields[3] == "ro" {
			continue
		}
		if onUSB(filepath.Base(fields[0])) {
			found = append(found, strings.NewReplacer(`\040`, " ", `\011`, "\t", `\134`, `\`).Replace(fields[1]))
		}
	}
	return found
}

func onUSB(device string) bool {
	path, err := filepath.EvalSymlinks("/sys/class/block/" + device)
	return err == nil && strings.Contains(path, "/usb")
}
