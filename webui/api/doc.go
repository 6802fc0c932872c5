// Package api is the box's HTTP JSON interface: what pages, the pasokh command
// and other programs may ask of it.
//
// The package owns no state. Rooms carries functions of the rooms that do; a
// handler reads a snapshot or posts a request and answers at once. Every route
// declares who may use it, and the zero value is "signed in", so that a
// forgotten word closes a door instead of opening one. Package server puts the
// routes behind sessions and security headers; package live streams the same
// types to pages.
//
// The Go types below are the contract: `go generate ./webui/api` writes their
// TypeScript twins to webui/src/api.ts and a test proves that they are current.
// Times are RFC 3339, durations are whole milliseconds. An error is
//
//	{"error": {"code": "unknown-port", "message": "...", "field": "port"}}
//
// where code is stable and message is in the caller's language (?lang=fa, or
// Accept-Language).
package api

//go:generate go run ./gents ../src/api.ts
