// Package describe tells what can be set: every kind of thing in the configuration, its
// fields, what they may be, and how people call them in each language. Types, names and
// defaults come from the Go types of package config by reflection; labels, help and
// limits from the tables in this package, one file a kind. A test compares the limits
// with what config refuses, and finds a field that nobody has described.
//
// A Book is made once and never changes; all its methods may be called from anywhere.
package describe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// Text is words for people.
type Text struct {
	EN string `json:"en"`
	FA string `json:"fa"`
}

// Kind is a kind of thing, such as extensions, or a part of which the box has one, such
// as the system.
type Kind struct {
	ID     string  `json:"id"` // its key in the configuration: "extensions"
	Single bool    `json:"single"`
	Name   Text    `json:"name"` // of one
	Names  Text    `json:"names"`
	Help   Text    `json:"help"`
	Key    string  `json:"key"` // the field by which one is named; empty of a single one
	Fields []Field `json:"fields"`
	// Risky is what can cut the way to the outside: its changes are put in force on trial.
	Risky bool `json:"risky"`

	entry reflect.Type
	at    int // field of config.Config
}

// Field is one thing that can be set.
type Field struct {
	Path     string   `json:"path"` // in its thing: "voicemail.pin"
	Type     string   `json:"type"` // one of Types
	Label    Text     `json:"label"`
	Help     Text     `json:"help"`
	Unit     Text     `json:"unit"`
	Min      int      `json:"min"` // of a number; of a duration in milliseconds. Both 0: no limits
	Max      int      `json:"max"`
	Zero     bool     `json:"zero"`              // 0 is allowed beside Min to Max
	Choices  []Choice `json:"choices"`           // of a choice, or of what a list holds
	Refers   string   `json:"refers,omitempty"`  // the kind that it names one of; "number": any of the plan
	Default  string   `json:"default,omitempty"` // as a person would write it
	Example  string   `json:"example,omitempty"`
	Required bool     `json:"required"`
	Advanced bool     `json:"advanced"`
	Code     bool     `json:"code"` // a number, a name or an address: left to right in every language
}

// Types are what a field can be.
func Types() []string {
	return []string{"text", "number", "duration", "yes-no", "choice", "list", "map", "secret", "long-text"}
}

// Choice is something that can be chosen.
type Choice struct {
	Value string `json:"value"`
	Label Text   `json:"label"`
}

// Book is the whole description.
type Book struct {
	kinds []Kind
}

// New makes the description.
func New() *Book {
	b := &Book{}
	tree := reflect.TypeFor[config.Config]()
	fresh := reflect.ValueOf(*config.Default())
	for _, k := range kinds() {
		f, at := keyOf(tree, k.ID)
		k.at = at
		k.entry = f.Type
		first := fresh.Field(at)
		if f.Type.Kind() == reflect.Slice {
			k.entry = f.Type.Elem()
			one := reflect.New(k.entry)
			config.Fresh(one.Interface())
			first = one.Elem()
		}
		k.Single = f.Type.Kind() == reflect.Struct
		for i := range k.Fields {
			k.Fields[i].derive(k.entry, first)
		}
		b.kinds = append(b.kinds, k)
	}
	return b
}

// Kinds are all that is described, in the order in which a page lists them.
func (b *Book) Kinds() []Kind { return b.kinds }

// Kind finds a kind.
func (b *Book) Kind(id string) (*Kind, bool) {
	i := slices.IndexFunc(b.kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return nil, false
	}
	return &b.kinds[i], true
}

// Field finds a field, whatever entry of a list or map the path ends in: "keys.1" is
// of keys.
func (k *Kind) Field(path string) (*Field, bool) {
	for p := plainPath(path); p != ""; p = p[:max(strings.LastIndex(p, "."), 0)] {
		if i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Path == p }); i >= 0 {
			return &k.Fields[i], true
		}
	}
	return nil, false
}

// plainPath is a path without the places in lists.
func plainPath(path string) string {
	for {
		open := strings.IndexByte(path, '[')
		if open < 0 {
			return path
		}
		shut := strings.IndexByte(path[open:], ']')
		if shut < 0 {
			return path[:open]
		}
		path = path[:open] + path[open+shut+1:]
	}
}

// keyOf finds the field of a struct that a key of the file names.
func keyOf(t reflect.Type, key string) (reflect.StructField, int) {
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name == key {
			return t.Field(i), i
		}
	}
	panic(fmt.Sprintf("describe: %v has no %q", t, key)) // a slip in a table; a test makes every Book
}

// derive fills in what the Go type knows: the type of the field and its default.
func (f *Field) derive(entry reflect.Type, fresh reflect.Value) {
	t, v := entry, fresh
	for name := range strings.SplitSeq(f.Path, ".") {
		field, at := keyOf(t, name)
		t, v = field.Type, v.Field(at)
	}
	if f.Choices == nil {
		f.Choices = []Choice{}
	}
	switch {
	case f.Type != "": // the table says more
	case t == reflect.TypeFor[config.Secret]():
		f.Type = "secret"
	case t == reflect.TypeFor[config.Duration]():
		f.Type = "duration"
	case t.Kind() == reflect.Int:
		f.Type = "number"
	case t.Kind() == reflect.Bool:
		f.Type = "yes-no"
	case t.Kind() == reflect.Slice:
		f.Type = "list"
	case t.Kind() == reflect.Map:
		f.Type = "map"
	case len(f.Choices) > 0:
		f.Type = "choice"
	default:
		f.Type = "text"
	}
	switch {
	case v.IsZero() || f.Type == "secret":
	case f.Type == "list" && v.Type().Elem().Kind() == reflect.String:
		f.Default = strings.Join(v.Interface().([]string), ", ")
	default:
		f.Default = fmt.Sprint(v.Interface())
	}
}
