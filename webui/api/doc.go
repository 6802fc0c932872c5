// Package api is the box's HTTP JSON interface: what pages, the pasokh command
// and other programs may ask of it.
//
// The package owns no state. Rooms carries functions of the rooms that do; a
// handler reads a snapshot or posts a request and answers at once.
//
// Every Route names the Right (of package identity) that its user must have: a route
// without one keeps the box from starting, and a test from landing. A right opens the
// route; what a supervisor of some queues or an agent sees through it is decided object
// by object in sight.go: take Viewer(req.Context()), filter lists by its Sees (queues) and
// Owns (extensions), and refuse what is foreign as not found. A test in package server tries
// every route with every role and with foreign objects.
//
// Package server puts the routes behind sessions and security headers; package live
// streams the same types to pages.
//
// A route also tells what it does, reads, takes and gives. The Go types below are the
// contract: `go generate ./webui/api` writes their TypeScript twins to webui/src/api.ts and
// the description of the whole interface, OpenAPI 3.1, to openapi.json. Tests prove that both
// are current, and that what the box answers is what is described.
// Times are RFC 3339, durations are whole milliseconds. An error is
//
//	{"error": {"code": "unknown-port", "message": "...", "field": "port"}}
//
// where code is stable and message is in the caller's language (?lang=fa, or
// Accept-Language).
package api

//go:generate go run ./gents ../src/api.ts
//go:generate go run ./openapi openapi.json
