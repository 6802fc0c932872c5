package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/disk"
)

const mebi = 1 << 20

// fat makes a FAT16 file system of so many MiB with the files of a folder.
func (m *maker) fat(ctx context.Context, path string, size int64, dir string) error {
	if err := blank(path, size*mebi); err != nil {
		return err
	}
	if err := m.tool(ctx, "", "mkfs.fat", "--invariant", "-F", "16", "-s", "4", "-n", "PASOKH", path); err != nil {
		return err
	}
	list, err := os.ReadDir(dir) // in the order of their names
	if err != nil {
		return err
	}
	for _, e := range list {
		file := filepath.Join(dir, e.Name())
		if err := os.Chtimes(file, m.made(), m.made()); err != nil {
			return err
		}
		if err := m.tool(ctx, "", "mcopy", "-m", "-i", path, file, "::"); err != nil {
			return err
		}
	}
	return nil
}

func blank(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

// used is how many bytes of a FAT16 file system count: up to its last cluster in use.
func used(f io.ReaderAt) (int64, error) {
	b := make([]byte, 512)
	if _, err := f.ReadAt(b, 0); err != nil {
		return 0, err
	}
	le := binary.LittleEndian
	sector, cluster := int64(le.Uint16(b[11:])), int64(b[13])
	reserved, fats, roots, size := int64(le.Uint16(b[14:])), int64(b[16]), int64(le.Uint16(b[17:])), int64(le.Uint16(b[22:]))
	if sector != 512 || cluster == 0 || fats == 0 || size == 0 {
		return 0, errors.New("not the FAT16 that was made")
	}
	table := make([]byte, size*sector)
	if _, err := f.ReadAt(table, reserved*sector); err != nil {
		return 0, err
	}
	last := int64(1)
	for i := int64(2); i < int64(len(table)/2); i++ {
		if le.Uint16(table[2*i:]) != 0 {
			last = i
		}
	}
	return (reserved+fats*size)*sector + roots*32 + (last-1)*cluster*sector, nil
}

// dataImage is the owner's file system, empty and small: it grows at the first start.
func (m *maker) dataImage(ctx context.Context, path string) error {
	if err := blank(path, m.board.Image.Data*mebi); err != nil {
		return err
	}
	const id = "9a50686b-0000-4000-8000-706173006f6b"
	return m.tool(ctx, "", "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-i", "8192", "-m", "1", "-J", "size=4", "-L", "data", "-U", id,
		"-O", "meta_bg,^resize_inode,^orphan_file", "-E", "hash_seed="+id+",root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0,nodiscard", path)
}

// bootImage is the partition that the board's boot loader reads first.
func (m *maker) bootImage(ctx context.Context, work, path string) error {
	dir := filepath.Join(work, "boot")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if m.board.Image.Script != "" {
		if err := m.tool(ctx, "", "mkimage", "-q", "-A", "arm64", "-T", "script", "-C", "none", "-n", "pasokh",
			"-d", filepath.Join(m.board.dir, m.board.Image.Script), filepath.Join(dir, "boot.scr")); err != nil {
			return err
		}
	}
	for _, file := range m.board.Image.BootFiles {
		if err := m.oneOf(file, dir); err != nil {
			return err
		}
	}
	return m.fat(ctx, path, m.board.Image.Boot, dir)
}

// disk lays the partitions; slot B stays empty until the first update.
func (m *maker) disk(path, boot, slot, data string) (err error) {
	i := m.board.Image
	t := disk.Lay(disk.Signature, i.Boot*mebi, i.Slot*mebi, i.Data*mebi)
	last := t.Partitions[disk.DataPartition-1]
	if err := blank(path, (int64(last.Start)+int64(last.Count))*disk.SectorSize); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteAt(t.Bytes(), 0); err != nil {
		return err
	}
	for n, part := range map[int]string{0: boot, 1: slot, 3: data} {
		if err := sparse(f, int64(t.Partitions[n].Start)*disk.SectorSize, part); err != nil {
			return err
		}
	}
	return nil
}

// sparse copies a file to a place in another and leaves its zeros out.
func sparse(to *os.File, at int64, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	block := make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(from, block)
		if n > 0 && slices.ContainsFunc(block[:n], func(b byte) bool { return b != 0 }) {
			if _, err := to.WriteAt(block[:n], at); err != nil {
				return err
			}
		}
		at += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// bundle is the signed update: the slot as far as it is used.
func (m *maker) bundle(path, slot string) (err error) {
	from, err := os.Open(slot)
	if err != nil {
		return err
	}
	defer from.Close()
	size, err := used(from)
	if err != nil {
		return fmt.Errorf("%s: %w", slot, err)
	}
	to, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	return bundle.Write(to, bundle.Manifest{Board: m.board.Name, Version: m.version, Serial: m.serial, Made: m.made()}, io.NewSectionReader(from, 0, size), m.key)
}
