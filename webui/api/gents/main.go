// Gents writes the TypeScript twins of the types that package api sends and
// receives. Its output is committed; a test proves that it is current.
//
//	go run ./webui/api/gents webui/src/api.ts
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/api/contract"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gents FILE")
	}
	if err := os.WriteFile(os.Args[1], generate(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func generate() []byte {
	g := &generator{done: make(map[reflect.Type]bool)}
	routes, err := contract.Routes()
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range contract.Types(routes) {
		g.name(t)
	}
	for len(g.queue) > 0 {
		t := g.queue[0]
		g.queue = g.queue[1:]
		g.interfaceOf(t)
	}
	slices.Sort(g.out)
	return []byte("// Written by webui/api/gents from the Go types. Do not edit.\n\n" +
		"/** A time, RFC 3339. */\nexport type Time = string;\n/** A duration in milliseconds. */\nexport type Millis = number;\n\n" +
		strings.Join(g.out, "\n"))
}

type generator struct {
	done  map[reflect.Type]bool
	queue []reflect.Type
	out   []string
}

// name is the TypeScript type of t; a struct is put in line to be written.
func (g *generator) name(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "Time"
	case reflect.TypeFor[ledger.Millis](), reflect.TypeFor[api.Millis]():
		return "Millis"
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return "unknown"
	}
	switch t.Kind() {
	case reflect.Interface:
		return "unknown"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Uint8, reflect.Float64:
		return "number"
	case reflect.Slice:
		return g.name(t.Elem()) + "[]"
	case reflect.Map:
		return "{ [key: string]: " + g.name(t.Elem()) + " }"
	case reflect.Pointer:
		return g.name(t.Elem())
	case reflect.Struct:
		if !g.done[t] {
			g.done[t] = true
			g.queue = append(g.queue, t)
		}
		return contract.Name(t)
	}
	log.Fatalf("no TypeScript for %v", t)
	return ""
}

func (g *generator) interfaceOf(t reflect.Type) {
	var b strings.Builder
	fmt.Fprintf(&b, "export interface %s {\n", g.name(t))
	for f := range contract.Fields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" {
			continue
		}
		optional := ""
		if strings.Contains(options, "omit") {
			optional = "?"
		}
		fmt.Fprintf(&b, "  %s%s: %s;\n", tag, optional, g.name(f.Type))
	}
	b.WriteString("}\n")
	g.out = append(g.out, b.String())
}
