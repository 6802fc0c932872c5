package main

import (
	"os"
	"runtime/debug"
)

// garbage is how much the heap may grow between collections, in percent. What lives
// long is small, 20 MB with a thousand extensions; what a call leaves behind is
// cheaper to collect in larger heaps.
const garbage = 250

// settle gives back the memory that only starting took, reading the configuration
// above all. GOGC in the environment decides otherwise.
func settle() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	debug.FreeOSMemory()
}
