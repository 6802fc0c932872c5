package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestSoundOnARM: what computes sound is right on the boards' processor too, where a
// product and a sum may be rounded once: the tests of the mixer, G.722, the jitter buffer
// and the detectors of tones run on an emulated one. Sockets are the kernel's, and are
// left out.
func TestSoundOnARM(t *testing.T) {
	if runtime.GOARCH == "arm64" {
		t.Skip("the tests of these packages run on ARM here already")
	}
	t.Parallel()
	needTool(t, "qemu-aarch64-static")
	for _, room := range []string{"telephony/media", "telephony/media/g722", "telephony/media/jitter", "hal/dsp"} {
		t.Run(room, func(t *testing.T) {
			dir := filepath.Join("..", "..", room)
			file := filepath.Join(t.TempDir(), "arm64.test")
			build := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", file, ".")
			build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			run := exec.CommandContext(t.Context(), "qemu-aarch64-static", file, "-test.short", "-test.skip", "Socket")
			run.Dir = dir
			if out, err := run.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
