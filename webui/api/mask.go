package api

import (
	"reflect"

	"github.com/pasokh/pasokh/firmware/config"
)

// Masked is a copy of the tree in which every secret that is set reads
// "[secret]".
func Masked(c *config.Config) *config.Config {
	m := mask(reflect.ValueOf(*c)).Interface().(config.Config)
	return &m
}

// mask copies a value and whatever it holds. The tree is made of structs,
// slices, maps and scalars; anything else is copied as it is.
func mask(v reflect.Value) reflect.Value {
	if v.Type() == reflect.TypeFor[config.Secret]() {
		if v.Len() == 0 {
			return v
		}
		return reflect.ValueOf(config.Secret(config.Secret("").String())) // what String shows of any secret
	}
	switch v.Kind() {
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(mask(v.Field(i)))
			}
		}
		return c
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(mask(v.Index(i)))
		}
		return c
	}
	return v
}
