// Package disk is how the box lies on its SD card, eMMC or disk.
//
//	sector 0        partition table (MBR: what a Raspberry Pi 3's ROM and every U-Boot read)
//	sector 2032     the slots' state, first copy (package slot)
//	sector 2040     the slots' state, second copy
//	partition 1     boot: FAT16, what the board's boot loader reads first
//	partition 2     slot A: FAT16 with kernel, device trees, initramfs and root file system
//	partition 3     slot B: the same for the other version
//	partition 4     data: ext4, everything that is the owner's; the rest of the disk
//
// A disk is known as a Pasokh's by the signature in its partition table, whatever the
// kernel calls the device. The image has a small last partition; Grow has it take the
// rest of the disk at the first start.
//
// The functions are safe for concurrent use as far as the disk is.
package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// SectorSize is in bytes.
const SectorSize = 512

// Signature is the disk signature of every Pasokh: "PSKH".
const Signature = 0x484b5350

// DataPartition is the number of the owner's partition.
const DataPartition = 4

// Partition is an entry of the table, in sectors.
type Partition struct {
	Type  byte // 0x0e FAT16, 0x83 Linux; 0 is an empty entry
	Start uint32
	Count uint32
}

// Types of partitions.
const (
	FAT16 = 0x0e
	Linux = 0x83
)

// Table is a partition table of four entries.
type Table struct {
	Signature  uint32
	Partitions [4]Partition
}

// ErrNoTable: the first sector is no partition table.
var ErrNoTable = errors.New("no partition table")

const (
	signatureAt = 440
	entriesAt   = 446
	entrySize   = 16
	magicAt     = 510
)

// Read reads the table of a disk.
func Read(r io.ReaderAt) (t Table, err error) {
	b := make([]byte, SectorSize)
	if _, err := r.ReadAt(b, 0); err != nil {
		return t, fmt.Errorf("reading the partition table: %w", err)
	}
	if b[magicAt] != 0x55 || b[magicAt+1] != 0xaa {
		return t, ErrNoTable
	}
	t.Signature = binary.LittleEndian.Uint32(b[signatureAt:])
	for i := range t.Partitions {
		e := b[entriesAt+i*entrySize:]
		t.Partitions[i] = Partition{Type: e[4], Start: binary.LittleEndian.Uint32(e[8:]), Count: binary.LittleEndian.Uint32(e[12:])}
	}
	return t, nil
}

// Bytes is the first sector of a disk with this table. Sectors are counted from 0
// throughout; what counts cylinders and heads gets the numbers that mean "see there".
func (t Table) Bytes() []byte {
	b := make([]byte, SectorSize)
	binary.LittleEndian.PutUint32(b[signatureAt:], t.Signature)
	for i, p := range t.Partitions {
		if p.Type == 0 {
			continue
		}
		e := b[entriesAt+i*entrySize:]
		copy(e[1:], []byte{0xfe, 0xff, 0xff, p.Type, 0xfe, 0xff, 0xff})
		binary.LittleEndian.PutUint32(e[8:], p.Start)
		binary.LittleEndian.PutUint32(e[12:], p.Count)
	}
	b[magicAt], b[magicAt+1] = 0x55, 0xaa
	return b
}

// Grown is the table with the last partition up to the end of a disk of so many sectors.
// It reports false where there is nothing to gain.
func (t Table) Grown(sectors uint64) (Table, bool) {
	last := &t.Partitions[DataPartition-1]
	end := min(sectors, 1<<32-1) / alignment * alignment
	if last.Type == 0 || end <= uint64(last.Start)+uint64(last.Count) {
		return t, false
	}
	last.Count = uint32(end - uint64(last.Start))
	return t, true
}

// alignment of partitions, in sectors: 1 MiB, a multiple of every flash's erase block.
const alignment = 2048

// Lay lays partitions of the given sizes in bytes one after another, on whole mebibytes.
func Lay(signature uint32, boot, slot, data int64) Table {
	t := Table{Signature: signature}
	next := uint32(alignment)
	for i, size := range []int64{boot, slot, slot, data} {
		kind := byte(FAT16)
		if i == DataPartition-1 {
			kind = Linux
		}
		count := uint32((size + alignment*SectorSize - 1) / (alignment * SectorSize) * alignment)
		t.Partitions[i] = Partition{Type: kind, Start: next, Count: count}
		next += count
	}
	return t
}
