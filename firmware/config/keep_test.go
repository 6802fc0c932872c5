package config

import (
	"fmt"
	"reflect"
	"testing"
)

// secrets visits every password in a tree, by its path. Lists of structures get one entry
// each, which is named.
func secrets(v reflect.Value, path string, visit func(path string, s reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[Secret]():
		visit(path, v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if (f.Name == "Number" || f.Name == "Name") && f.Type.Kind() == reflect.String {
				v.Field(i).SetString("100")
			}
			secrets(v.Field(i), path+"."+f.Name, visit)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		secrets(v.Index(0), path+"[0]", visit)
	}
}

// TestEverySecretIsKept: whoever sends a tree back as he was shown it loses no password,
// wherever in the tree it is.
func TestEverySecretIsKept(t *testing.T) {
	was, shown := &Config{}, &Config{}
	n := 0
	secrets(reflect.ValueOf(was).Elem(), "", func(_ string, s reflect.Value) { n++; s.SetString(fmt.Sprint("the password ", n)) })
	secrets(reflect.ValueOf(shown).Elem(), "", func(_ string, s reflect.Value) { s.SetString(Secret("").String()) })
	was.index()
	shown.KeepSecrets(was)
	want := 0
	secrets(reflect.ValueOf(shown).Elem(), "", func(path string, s reflect.Value) {
		if want++; s.String() != fmt.Sprint("the password ", want) {
			t.Errorf("%s is lost", path)
		}
	})
	if n < 8 {
		t.Errorf("only %d passwords in the tree", n)
	}
}
