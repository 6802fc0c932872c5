package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/pasokh/pasokh/"

// words are the doc comments and the constants of the house's packages, read when they are
// asked for.
type words struct {
	root     string // where go.mod is
	packages map[string]*said
}

// said is what one package says.
type said struct {
	types  map[string]string   // doc comments
	fields map[string]string   // "Type.Field"
	values map[string][]string // the constants of string types
}

func openWords() (*words, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return &words{root: dir, packages: make(map[string]*said)}, nil
		}
		if dir == filepath.Dir(dir) {
			return nil, errors.New("no go.mod in any folder above")
		}
		dir = filepath.Dir(dir)
	}
}

// of reads the package of a type; nothing is said of types of others.
func (w *words) of(t reflect.Type) (*said, error) {
	path, ours := strings.CutPrefix(t.PkgPath(), module)
	if p := w.packages[path]; p != nil {
		return p, nil
	}
	p := &said{types: make(map[string]string), fields: make(map[string]string), values: make(map[string][]string)}
	if !ours {
		return p, nil
	}
	files, err := w.files(path)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				p.read(g)
			}
		}
	}
	w.packages[path] = p
	return p, nil
}

// files are the parsed files of a package, without its tests.
func (w *words) files(path string) (files []*ast.File, err error) {
	names, err := filepath.Glob(filepath.Join(w.root, path, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("reading comments: %w", err)
		}
		files = append(files, f)
	}
	return files, nil
}

func (p *said) read(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			doc := s.Doc
			if doc == nil {
				doc = g.Doc
			}
			p.types[s.Name.Name] = plain(doc)
			if of, ok := s.Type.(*ast.StructType); ok {
				for _, f := range of.Fields.List {
					text := strings.TrimSpace(plain(f.Doc) + " " + plain(f.Comment))
					for _, n := range f.Names {
						p.fields[s.Name.Name+"."+n.Name] = text
					}
				}
			}
		case *ast.ValueSpec:
			of, named := s.Type.(*ast.Ident)
			for _, v := range s.Values {
				if lit, ok := v.(*ast.BasicLit); ok && named && lit.Kind == token.STRING {
					if text, err := strconv.Unquote(lit.Value); err == nil && !slices.Contains(p.values[of.Name], text) {
						p.values[of.Name] = append(p.values[of.Name], text)
					}
				}
			}
		}
	}
}

func plain(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
