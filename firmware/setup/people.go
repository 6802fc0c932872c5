package setup

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/firmware/config"
)

// Person is an extension to be made.
type Person struct {
	Line   int    `json:"line"` // of the list that he comes from; the first is 1
	Number string `json:"number"`
	Name   string `json:"name"`
}

// MaxPeople is how many extensions are made at once, and maxList how long their list is,
// in bytes.
const (
	MaxPeople = 500
	maxList   = 48 << 10
)

// Count is count people with numbers one after the other. A first number that is none
// comes back as it is, for the configuration to refuse.
func Count(first string, count int) []Person {
	first = strings.TrimSpace(calendar.Digits(first))
	from, err := strconv.ParseUint(first, 10, 32)
	if err != nil {
		return []Person{{Line: 1, Number: first}}
	}
	list := make([]Person, 0, max(0, min(count, MaxPeople)))
	for i := range cap(list) {
		list = append(list, Person{Line: i + 1, Number: fmt.Sprintf("%0*d", len(first), from+uint64(i))})
	}
	return list
}

// List reads people from a table: a number and a name in each line, apart by comma,
// semicolon (of either script) or tab, in any digits. A first line without a number is a
// heading. Its error is config.Problems, with paths as those of Apply.
func List(text string) ([]Person, error) {
	if len(text) > maxList || !utf8.ValidString(text) {
		return nil, config.Problems{unreadable("csv")}
	}
	text = strings.NewReplacer("\ufeff", "", "،", ",", "؛", ";").Replace(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, true, true
	var list []Person
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, config.Problems{unreadable(at(wrong.Line))}
		}
		line, _ := r.FieldPos(0)
		number := strings.TrimSpace(calendar.Digits(fields[0]))
		if len(list) == 0 && line == 1 && strings.Trim(number, "0123456789") == number && number != "" {
			continue // a heading
		}
		p := Person{Line: line, Number: number}
		if len(fields) > 1 {
			p.Name = strings.TrimSpace(fields[1])
		}
		if list = append(list, p); len(list) > MaxPeople {
			return nil, config.Problems{{Path: at(line), Message: fmt.Sprintf("more than %d people", MaxPeople), Persian: fmt.Sprintf("بیش از %d نفر", MaxPeople)}}
		}
	}
}

func unreadable(path string) config.Problem {
	return config.Problem{Path: path, Message: "this is no table of numbers and names", Persian: "این جدولی از شماره‌ها و نام‌ها نیست"}
}

// separator is what the first line has most of.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// at is the path of a line of the list.
func at(line int) string { return fmt.Sprintf("people[%d]", line) }

// People makes extensions, each with a password of secret's.
type People struct {
	List   []Person
	Secret func() config.Secret
}

// Apply makes them.
func (p People) Apply(c *config.Config, s *State) ([]Place, error) {
	if len(p.List) == 0 {
		return nil, config.Problems{{Path: "count", Message: "there is nobody in this list", Persian: "کسی در این فهرست نیست"}}
	}
	var places []Place
	all := append([]config.Extension(nil), c.Extensions...)
	for _, x := range p.List {
		e := config.Extension{Number: x.Number, Name: x.Name, Secret: p.Secret()}
		config.Fresh(&e)
		places = append(places, Place{fmt.Sprintf("extensions[%d].", len(all)), at(x.Line) + "."})
		all = append(all, e)
	}
	c.Extensions = all
	if s.Entry != "" {
		s.front(c)
	}
	return places, nil
}
