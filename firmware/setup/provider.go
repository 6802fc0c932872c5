package setup

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/pasokh/pasokh/firmware/config/describe"
)

// Provider is what is known of a telephone provider: the fields of a trunk that are the
// same for all its customers, and those that it gives to each.
type Provider struct {
	ID   string        `json:"id" yaml:"-"` // the name of its file; trunks get it
	Name describe.Text `json:"name" yaml:"name"`
	Help describe.Text `json:"help" yaml:"help"`
	// Ask are the fields that the customer fills in, and Need those of them that he must.
	Ask   []string       `json:"ask" yaml:"ask"`
	Need  []string       `json:"need" yaml:"need"`
	Trunk map[string]any `json:"trunk" yaml:"trunk"` // what is the same for everybody, as in the configuration
	Order int            `json:"-" yaml:"order"`     // in lists, the lowest first
}

//go:embed providers/*.yaml
var shipped embed.FS

// maxProvider is the longest file of a provider, in bytes.
const maxProvider = 16 << 10

// Providers are those that the box knows, and those of a folder, whose files go before
// the box's own of the same name. A folder that is not there has none; a file that cannot
// be read is left out, and told.
func Providers(folder string) ([]Provider, error) {
	known := make(map[string]Provider)
	own, _ := fs.Sub(shipped, "providers") // a constant path
	wrong := read(own, known)
	if folder != "" {
		if _, err := os.Stat(folder); err == nil {
			wrong = errors.Join(wrong, read(os.DirFS(folder), known))
		}
	}
	var list []Provider
	for _, p := range known {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Provider) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, wrong
}

func read(from fs.FS, into map[string]Provider) (wrong error) {
	files, err := fs.Glob(from, "*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := fs.ReadFile(from, file)
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		p, err := parse(text)
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("provider %s: %w", file, err))
			continue
		}
		p.ID = strings.TrimSuffix(path.Base(file), ".yaml")
		into[p.ID] = p
	}
	return wrong
}

// parse reads one file, strictly.
func parse(text []byte) (p Provider, err error) {
	if len(text) > maxProvider {
		return p, errors.New("too long")
	}
	if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
		return p, err
	}
	if p.Name.EN == "" || p.Name.FA == "" || len(p.Ask) == 0 {
		return p, errors.New("it needs a name in both languages, and fields to ask for")
	}
	return p, nil
}
