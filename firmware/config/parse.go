package config

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a file may be at most. Lines and brackets bound how deep the YAML
// reader can be driven.
const (
	maxFile  = 1 << 20 // bytes
	maxLine  = 4 << 10 // bytes
	maxDepth = 8       // brackets within brackets
	maxList  = 2000    // entries of one list
)

// Parse reads a whole tree from YAML; name is the file's, for errors. Absent
// keys keep their defaults, except schema. What is wrong comes as Problems with
// file and line: first all mistakes of form; when there are none, all of meaning.
func Parse(name string, data []byte) (*Config, error) {
	return parse(name, data, nil)
}

// ParseMasked is Parse of a tree that was shown with its secrets masked: they are those
// of another tree.
func ParseMasked(name string, data []byte, secrets *Config) (*Config, error) {
	return parse(name, data, secrets)
}

func parse(name string, data []byte, secrets *Config) (*Config, error) {
	cfg, lines, problems := decode(data)
	if len(problems) == 0 && secrets != nil {
		cfg.KeepSecrets(secrets)
	}
	if len(problems) == 0 {
		problems = cfg.problems()
		for i := range problems {
			problems[i].Line = lines.of(problems[i].Path)
		}
	}
	if len(problems) == 0 {
		cfg.index()
		return cfg, nil
	}
	for i := range problems {
		problems[i].File = name
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return nil, problems
}

// decode reads the form of a file.
func decode(data []byte) (*Config, positions, Problems) {
	cfg := Default()
	cfg.Schema = 0
	lines, problems := form(data, cfg)
	return cfg, lines, problems
}

// form reads a file into a tree or a part of one.
func form(data []byte, into any) (positions, Problems) {
	var problems Problems
	if len(data) > maxFile {
		problems.add("", msgTooLong, maxFile)
		return nil, problems
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if len(line) > maxLine {
			problems.add("", msgLongLine, maxLine)
			problems[0].Line = i + 1
			return nil, problems
		}
	}
	body, problems := read(string(data))
	if len(problems) > 0 {
		return nil, problems
	}
	d := decoder{lines: make(positions)}
	d.decode(body, into)
	return d.lines, d.problems
}

// read makes nodes of a text. The body is nil when there is nothing in it.
func read(text string) (ast.Node, Problems) {
	var problems Problems
	tokens := lexer.Tokenize(text)
	if tk, m := plain(tokens); tk != nil {
		problems.add("", m.message, m.args...)
		problems[0].Line = tk.Position.Line
		return nil, problems
	}
	// The decoder finds duplicate keys itself, to tell their path.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		reason, line := err.Error(), 0
		var at yaml.Error
		if errors.As(err, &at) {
			reason = at.GetMessage()
			if tk := at.GetToken(); tk != nil {
				line = tk.Position.Line
			}
		}
		problems.add("", msgSyntax, reason)
		problems[0].Line = line
		return nil, problems
	}
	var body ast.Node
	documents := 0
	for _, doc := range file.Docs {
		if doc.Body != nil {
			body = doc.Body
			documents++
		}
	}
	if documents > 1 {
		problems.add("", msgDocuments, documents)
	}
	return body, problems
}

type complaint struct {
	message
	args []any
}

// plain returns the first token, if any, of the parts of YAML that a
// configuration does not need and that could make reading it costly.
func plain(tokens token.Tokens) (*token.Token, complaint) {
	depth := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType, token.MappingKeyType, token.DirectiveType:
			return tk, complaint{msgFeature, []any{strings.TrimSpace(tk.Origin)}}
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > maxDepth {
				return tk, complaint{msgDeep, nil}
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil, complaint{}
}

// positions are the lines on which field paths begin.
type positions map[string]int

// of is the line of a path or, when it is not in the file, of the nearest thing
// that should have held it.
func (p positions) of(path string) int {
	for path != "" {
		if line, ok := p[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return p[""]
}
