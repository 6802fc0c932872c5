package config

import (
	"fmt"
	"strings"
)

// code is a feature code and the field that has it.
type code struct{ path, code string }

// dialled are the codes that are dialled, talked those that are pressed during a talk.
func (f *Features) dialled() []code {
	return []code{{"features.login", f.Login}, {"features.pause", f.Pause}, {"features.pickup", f.Pickup},
		{"features.listen", f.Listen}, {"features.whisper", f.Whisper}, {"features.barge", f.Barge},
		{"features.wrap_up", f.WrapUp}, {"features.disposition", f.Disposition}, {"features.take", f.Take}, {"features.take_over", f.TakeOver},
		{"features.voicemail", f.Voicemail}, {"features.voicemail_any", f.VoicemailAny}, {"features.prompts", f.Prompts}}
}

func (f *Features) talked() []code {
	return []code{{"features.record", f.Record}, {"features.record_pause", f.RecordPause}, {"features.help", f.Help}}
}

// dialledCodes checks what is dialled: a code is nobody's number, begins none and begins
// no other code.
func (v *validator) dialledCodes() {
	codes, usual := v.cfg.Features.dialled(), Default().Features.dialled()
	for i, c := range codes {
		clash := func(i int, m message, args ...any) {
			instead := free(usual[i].code, 10, 99, func(s string) bool { return apart(codes, i, s) && !v.begins(s) })
			v.clash(codes[i].path, instead, m, args...)
		}
		switch at := v.numbers[c.code]; {
		case c.code == "":
			continue
		case !isNumber(c.code):
			v.add(c.path, msgNumber, c.code)
			continue
		case at != "":
			clash(i, msgTaken, c.code, at)
			continue
		}
		if number, ok := v.shadowed(c.code); ok {
			clash(i, msgShadows, c.code, number, v.numbers[number])
		}
		for j, other := range codes {
			if i != j && other.code != "" && strings.HasPrefix(other.code, c.code) {
				clash(j, msgCodes, other.code, c.code, c.path)
			}
		}
	}
}

// talkedCodes checks what is pressed during a talk. No other number can be meant there,
// but one must not begin the other.
func (v *validator) talkedCodes() {
	codes, usual := v.cfg.Features.talked(), Default().Features.talked()
	for i, c := range codes {
		switch {
		case c.code == "":
			continue
		case !isNumber(c.code):
			v.add(c.path, msgNumber, c.code)
			continue
		}
		for j, other := range codes {
			if i != j && other.code != "" && strings.HasPrefix(other.code, c.code) && (i < j || other.code != c.code) {
				instead := free(usual[j].code, 0, 9, func(s string) bool { return apart(codes, j, s) })
				v.clash(other.path, instead, msgCodes, other.code, c.code, c.path)
			}
		}
	}
}

// clash adds a problem of a code, and which code its field can have instead; "" is none.
func (v *validator) clash(path, instead string, m message, args ...any) {
	v.add(path, m, args...)
	if instead != "" {
		p := &v.Problems[len(v.Problems)-1]
		p.Message += fmt.Sprintf(msgInstead.en, instead)
		p.Persian += fmt.Sprintf(msgInstead.fa, instead)
	}
}

// free is the first code, the usual one or * and a number, that fits; "" if none does.
func free(usual string, first, last int, fits func(string) bool) string {
	if fits(usual) {
		return usual
	}
	for n := first; n <= last; n++ {
		if s := fmt.Sprintf("*%d", n); fits(s) {
			return s
		}
	}
	return ""
}

// apart tells whether s neither begins another code than codes[i] nor begins with one.
func apart(codes []code, i int, s string) bool {
	for j, c := range codes {
		if j != i && c.code != "" && (strings.HasPrefix(c.code, s) || strings.HasPrefix(s, c.code)) {
			return false
		}
	}
	return true
}

// begins tells whether s is a number of the plan, or one begins with it; numbers of
// mailboxes with the code before them count too.
func (v *validator) begins(s string) bool {
	to := v.cfg.Features.VoicemailTo
	for number := range v.numbers {
		_, box := v.cfg.Mailbox(number)
		if strings.HasPrefix(number, s) || to != "" && box && strings.HasPrefix(to+number, s) {
			return true
		}
	}
	return false
}
