// Package webui holds the built pages of the box. Their sources are TypeScript
// in src; `npm ci && npm run build` writes dist, which is committed so that the
// program builds without Node. See packages server, api and live for the rest.
package webui

import (
	"embed"
	"io/fs"
)

//go:embed dist
var files embed.FS

// Dist is the built pages, index.html at the root.
func Dist() (fs.FS, error) { return fs.Sub(files, "dist") }
