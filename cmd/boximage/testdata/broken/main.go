// Command broken stands in for pasokh, or for process 1, in versions that are to fail:
// its name says how.
package main

import (
	"os"
	"time"
)

var how string // set by the linker

func main() {
	if how == "crash" {
		os.Exit(3)
	}
	for { // hang: as process 1 of the root, which nobody resets but the watchdog; silent
		time.Sleep(time.Hour)
	}
}
