// Package numbering knows how the countries of the world write telephone numbers:
// as they are dialled inside (02188776655), from abroad (+982188776655, ITU-T
// E.164), and with the prefix for abroad (00982188776655).
//
// It is a table and pure functions. What it cannot tell for sure it leaves as it
// is: short numbers, emergency calls, numbers of a town without the town's code.
package numbering

import "strings"

// Plan is how a country dials. The zero Plan knows nothing and changes nothing.
type Plan struct {
	Code   string // country code: "98"
	Trunk  string // in front of a national number: "0"; empty: nothing is
	Abroad string // in front of a country code: "00"
}

// Lengths of a number with its country code (ITU-T E.164 6.2.1), and of what is
// taken for a national number where nothing marks one.
const (
	shortest = 8
	longest  = 15
)

// For is the plan of a country by its ISO 3166-1 alpha-2 code. One that it does
// not know has the zero Plan.
func For(country string) Plan {
	if p, ok := plans[country]; ok {
		return p
	}
	return Plan{}
}

// E164 is a number as it is dialled from abroad, "+982188776655". It reports false
// when that cannot be told.
func (p Plan) E164(number string) (string, bool) {
	full := ""
	switch {
	case strings.HasPrefix(number, "+"):
		full = number[1:]
	case p.Code == "":
	case p.Abroad != "" && strings.HasPrefix(number, p.Abroad):
		full = number[len(p.Abroad):]
	case p.Trunk == "" && len(p.Code+number) > shortest:
		full = p.Code + number
	case p.Trunk != "" && strings.HasPrefix(number, p.Trunk):
		full = p.Code + number[len(p.Trunk):]
	}
	if len(full) < shortest || len(full) > longest || !digits(full) || full[0] == '0' {
		return "", false
	}
	return "+" + full, true
}

// National is a number as it is dialled inside the country: "02188776655", and
// "00441632960000" for one abroad. What is no number of the public network stays.
func (p Plan) National(number string) string {
	full, ok := p.E164(number)
	if !ok || p.Code == "" {
		return number
	}
	if inside, ok := strings.CutPrefix(full[1:], p.Code); ok {
		return p.Trunk + inside
	}
	return p.Abroad + full[1:]
}

// Same tells whether two numbers are one. Networks also leave out the + or the
// prefix of a national number, so that got may be "982188776655" or "2188776655"
// where known is "02188776655".
func (p Plan) Same(known, got string) bool {
	if known == got {
		return true
	}
	want, ok := p.E164(known)
	if !ok {
		return false
	}
	if full, ok := p.E164(got); ok && full == want {
		return true
	}
	return digits(got) && (want == "+"+got || p.Code != "" && want == "+"+p.Code+got)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
