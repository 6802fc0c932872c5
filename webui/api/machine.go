package api

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// maxMachine bounds each of the kernel's answers in the support file, in bytes.
const maxMachine = 64 << 10

// machineText is what the kernel says of the machine: its memory, its load, how long it
// is up, and every socket that is open (proc(5)).
func machineText() []byte {
	var b bytes.Buffer
	for _, name := range []string{"uptime", "loadavg", "meminfo", "net/tcp", "net/tcp6", "net/udp", "net/udp6"} {
		fmt.Fprintf(&b, "--- /proc/%s\n", name)
		f, err := os.Open("/proc/" + name)
		if err == nil {
			_, err = io.Copy(&b, io.LimitReader(f, maxMachine))
			f.Close()
		}
		if err != nil { // not Linux
			fmt.Fprintln(&b, err)
		}
	}
	return b.Bytes()
}
