package describe

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// Change is one difference between two trees.
type Change struct {
	Kind  string `json:"kind"` // "extensions"
	ID    string `json:"id"`   // of the thing; empty of what the box has one of
	Name  string `json:"name,omitempty"`
	What  string `json:"what"`           // added, removed or changed
	Path  string `json:"path,omitempty"` // of the field that changed
	Label Text   `json:"label"`          // of the field, where it is described
	Old   string `json:"old,omitempty"`  // empty: it was not set
	New   string `json:"new,omitempty"`
}

// Diff is all that is different in a later tree, field by field. Secrets are masked: a
// new one reads as a change from the mask to the mask.
func (b *Book) Diff(before, after *config.Config) ([]Change, error) {
	changes := []Change{}
	t := reflect.TypeFor[config.Config]()
	for i := range t.NumField() {
		kind, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if kind == "" || kind == "schema" {
			continue
		}
		old, err := flat(reflect.ValueOf(before).Elem().Field(i))
		if err != nil {
			return nil, err
		}
		fresh, err := flat(reflect.ValueOf(after).Elem().Field(i))
		if err != nil {
			return nil, err
		}
		k, _ := b.Kind(kind)
		changes = append(changes, k.compare(kind, old, fresh)...)
	}
	return changes, nil
}

// thing is one entry as its fields say it; id is empty of what there is one of.
type thing struct {
	id, name string
	fields   map[string]string
	real     map[string]string // secrets in the open: to see that they changed
}

// flat is a part of the tree as things.
func flat(v reflect.Value) ([]thing, error) {
	one := func(id, name string, v any) (thing, error) {
		plain, err := config.Plain(v)
		if err != nil {
			return thing{}, err
		}
		t := thing{id: id, name: name, fields: make(map[string]string), real: make(map[string]string)}
		spread("", plain, t.real)
		if typ := reflect.TypeOf(v); typ.Kind() == reflect.Struct {
			mask(plain, typ)
		}
		spread("", plain, t.fields)
		return t, nil
	}
	var things []thing
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			id, name := entryName(v.Index(i))
			t, err := one(id, name, v.Index(i).Interface())
			if err != nil {
				return nil, err
			}
			things = append(things, t)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			t, err := one(key.String(), key.String(), v.MapIndex(key).Interface())
			if err != nil {
				return nil, err
			}
			things = append(things, t)
		}
		slices.SortFunc(things, func(a, b thing) int { return cmp.Compare(a.id, b.id) })
	default:
		t, err := one("", "", v.Interface())
		return []thing{t}, err
	}
	return things, nil
}

// spread writes plain values as text under their paths; lists of texts stay in one.
func spread(path string, v any, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			at := name
			if path != "" {
				at = path + "." + name
			}
			spread(at, x, into)
		}
	case []any:
		if slices.ContainsFunc(v, func(x any) bool { _, is := x.(map[string]any); return is }) {
			for i, x := range v {
				spread(fmt.Sprintf("%s[%d]", path, i), x, into)
			}
			return
		}
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = fmt.Sprint(x)
		}
		into[path] = strings.Join(words, ", ")
	default:
		into[path] = fmt.Sprint(v)
	}
}

// compare tells what became of the things of a kind. k is nil of one that is not described.
func (k *Kind) compare(kind string, before, after []thing) (changes []Change) {
	find := func(list []thing, id string) (thing, bool) {
		i := slices.IndexFunc(list, func(t thing) bool { return t.id == id })
		if i < 0 {
			return thing{}, false
		}
		return list[i], true
	}
	for _, old := range before {
		fresh, ok := find(after, old.id)
		if !ok {
			changes = append(changes, Change{Kind: kind, ID: old.id, Name: old.name, What: "removed"})
			continue
		}
		paths := make([]string, 0, len(old.real))
		for path := range old.real {
			paths = append(paths, path)
		}
		for path := range fresh.real {
			if _, both := old.real[path]; !both {
				paths = append(paths, path)
			}
		}
		slices.Sort(paths)
		for _, path := range paths {
			if old.real[path] == fresh.real[path] {
				continue
			}
			c := Change{Kind: kind, ID: old.id, Name: fresh.name, What: "changed", Path: path, Old: old.fields[path], New: fresh.fields[path]}
			if k != nil {
				if f, ok := k.Field(path); ok {
					c.Label = f.Label
				}
			}
			changes = append(changes, c)
		}
	}
	for _, fresh := range after {
		if _, ok := find(before, fresh.id); !ok {
			changes = append(changes, Change{Kind: kind, ID: fresh.id, Name: fresh.name, What: "added"})
		}
	}
	return changes
}
