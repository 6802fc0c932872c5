package main

import (
	"slices"
	"testing"
)

// TestClosure: a module comes after all that it needs, once, by any spelling.
func TestClosure(t *testing.T) {
	d := &drivers{files: map[string]string{"vfat": "fs/vfat.ko", "fat": "fs/fat.ko", "nls_base": "nls/base.ko", "virtio_blk": "b/virtio-blk.ko"},
		needs: map[string][]string{"fs/vfat.ko": {"fs/fat.ko", "nls/base.ko"}, "fs/fat.ko": {"nls/base.ko"}}}
	files, missing := d.closure([]string{"vfat", "virtio-blk", "fat", "built-in"})
	if want := []string{"nls/base.ko", "fs/fat.ko", "fs/vfat.ko", "b/virtio-blk.ko"}; !slices.Equal(files, want) {
		t.Errorf("%v, want %v", files, want)
	}
	if !slices.Equal(missing, []string{"built-in"}) {
		t.Errorf("missing %v", missing)
	}
}

// TestBoards: every board's description is whole.
func TestBoards(t *testing.T) {
	for _, name := range []string{"qemu-arm64", "qemu-armv7", "rpi3", "rpi4"} {
		b, err := readBoard("../../board", name)
		if err != nil {
			t.Error(err)
			continue
		}
		if i := b.Image; (i.Selector == "raw") != (i.Script != "") {
			t.Errorf("%s: selector %s with script %q", name, i.Selector, i.Script)
		}
	}
	if _, err := readBoard("../../board", "nothing"); err == nil {
		t.Error("a board that is not there")
	}
}
