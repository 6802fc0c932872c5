package main

import (
	"os"
	"runtime/debug"
)

// garbage is how much the heap may grow between collections, in percent. More makes
// setting calls up a tenth cheaper, and leaves so many holes between what lives that no
// later collection gives them back: a call then takes a quarter more memory.
const garbage = 100

// settle gives back the memory that only starting took, reading the configuration
// above all. GOGC in the environment decides otherwise.
func settle() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	debug.FreeOSMemory()
}
