package main

import (
	"go/ast"
	"strconv"
)

// codes are the codes of all refusals, each with what it says in English.
func (w *words) codes() (map[string]string, error) {
	codes := make(map[string]string)
	for _, path := range []string{"webui/api", "webui/server"} {
		files, err := w.files(path)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if of, named := typeOf(lit).(*ast.Ident); ok && named && of.Name == "Error" {
					if code := literal(lit, "Code"); code != "" {
						codes[code] = literal(lit, "en")
					}
				}
				return true
			})
		}
	}
	return codes, nil
}

func typeOf(lit *ast.CompositeLit) ast.Expr {
	if lit == nil {
		return nil
	}
	return lit.Type
}

// literal is the text that a field of a composite literal is given.
func literal(lit *ast.CompositeLit, field string) string {
	for _, e := range lit.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		value, text := pair.Value.(*ast.BasicLit)
		if key, named := pair.Key.(*ast.Ident); named && text && key.Name == field {
			s, err := strconv.Unquote(value.Value)
			if err == nil {
				return s
			}
		}
	}
	return ""
}
