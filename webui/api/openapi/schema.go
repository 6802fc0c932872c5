package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/api/contract"
)

// object is a JSON object; encoding/json sorts its keys.
type object = map[string]any

// writer collects the schemas that a document refers to.
type writer struct {
	words   *words
	schemas map[string]object
	types   map[string]reflect.Type // of the schemas: no two types may have one name
}

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// schema is the JSON Schema of a type; that of a struct is put among the document's.
func (w *writer) schema(t reflect.Type) (object, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}, nil
	case reflect.TypeFor[ledger.Millis](), reflect.TypeFor[api.Millis]():
		return object{"type": "integer", "format": "int64", "description": "Milliseconds."}, nil
	case reflect.TypeFor[json.RawMessage]():
		return object{}, nil
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}, nil
	}
	switch t.Kind() {
	case reflect.Interface:
		return object{}, nil
	case reflect.String:
		return w.name(t)
	case reflect.Bool:
		return object{"type": "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return object{"type": "integer", "format": "int64"}, nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}, nil
	case reflect.Float64:
		return object{"type": "number"}, nil
	case reflect.Pointer:
		return w.schema(t.Elem())
	case reflect.Slice, reflect.Array:
		items, err := w.schema(t.Elem())
		return object{"type": "array", "items": items}, err
	case reflect.Map:
		values, err := w.schema(t.Elem())
		return object{"type": "object", "additionalProperties": values}, err
	case reflect.Struct:
		return w.structure(t)
	}
	return nil, fmt.Errorf("no schema for %v", t)
}

// name is the schema of a text, with the values that the box knows for it. More may come:
// they are examples, and a program must live with others.
func (w *writer) name(t reflect.Type) (object, error) {
	s := object{"type": "string"}
	said, err := w.words.of(t)
	if err != nil {
		return nil, err
	}
	if values := said.values[t.Name()]; len(values) > 0 {
		s["examples"] = values
	}
	return s, nil
}

func (w *writer) structure(t reflect.Type) (object, error) {
	name := contract.Name(t)
	if had, ok := w.types[name]; ok {
		if had != t {
			return nil, fmt.Errorf("%v and %v are both called %s", had, t, name)
		}
		return ref(name), nil
	}
	w.types[name] = t
	said, err := w.words.of(t)
	if err != nil {
		return nil, err
	}
	properties, required := object{}, []string{}
	for f := range contract.Fields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" {
			continue
		}
		of, err := w.schema(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", name, f.Name, err)
		}
		if text := said.fields[t.Name()+"."+f.Name]; text != "" {
			of["description"] = text
		}
		properties[tag] = of
		if !strings.Contains(options, "omit") {
			required = append(required, tag)
		}
	}
	s := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	if text := said.types[t.Name()]; text != "" {
		s["description"] = text
	}
	w.schemas[name] = s
	return ref(name), nil
}
