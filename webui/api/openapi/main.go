// Openapi writes the description of the box's interface, OpenAPI 3.1, from its routes and
// the Go types of what they take and give. Its output is committed and served; a test
// proves that it is current.
//
//	go run ./webui/api/openapi webui/api/openapi.json
package main

import (
	"log"
	"os"

	"github.com/pasokh/pasokh/webui/api/contract"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: openapi FILE")
	}
	text, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], text, 0o644); err != nil {
		log.Fatal(err)
	}
}

func generate() ([]byte, error) {
	routes, err := contract.Routes()
	if err != nil {
		return nil, err
	}
	words, err := openWords()
	if err != nil {
		return nil, err
	}
	return (&writer{words: words, schemas: make(map[string]object)}).document(routes)
}
