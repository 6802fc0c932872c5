package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// preface is what holds for all operations.
const preface = `All that the page of the box does, a program can do.

A program signs in with a token, made on the page under "My account" with the rights that it needs, in the header Authorization: Bearer pasokh_…
The right that an operation needs is named with it; what of the box a token reaches is what its user reaches.

Times are RFC 3339, durations whole milliseconds unless a field says otherwise. Bodies are JSON of at most 64 KiB, where nothing else is said; a field that is unknown is refused, one that is left out is empty.
Texts for people are in the language of ?lang (fa or en), else of Accept-Language.
A refusal is a Problem, whose code is stable; x-codes lists them all. Where a text names examples, those are the values that the box knows today.`

// parts are the parameters of paths.
var parts = map[string]string{
	"id": "Its id, from the list of its kind.", "number": "Its number.", "extension": "The agent's extension.", "box": "The number of the mailbox.",
	"port": "The port on the board.", "name": "Its name.", "kind": "A kind of GET /api/describe.",
}

var braces = regexp.MustCompile(`\{(\w+)\}`)

// document is the whole description.
func (w *writer) document(routes []api.Route) ([]byte, error) {
	w.types = make(map[string]reflect.Type)
	paths, tags := make(map[string]object), []object{}
	for i := range routes {
		rt := &routes[i]
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if rt.About == "" {
			return nil, fmt.Errorf("route %s: About must say what it does", rt.Pattern)
		}
		op, err := w.operation(rt, method, path)
		if err != nil {
			return nil, fmt.Errorf("route %s: %w", rt.Pattern, err)
		}
		tag := strings.FieldsFunc(strings.TrimPrefix(path, "/api"), func(c rune) bool { return c == '/' || c == '.' })[0]
		op["tags"] = []string{tag}
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(method)] = op
		if !has(tags, tag) {
			tags = append(tags, object{"name": tag})
		}
	}
	problem, err := w.schema(reflect.TypeFor[api.Problem]())
	if err != nil {
		return nil, err
	}
	codes, err := w.words.codes()
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(object{
		"openapi": "3.1.0",
		"info":    object{"title": "Pasokh", "version": "1", "description": preface, "license": object{"name": "Apache 2.0", "identifier": "Apache-2.0"}},
		"servers": []object{{"url": "/"}},
		"paths":   paths, "tags": tags, "x-codes": codes,
		"components": object{
			"schemas":   w.schemas,
			"responses": object{"Refused": object{"description": "It was refused.", "content": content("application/json", problem)}},
			"parameters": object{"lang": object{"name": "lang", "in": "query", "description": "The language of texts for people.",
				"schema": object{"type": "string", "enum": []string{"fa", "en"}}}},
			"securitySchemes": object{
				"token":   object{"type": "http", "scheme": "bearer", "description": "A token of a user, whose scopes are rights."},
				"session": object{"type": "apiKey", "in": "cookie", "name": "__Host-pasokh", "description": "The page's own session, from POST /api/sign-in."},
			},
		},
	}, "", " ")
	return append(text, '\n'), err
}

func has(tags []object, name string) bool {
	for _, t := range tags {
		if t["name"] == name {
			return true
		}
	}
	return false
}

func (w *writer) operation(rt *api.Route, method, path string) (object, error) {
	op := object{"summary": rt.About, "operationId": operationID(method, path), "x-right": rt.Right, "security": security(rt.Right)}
	parameters := []object{}
	for _, m := range braces.FindAllStringSubmatch(path, -1) {
		about, ok := parts[m[1]]
		if !ok {
			return nil, fmt.Errorf("nothing is said of {%s}", m[1])
		}
		parameters = append(parameters, object{"name": m[1], "in": "path", "required": true, "description": about, "schema": object{"type": "string"}})
	}
	for i := range rt.Query {
		parameters = append(parameters, parameter(&rt.Query[i]))
	}
	op["parameters"] = append(parameters, object{"$ref": "#/components/parameters/lang"})
	if rt.Takes != nil {
		body, err := w.body(rt.Takes)
		if err != nil {
			return nil, err
		}
		op["requestBody"] = object{"required": true, "content": body}
	}
	done := object{"description": "Done."}
	if rt.Gives != nil {
		body, err := w.body(rt.Gives)
		if err != nil {
			return nil, err
		}
		done["content"] = body
	}
	responses := object{"200": done, "default": object{"$ref": "#/components/responses/Refused"}}
	for status, v := range rt.Refuses {
		body, err := w.body(v)
		if err != nil {
			return nil, err
		}
		responses[strconv.Itoa(status)] = object{"description": http.StatusText(status) + ".", "content": body}
	}
	op["responses"] = responses
	return op, nil
}

// body is what a value of a route's Takes or Gives says of a body.
func (w *writer) body(v any) (object, error) {
	switch v := v.(type) {
	case api.Media:
		return content(string(v), object{"type": "string", "format": "binary"}), nil
	case api.EventStream:
		text := object{"type": "string", "description": "Server-sent events."}
		if v.Of != nil {
			of, err := w.schema(reflect.TypeOf(v.Of))
			if err != nil {
				return nil, err
			}
			text["x-data"] = of // what the data of each is
		}
		return content("text/event-stream", text), nil
	}
	of, err := w.schema(reflect.TypeOf(v))
	return content("application/json", of), err
}

func content(kind string, schema object) object { return object{kind: object{"schema": schema}} }

func parameter(p *api.Param) object {
	of := object{"type": p.Type}
	if p.Format != "" {
		of["format"] = p.Format
	}
	if p.Type == "integer" {
		of["minimum"], of["maximum"] = p.Least, p.Most
	}
	if len(p.OneOf) > 0 {
		of["enum"] = p.OneOf
	}
	return object{"name": p.Name, "in": p.In, "description": p.About, "required": p.Needed, "schema": of}
}

// security is who may: nobody needs to be known, somebody with a session, or a token too.
func security(r identity.Right) []object {
	session := object{"session": []identity.Right{r}}
	switch r {
	case identity.Public:
		return []object{}
	case identity.Account:
		return []object{session}
	}
	return []object{{"token": []identity.Right{r}}, session}
}

// operationID is a name that programs can be written with: getCallsIdLegs.
func operationID(method, path string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(method))
	for _, word := range strings.FieldsFunc(strings.TrimPrefix(path, "/api/"), func(c rune) bool { return strings.ContainsRune("/{}.-", c) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
