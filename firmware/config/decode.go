package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder fills the tree from YAML nodes. It goes on after a mistake, so that
// a file's mistakes are told all at once.
type decoder struct {
	problems Problems
	lines    positions
}

func (d *decoder) decode(body ast.Node, into any) {
	d.lines[""] = 1
	if body != nil {
		d.value("", body, reflect.ValueOf(into).Elem())
	}
}

func (d *decoder) add(path string, n ast.Node, m message, args ...any) {
	d.problems.add(path, m, args...)
	d.problems[len(d.problems)-1].Line = line(n)
}

func line(n ast.Node) int {
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return tk.Position.Line
	}
	return 0
}

// value reads node n into v. A key without a value leaves v as it is.
func (d *decoder) value(path string, n ast.Node, v reflect.Value) {
	if _, empty := n.(*ast.NullNode); empty {
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, ok := d.text(path, n); ok && u.UnmarshalText([]byte(text)) != nil {
			d.add(path, n, msgWantTime, text) // Duration is the tree's only such type
		}
		return
	}
	if e, ok := v.Addr().Interface().(interface{ plain(text string) }); ok && scalar(n) {
		if text, ok := d.text(path, n); ok {
			e.plain(text)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(path, n, func(at string, key *ast.MappingValueNode, name string) {
			if field, ok := fieldOf(v, name); ok {
				d.value(at, key.Value, field)
			} else {
				d.add(at, key.Key, msgUnknownKey)
			}
		})
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		d.mapping(path, n, func(at string, key *ast.MappingValueNode, name string) {
			e := reflect.New(v.Type().Elem()).Elem()
			d.value(at, key.Value, e)
			m.SetMapIndex(reflect.ValueOf(name), e)
		})
		v.Set(m)
	case reflect.Pointer:
		e := reflect.New(v.Type().Elem())
		d.value(path, n, e.Elem())
		v.Set(e)
	case reflect.Slice:
		d.list(path, n, v)
	case reflect.String:
		if text, ok := d.text(path, n); ok {
			v.SetString(text)
		}
	case reflect.Int:
		d.whole(path, n, v)
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.add(path, n, msgWantBool)
		}
	}
}

// mapping hands every key of n to each, once.
func (d *decoder) mapping(path string, n ast.Node, each func(at string, key *ast.MappingValueNode, name string)) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.add(path, n, msgWantMapping)
		return
	}
	seen := make(map[string]bool)
	for keys := m.MapRange(); keys.Next(); {
		key := keys.KeyValue()
		name := key.Key.GetToken().Value
		at := name
		if path != "" {
			at = path + "." + name
		}
		if seen[name] {
			d.add(at, key.Key, msgDuplicate)
			continue
		}
		seen[name] = true
		if len(seen) > maxList {
			d.add(path, key.Key, msgTooMany, maxList)
			return
		}
		d.lines[at] = line(key.Key)
		each(at, key, name)
	}
}

func (d *decoder) list(path string, n ast.Node, v reflect.Value) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.add(path, n, msgWantList)
		return
	}
	if len(seq.Values) > maxList {
		d.add(path, n, msgTooMany, maxList)
		return
	}
	list := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, entry := range seq.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		d.lines[at] = line(entry)
		e := list.Index(i)
		if s, ok := e.Addr().Interface().(interface{ setDefaults() }); ok {
			s.setDefaults()
		}
		d.value(at, entry, e)
	}
	v.Set(list)
}

func scalar(n ast.Node) bool {
	_, ok := n.(ast.ScalarNode)
	return ok
}

// text is a scalar as it was written: a number need not be quoted to be a name.
func (d *decoder) text(path string, n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	d.add(path, n, msgWantText)
	return "", false
}

func (d *decoder) whole(path string, n ast.Node, v reflect.Value) {
	if i, ok := n.(*ast.IntegerNode); ok {
		switch x := i.Value.(type) {
		case int64:
			if !v.OverflowInt(x) {
				v.SetInt(x)
				return
			}
		case uint64:
			if x < 1<<31 {
				v.SetInt(int64(x))
				return
			}
		}
	}
	d.add(path, n, msgWantNumber)
}

// fieldOf finds the field of a struct that a YAML key names.
func fieldOf(v reflect.Value, key string) (reflect.Value, bool) {
	for f := range v.NumField() {
		field := v.Type().Field(f)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if field.IsExported() && name != "" && name == key { // "" is a key too, of nothing
			return v.Field(f), true
		}
	}
	return reflect.Value{}, false
}
