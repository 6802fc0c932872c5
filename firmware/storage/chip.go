package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Chip is what the kernel tells of the device below the data directory. What it does
// not tell is zero.
type Chip struct {
	Device  string `json:"device,omitempty"`  // "mmcblk0", "sda"
	Kind    string `json:"kind,omitempty"`    // "MMC" (eMMC), "SD", or empty
	Name    string `json:"name,omitempty"`    // of the maker
	Written uint64 `json:"written,omitempty"` // bytes since the machine started
	// Worn is how much of its life an eMMC has used, in percent, the upper bound of what
	// it tells in tenths; 0: it tells nothing. Over 100: more than it was made for.
	Worn int `json:"worn,omitempty"`
	// Reserve is the state of its spare blocks: 1 good, 2 most are used, 3 nearly none
	// are left; 0: it tells nothing.
	Reserve int `json:"reserve,omitempty"`
}

// readChip finds the device below a directory.
func readChip(sys, dir string) (Chip, error) {
	var st syscall.Stat_t
	if err := syscall.Stat(dir, &st); err != nil {
		return Chip{}, err
	}
	dev := uint64(st.Dev)
	major, minor := dev>>8&0xfff|dev>>32&^0xfff, dev&0xff|dev>>12&^0xff
	return chipAt(filepath.Join(sys, "dev/block", fmt.Sprintf("%d:%d", major, minor)))
}

// chipAt reads a block device, or the disk that a partition is on.
func chipAt(link string) (Chip, error) {
	path, err := filepath.EvalSymlinks(link)
	if err != nil {
		return Chip{}, err // a file system in memory has no device
	}
	if _, err := os.Stat(filepath.Join(path, "partition")); err == nil {
		path = filepath.Dir(path)
	}
	text := func(name string) string {
		t, _ := os.ReadFile(filepath.Join(path, name)) // not every device tells
		return strings.TrimSpace(string(t))
	}
	c := Chip{Device: filepath.Base(path), Kind: text("device/type"), Name: text("device/name")}
	if c.Name == "" {
		c.Name = text("device/model")
	}
	if c.Kind != "MMC" && c.Kind != "SD" {
		c.Kind = "" // the "type" of a SCSI disk is a number
	}
	// The seventh figure is the sectors written, of 512 bytes whatever the disk's are.
	if f := strings.Fields(text("stat")); len(f) > 6 {
		n, _ := strconv.ParseUint(f[6], 10, 64)
		c.Written = n * 512
	}
	for _, each := range strings.Fields(text("device/life_time")) { // of two kinds of cells
		if n, err := strconv.ParseUint(each, 0, 8); err == nil {
			c.Worn = max(c.Worn, int(n)*10)
		}
	}
	if n, err := strconv.ParseUint(text("device/pre_eol_info"), 0, 8); err == nil {
		c.Reserve = int(n)
	}
	return c, nil
}
