package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maker makes everything of one version for one board.
type maker struct {
	board   board
	cache   string
	pasokh  string
	boxinit string
	stage2  string // process 1 of the root if it is another one, in tests
	version string
	serial  int64
	key     ed25519.PrivateKey
	out     string
	quick   bool // nothing to hand out: no compressed image, no sums
}

// release is what the root file system says of itself; process 1 reads it.
type release struct {
	Board    string            `json:"board"`
	Version  string            `json:"version"`
	Serial   int64             `json:"serial"`
	Made     time.Time         `json:"made"`
	Selector string            `json:"selector"`
	Key      ed25519.PublicKey `json:"key"`
}

// made is the time of everything in the image.
func (m *maker) made() time.Time { return time.Unix(m.serial, 0).UTC() }

// kernel is where the board's kernel package is unpacked.
func (m *maker) kernel() string {
	return filepath.Join(m.cache, m.board.Image.Arch, m.board.Image.Kernel)
}

func (m *maker) make(ctx context.Context) (err error) {
	if m.version == "" || m.serial <= 0 || m.out == "" {
		return errors.New("--version, --serial and --out are needed")
	}
	if m.out, err = filepath.Abs(m.out); err != nil {
		return err
	}
	if err := os.MkdirAll(m.out, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(m.out, "work")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	d, err := readDrivers(ctx, m.kernel())
	if err != nil {
		return err
	}
	data := filepath.Join(work, "data.img")
	if err := m.dataImage(ctx, data); err != nil {
		return err
	}
	name := filepath.Join(m.out, "pasokh-"+m.board.Name)
	licences, err := m.licences(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".licences.txt", licences, 0o644); err != nil {
		return err
	}
	slotDir := filepath.Join(work, "slot")
	if err := m.fillSlot(ctx, d, work, slotDir, data); err != nil {
		return err
	}
	slot := filepath.Join(work, "slot.img")
	if err := m.fat(ctx, slot, m.board.Image.Slot, slotDir); err != nil {
		return err
	}
	boot := filepath.Join(work, "boot.img")
	if err := m.bootImage(ctx, work, boot); err != nil {
		return err
	}
	if err := m.disk(name+".img", boot, slot, data); err != nil {
		return err
	}
	if err := m.bundle(name+".update", slot); err != nil {
		return err
	}
	if err := m.bill(name + ".cdx.json"); err != nil {
		return err
	}
	if m.quick {
		return nil
	}
	if err := m.tool(ctx, "", "xz", "--keep", "--force", "--threads=0", "--block-size=16MiB", "-6", name+".img"); err != nil {
		return err
	}
	return sums(m.out)
}

// tool runs a program of the build computer.
func (m *maker) tool(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin",
		fmt.Sprint("SOURCE_DATE_EPOCH=", m.serial), fmt.Sprint("E2FSPROGS_FAKE_TIME=", m.serial))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// fillSlot makes the files of a slot: kernel, initramfs, root, device trees, firmware.
func (m *maker) fillSlot(ctx context.Context, d *drivers, work, dir, data string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	kernels, err := filepath.Glob(filepath.Join(m.kernel(), "boot/vmlinuz-*"))
	if err != nil || len(kernels) != 1 {
		return fmt.Errorf("%d kernels in %s, want 1", len(kernels), m.kernel())
	}
	if m.board.Image.Arch == "arm64" {
		err = packed(kernels[0], filepath.Join(dir, "Image.gz"))
	} else {
		err = copyFile(kernels[0], filepath.Join(dir, "zImage"), 0o644)
	}
	if err != nil {
		return err
	}
	if err := m.initramfs(d, filepath.Join(dir, "initrd.img")); err != nil {
		return err
	}
	root := filepath.Join(work, "root")
	if err := m.fillRoot(d, root, data); err != nil {
		return err
	}
	if err := m.tool(ctx, work, "mksquashfs", "root", filepath.Join(dir, "root.sqfs"), "-quiet", "-no-progress", "-noappend", "-all-root", "-no-xattrs",
		"-comp", "zstd", "-Xcompression-level", "15"); err != nil {
		return err
	}
	for _, tree := range m.board.Image.Trees {
		if err := m.oneOf(tree, dir); err != nil {
			return err
		}
	}
	for _, file := range m.board.Image.Firmware {
		if err := m.oneOf(file, dir); err != nil {
			return err
		}
	}
	return nil
}

// oneOf copies the files that match a pattern in the board's folder or its packages.
func (m *maker) oneOf(pattern, to string) error {
	var found []string
	for _, root := range append([]string{m.board.dir, m.kernel()}, m.roots()...) {
		list, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		found = append(found, list...)
	}
	if len(found) == 0 {
		return fmt.Errorf("no file %s in the board's folder or its packages", pattern)
	}
	for _, file := range found {
		if err := copyFile(file, filepath.Join(to, filepath.Base(file)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) roots() (list []string) {
	for _, p := range m.board.Image.Packages {
		list = append(list, filepath.Join(m.cache, m.board.Image.Arch, p))
	}
	return list
}

// initramfs holds process 1 and the drivers of the disk.
func (m *maker) initramfs(d *drivers, path string) error {
	files, missing := d.closure(m.board.Image.Early)
	if len(missing) > 0 {
		fmt.Fprintln(os.Stderr, "boximage: not modules of this kernel:", strings.Join(missing, " "))
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	c := &cpio{w: z, time: m.made()}
	for _, dir := range []string{"proc", "sys", "dev", "slot", "root", "modules"} {
		c.add(dir, modeDir, nil)
	}
	body, err := os.ReadFile(m.boxinit)
	if err != nil {
		return err
	}
	c.add("init", modeFile, body)
	var list []string
	for _, file := range files {
		body, err := os.ReadFile(filepath.Join(d.dir, file))
		if err != nil {
			return err
		}
		list = append(list, filepath.Base(file))
		c.add("modules/"+filepath.Base(file), modeFile, body)
	}
	c.add("modules/list", modeFile, []byte(strings.Join(list, "\n")))
	if err := errors.Join(c.close(), z.Close()); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// fillRoot makes the root file system's tree.
func (m *maker) fillRoot(d *drivers, root, data string) error {
	for _, dir := range []string{"proc", "sys", "dev", "run", "tmp", "data", "slot", "boot", "sbin", "usr/bin", "usr/share/pasokh", "etc/pasokh", "etc/ssl/certs", "lib/modules"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(release{m.board.Name, m.version, m.serial, m.made(), m.board.Image.Selector, m.key.Public().(ed25519.PublicKey)}, "", "\t")
	if err != nil {
		return err
	}
	files, missing := d.closure(m.board.Image.Drivers)
	if len(missing) > 0 {
		fmt.Fprintln(os.Stderr, "boximage: not modules of this kernel:", strings.Join(missing, " "))
	}
	var list []string
	for _, file := range files {
		list = append(list, filepath.Base(file))
		if err := copyFile(filepath.Join(d.dir, file), filepath.Join(root, "lib/modules", filepath.Base(file)), 0o644); err != nil {
			return err
		}
	}
	return errors.Join(
		os.WriteFile(filepath.Join(root, "etc/pasokh/release.json"), text, 0o644),
		os.WriteFile(filepath.Join(root, "etc/passwd"), []byte("root:x:0:0::/:/nowhere\npasokh:x:1000:1000::/data/pasokh:/nowhere\n"), 0o644),
		os.WriteFile(filepath.Join(root, "etc/hosts"), []byte("127.0.0.1 localhost pasokh\n::1 localhost\n"), 0o644),
		os.WriteFile(filepath.Join(root, "lib/modules/list"), []byte(strings.Join(list, "\n")), 0o644),
		os.Symlink("/run/resolv.conf", filepath.Join(root, "etc/resolv.conf")),
		copyFile(cmp.Or(m.stage2, m.boxinit), filepath.Join(root, "sbin/boxinit"), 0o755),
		copyFile(m.pasokh, filepath.Join(root, "usr/bin/pasokh"), 0o755),
		packed(data, filepath.Join(root, "usr/share/pasokh/data.img.gz")),
		copyFile(filepath.Join(m.out, "pasokh-"+m.board.Name+".licences.txt"), filepath.Join(root, "usr/share/pasokh/licences.txt"), 0o644),
		m.authorities(filepath.Join(root, "etc/ssl/certs/ca-certificates.crt")),
	)
}

// authorities are the certificates that the box believes on the internet: Debian's
// choice of Mozilla's, from the build computer.
func (m *maker) authorities(path string) error {
	return copyFile("/etc/ssl/certs/ca-certificates.crt", path, 0o644)
}

// packed compresses a file; no name or time of it is kept.
func packed(from, to string) error {
	body, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(body); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

func copyFile(from, to string, mode fs.FileMode) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// sums writes SHA256SUMS of the results, as sha256sum -c reads it.
func sums(dir string) error {
	list, err := filepath.Glob(filepath.Join(dir, "pasokh-*"))
	if err != nil {
		return err
	}
	slices.Sort(list)
	var text strings.Builder
	for _, path := range list {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		f.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), filepath.Base(path))
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(text.String()), 0o644)
}
