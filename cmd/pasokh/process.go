package main

import (
	"encoding/json"
	"net/http"
	"os"
	"runtime"
)

// process is what the program holds of the machine, for support.
type process struct {
	Goroutines int    `json:"goroutines"`
	Files      int    `json:"files"`  // open descriptors
	Heap       uint64 `json:"heap"`   // bytes in use after a collection
	Memory     uint64 `json:"memory"` // bytes that the runtime has from the system and has not given back
}

// measureProcess tells what this process holds. It collects garbage first: what is
// left is what matters.
func measureProcess(w http.ResponseWriter, _ *http.Request) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p := process{Goroutines: runtime.NumGoroutine(), Heap: m.HeapAlloc, Memory: m.Sys - m.HeapReleased}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		p.Files = len(files) - 1 // without the directory's own
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(p)
}
