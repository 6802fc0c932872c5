package speech

import "fmt"

// Prompt is a unit in one language, as people find it to record it anew.
type Prompt struct {
	Number string // to be dialled: the language from 1, and three digits: "2041"
	Unit   string // "fa/welcome"
	Text   string
}

// Prompts are all units in all languages. The numbers of one language do not depend on
// the others.
func Prompts() (list []Prompt) {
	for i, lang := range Languages() {
		for k, u := range Catalogue() {
			if text := u.Text(lang); text != "" {
				list = append(list, Prompt{fmt.Sprintf("%d%03d", i+1, k), name(lang, u.Key), text})
			}
		}
	}
	return list
}
