package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/disk"
)

// virt is qemu's own board of a kind, started through U-Boot. CARD stands for its card.
func virt(program, kind, processor, loader string) []string {
	return []string{program, "-M", kind, "-cpu", processor, "-smp", "2", "-m", "1024", "-nographic", "-bios", "/usr/lib/u-boot/" + loader + "/u-boot.bin",
		"-drive", "if=none,id=card,format=raw,file=CARD", "-device", "virtio-blk-pci,drive=card", "-device", "virtio-rng-pci", "-device", "virtio-net-pci,netdev=wire,romfile="}
}

func arm64() []string {
	return append(virt("qemu-system-aarch64", "virt", "cortex-a53", "qemu_arm64"), "-device", "i6300esb")
}

// arm32 has PCI devices where its kernel sees them.
func arm32() []string { return virt("qemu-system-arm", "virt,highmem=off", "cortex-a15", "qemu_arm") }

// pi is a Raspberry Pi 3. Nobody emulates its firmware: qemu loads what that would have
// loaded from slot A. Its watchdog resets qemu at once.
func pi(t *testing.T, image string) []string {
	t.Helper()
	dir := t.TempDir()
	f, err := os.Open(image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := disk.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	at := strconv.FormatUint(uint64(table.Partitions[1].Start)*disk.SectorSize, 10)
	if out, err := exec.Command("mcopy", "-i", image+"@@"+at, "::Image.gz", "::initrd.img", "::cmdline.txt", "::bcm2837-rpi-3-b.dtb", dir).CombinedOutput(); err != nil {
		t.Fatalf("mcopy: %v\n%s", err, out)
	}
	line, err := os.ReadFile(filepath.Join(dir, "cmdline.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return []string{"qemu-system-aarch64", "-M", "raspi3b", "-display", "none", "-monitor", "none", "-serial", "null", "-serial", "stdio",
		"-kernel", filepath.Join(dir, "Image.gz"), "-initrd", filepath.Join(dir, "initrd.img"), "-dtb", filepath.Join(dir, "bcm2837-rpi-3-b.dtb"),
		"-append", strings.TrimSpace(string(line)) + " pasokh.wdt=off", "-drive", "if=sd,format=raw,file=CARD", "-device", "usb-net,netdev=wire"}
}

// TestApplianceOnOtherBoards starts and claims the box on the boards that are not the one
// that everything else is tried on.
func TestApplianceOnOtherBoards(t *testing.T) {
	onDemand(t)
	for name, board := range map[string]func(image string) []string{
		"qemu-armv7": func(string) []string { return arm32() },
		"rpi3":       func(image string) []string { return pi(t, image) },
	} {
		m := newMaker(t, name) // one at a time: they share a cache of packages
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			image := m.of(t, "1.0", 100) + ".img"
			b := newBox(t, image, board(image))
			b.start()
			b.claim()
			b.runs("1.0", "a")
			b.answersSIP()
		})
	}
}
