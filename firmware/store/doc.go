// Package store keeps what must survive a power cut: keyed values and logs.
//
// Values (Put, Get) live in one file and are on the disk when Put returns. Logs
// (Append, Scan) never make their caller wait for a disk: records are queued in
// memory and written in groups by Run, at the latest a second later, into one
// file per month.
//
// Power may fail at any moment. bbolt's commits survive that; the first
// initialisation of a file does not, so files are made under a temporary name,
// synced and renamed. A file that cannot be read is never fatal: it is moved
// aside, values come back from the last snapshot (taken at start, every hour and
// at Close when something changed), and the box is told through Recovered or
// OnError.
//
// A Store and its Logs are safe for concurrent use. Run owns the only goroutines.
package store
