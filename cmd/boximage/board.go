package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
)

// board is what the maker of images needs to know of a board: the part "image" of
// board/NAME/board.yaml. Lines and pins, in the same file, are package hal/board's.
type board struct {
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
	Image image  `yaml:"image"`
	dir   string
}

type image struct {
	Arch      string   `yaml:"arch"`     // Debian's name: arm64, armhf
	Kernel    string   `yaml:"kernel"`   // Debian's package of the kernel
	Selector  string   `yaml:"selector"` // raw or tryboot, see firmware/slot
	Script    string   `yaml:"script"`   // of U-Boot
	Boot      int64    `yaml:"boot"`     // sizes in MiB
	Slot      int64    `yaml:"slot"`
	Data      int64    `yaml:"data"`
	Early     []string `yaml:"early"`   // drivers in the initramfs
	Drivers   []string `yaml:"drivers"` // drivers in the root file system
	Trees     []string `yaml:"trees"`   // device trees, by their path in the kernel's package
	Packages  []string `yaml:"packages"`
	Firmware  []string `yaml:"firmware"`   // files of the board or its packages that go into the slot
	BootFiles []string `yaml:"boot_files"` // the same, into the boot partition
}

func readBoard(dir, name string) (b board, err error) {
	b.dir = filepath.Join(dir, name)
	text, err := os.ReadFile(filepath.Join(b.dir, "board.yaml"))
	if err != nil {
		return b, err
	}
	if err := yaml.Unmarshal(text, &b); err != nil {
		return b, fmt.Errorf("%s: %w", name, err)
	}
	i := b.Image
	switch {
	case b.Name != name:
		return b, fmt.Errorf("board %s calls itself %q", name, b.Name)
	case i.Arch == "" || i.Kernel == "" || i.Boot <= 0 || i.Slot <= 0 || i.Data <= 0 || len(i.Early) == 0:
		return b, fmt.Errorf("board %s: arch, kernel, sizes and early drivers are needed", name)
	case i.Selector != "raw" && i.Selector != "tryboot":
		return b, fmt.Errorf("board %s: selector %q is neither raw nor tryboot", name, i.Selector)
	}
	return b, nil
}
