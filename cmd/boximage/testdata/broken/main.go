// Command broken stands in for pasokh, or for process 1, in versions that are to fail:
// its name says how.
package main

import (
	"os"
	"path/filepath"
	"time"
)

var how string // set by the linker

func main() {
	switch how {
	case "crash":
		os.Exit(3)
	case "hang": // as process 1 of the root: the watchdog runs, and nobody feeds it
		dog, err := os.OpenFile(filepath.Join("/dev", "watchdog"), os.O_WRONLY, 0)
		if err == nil {
			defer dog.Close()
		}
	}
	for { // silent
		time.Sleep(time.Hour)
	}
}
