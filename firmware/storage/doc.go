// Package storage watches the disk that the box's data is on: how much room is left
// and for how long, how much is written each day, how long a write takes to be safe, and
// how worn a memory chip says it is.
//
// It reads what the kernel tells in /sys and /proc (eMMC: life_time and pre_eol_info,
// JEDEC JESD84-B51 7.4.24) and once an hour writes and syncs one small file. One figure
// a day is kept for the forecast.
//
// The room owns its figures and runs in one goroutine (Run). It is safe for concurrent
// use.
package storage
