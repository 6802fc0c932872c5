package main

import (
	"fmt"
	"io"
	"time"
)

// cpio writes an initramfs: the "newc" form that the kernel unpacks
// (Documentation/driver-api/early-userspace/buffer-format.rst).
type cpio struct {
	w    io.Writer
	time time.Time
	node int
	err  error
}

const (
	modeDir  = 0o040755
	modeFile = 0o100755
)

// add writes one entry.
func (c *cpio) add(name string, mode int, body []byte) {
	c.node++
	c.write([]byte(fmt.Sprintf("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		c.node, mode, 0, 0, 1, c.time.Unix(), len(body), 0, 0, 0, 0, len(name)+1, 0, name)))
	c.pad(110 + len(name) + 1)
	c.write(body)
	c.pad(len(body))
}

// close writes the end.
func (c *cpio) close() error {
	c.node = 0
	c.add("TRAILER!!!", 0, nil)
	return c.err
}

func (c *cpio) pad(n int) { c.write(make([]byte, (4-n%4)%4)) }

func (c *cpio) write(b []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(b)
	}
}
