package describe

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
)

// Thing is one thing as it is set: plain values by the names of the file, with a mask in
// the place of each secret.
type Thing struct {
	ID    string // what its kind's Key says; of a single one the kind's own id
	Value map[string]any
}

// list is the entries of a kind within a tree; of a single one, the one.
func (k *Kind) list(c *config.Config) []reflect.Value {
	v := reflect.ValueOf(c).Elem().Field(k.at)
	if k.Single {
		return []reflect.Value{v}
	}
	all := make([]reflect.Value, v.Len())
	for i := range all {
		all[i] = v.Index(i)
	}
	return all
}

// id is how an entry is named.
func (k *Kind) id(v reflect.Value) string {
	if k.Single {
		return k.ID
	}
	_, at := keyOf(k.entry, k.Key)
	return v.Field(at).String()
}

// Things are all of a kind in a tree, in its order.
func (k *Kind) Things(c *config.Config) ([]Thing, error) {
	all := []Thing{}
	for _, v := range k.list(c) {
		plain, err := config.Plain(v.Interface())
		if err != nil {
			return nil, err
		}
		mask(plain, k.entry)
		all = append(all, Thing{k.id(v), plain})
	}
	return all, nil
}

// Thing finds one.
func (k *Kind) Thing(c *config.Config, id string) (Thing, bool) {
	all, err := k.Things(c)
	if err != nil {
		return Thing{}, false
	}
	i := slices.IndexFunc(all, func(t Thing) bool { return t.ID == id })
	if i < 0 {
		return Thing{}, false
	}
	return all[i], true
}

// Put makes a thing of what a form says, in the place of the one named id, or after all
// others when id is empty. A secret that is masked stays what it was. under is where the
// thing is in the tree, for the paths of problems. The tree's lists are not changed in
// place. Its error is config.Problems, with paths that begin at the thing.
func (k *Kind) Put(c *config.Config, id string, plain map[string]any) (under string, err error) {
	fresh := reflect.New(k.entry)
	if err := config.ReadPlain(plain, fresh.Interface()); err != nil {
		return "", err
	}
	field := reflect.ValueOf(c).Elem().Field(k.at)
	if k.Single {
		keep(fresh.Elem(), field)
		field.Set(fresh.Elem())
		return k.ID + ".", nil
	}
	n := field.Len()
	list := reflect.MakeSlice(field.Type(), n, n+1)
	reflect.Copy(list, field)
	field.Set(list)
	for i, old := range k.list(c) {
		if id != "" && k.id(old) == id {
			keep(fresh.Elem(), old)
			list.Index(i).Set(fresh.Elem())
			return fmt.Sprintf("%s[%d].", k.ID, i), nil
		}
	}
	field.Set(reflect.Append(list, fresh.Elem()))
	return fmt.Sprintf("%s[%d].", k.ID, n), nil
}

// Delete takes a thing out of a tree; false: there is none.
func (k *Kind) Delete(c *config.Config, id string) bool {
	field := reflect.ValueOf(c).Elem().Field(k.at)
	if k.Single {
		return false
	}
	list := reflect.MakeSlice(field.Type(), 0, field.Len())
	for _, v := range k.list(c) {
		if k.id(v) != id {
			list = reflect.Append(list, v)
		}
	}
	if list.Len() == field.Len() {
		return false
	}
	field.Set(list)
	return true
}

// mask replaces the secrets of plain values, of the type from which they were written.
func mask(plain map[string]any, t reflect.Type) {
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		switch inner, _ := plain[name].(map[string]any); {
		case t.Field(i).Type == reflect.TypeFor[config.Secret]():
			if plain[name] != nil {
				plain[name] = config.Mask
			}
		case t.Field(i).Type.Kind() == reflect.Struct && inner != nil:
			mask(inner, t.Field(i).Type)
		}
	}
}

// keep lets masked secrets be what they were.
func keep(now, before reflect.Value) {
	for i := range now.NumField() {
		switch f := now.Field(i); {
		case f.Type() == reflect.TypeFor[config.Secret]():
			if f.String() == config.Mask { // reflect gives the text, not what String shows
				f.Set(before.Field(i))
			}
		case f.Kind() == reflect.Struct:
			keep(f, before.Field(i))
		}
	}
}

// Reference is where something is used.
type Reference struct {
	Kind  string `json:"kind"` // as in the tree: "queues"
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Path  string `json:"path"` // in that thing: "keys.1"
	Label Text   `json:"label"`
}

// Uses are all that would make no sense without a thing: what names it.
func (b *Book) Uses(c *config.Config, k *Kind, id string) []Reference {
	uses := []Reference{}
	without := *c
	if !k.Delete(&without, id) {
		return uses
	}
	before := make(map[string]bool)
	for _, p := range c.Problems() {
		before[p.Path] = true
	}
	for _, p := range without.Problems() {
		if u := b.Where(&without, p.Path); !before[p.Path] && !slices.Contains(uses, u) {
			uses = append(uses, u)
		}
	}
	return uses
}

// Where is the thing and the field that a path of the tree means.
func (b *Book) Where(c *config.Config, path string) Reference {
	end := strings.IndexAny(path, "[.")
	if end < 0 {
		return Reference{Kind: path}
	}
	u := Reference{Kind: path[:end], Path: strings.TrimPrefix(path[end:], ".")}
	if path[end] == '[' {
		var i int
		_, _ = fmt.Sscanf(path[end:], "[%d]", &i) // what is no number means the first
		_, u.Path, _ = strings.Cut(path[end:], "].")
		u.ID, u.Name = nameOf(c, u.Kind, i)
	}
	if k, ok := b.Kind(u.Kind); ok {
		if f, ok := k.Field(u.Path); ok {
			u.Label = f.Label
		}
	}
	return u
}

// Named is something that a field can name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Names are all things of a tree that fields can name, by what Field.Refers says.
func Names(c *config.Config) map[string][]Named {
	all := make(map[string][]Named)
	t := reflect.TypeFor[config.Config]()
	for at := range t.NumField() {
		kind, _, _ := strings.Cut(t.Field(at).Tag.Get("yaml"), ",")
		v := reflect.ValueOf(c).Elem().Field(at)
		if v.Kind() != reflect.Slice {
			continue
		}
		for i := range v.Len() {
			id, name := entryName(v.Index(i))
			all[kind] = append(all[kind], Named{id, name})
			if v.Index(i).FieldByName("Number").IsValid() && kind != "switches" {
				all["number"] = append(all["number"], Named{id, name})
			}
		}
	}
	all["music"] = append(all["music"], Named{ID: config.DefaultMusic})
	return all
}

// nameOf is how entry i of a list of the tree is called, described or not.
func nameOf(c *config.Config, kind string, i int) (id, name string) {
	t := reflect.TypeFor[config.Config]()
	for at := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(at).Tag.Get("yaml"), ",")
		v := reflect.ValueOf(c).Elem().Field(at)
		if key == kind && v.Kind() == reflect.Slice && i < v.Len() {
			return entryName(v.Index(i))
		}
	}
	return "", ""
}

// entryName is how an entry is called: its number, port or name, and its name.
func entryName(v reflect.Value) (id, name string) {
	text := func(field string) string {
		if f := v.FieldByName(field); f.IsValid() {
			return f.String()
		}
		return ""
	}
	name = text("Name")
	return cmp.Or(text("Number"), text("Port"), name), name
}
