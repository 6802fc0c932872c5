package config

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

// Plain is a part of the tree as plain values, by the names and in the words of the
// file. What a file need not say is left out. It has the text of secrets: mask it before
// anybody sees it.
func Plain(part any) (map[string]any, error) {
	data, err := yaml.Marshal(part)
	if err != nil {
		return nil, fmt.Errorf("write %T: %w", part, err)
	}
	plain := make(map[string]any)
	if err := yaml.Unmarshal(data, &plain); err != nil {
		return nil, fmt.Errorf("read %T: %w", part, err)
	}
	return plain, nil
}

// ReadPlain reads what Plain writes, from JSON too, into a part of the tree. What is
// left out is as a file would have it. Its error is Problems of form, with paths that
// begin at the part; what it means is judged within a configuration.
func ReadPlain(plain map[string]any, part any) error {
	data, err := yaml.Marshal(whole(plain))
	if err != nil {
		return fmt.Errorf("read %T: %w", part, err)
	}
	Fresh(part)
	_, problems := form(data, part)
	return problems.err()
}

// Fresh gives an entry of a list what it has when its file does not say otherwise.
func Fresh(part any) {
	if s, ok := part.(interface{ setDefaults() }); ok {
		s.setDefaults()
	}
}

// Mask is what is shown of any secret, and what leaves one as it was when it comes back.
const Mask = masked

// Problems are all that is wrong with the tree; none: it can be put in force.
func (c *Config) Problems() Problems { return c.problems() }

// whole makes JSON's numbers the whole ones that the file has.
func whole(v any) any {
	switch v := v.(type) {
	case map[string]any:
		fresh := make(map[string]any, len(v))
		for name, x := range v {
			fresh[name] = whole(x)
		}
		return fresh
	case []any:
		fresh := make([]any, len(v))
		for i, x := range v {
			fresh[i] = whole(x)
		}
		return fresh
	case float64:
		if n := int64(v); float64(n) == v {
			return n
		}
	}
	return v
}
