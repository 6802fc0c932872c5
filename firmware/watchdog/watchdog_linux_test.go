package watchdog

import (
	"os"
	"testing"
)

func TestFeeding(t *testing.T) {
	bowl, f, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer bowl.Close()
	d := &Dog{f}
	for range 2 {
		if err := d.Feed(); err != nil {
			t.Fatal(err)
		}
	}
	eaten := make([]byte, 10)
	n, err := bowl.Read(eaten)
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	for _, c := range eaten[:n] {
		if c == 'V' { // "magic close" of the kernel's interface: the dog would sleep when process 1 ends
			t.Error("the watchdog is told that it may be stopped")
		}
	}
	f.Close()
	if d.Feed() == nil {
		t.Error("a watchdog that is gone is fed without an error")
	}
	if err := (*Dog)(nil).Feed(); err != nil {
		t.Error("a board without a watchdog:", err)
	}
}
