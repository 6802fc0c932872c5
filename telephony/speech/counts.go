package speech

import "github.com/pasokh/pasokh/telephony/call"

// NewMessages and OldMessages tell somebody how many messages there are for him: "you
// have three new messages".
func NewMessages(lang string, n int) call.Program { return messages(lang, "new-message", n) }

// OldMessages counts the messages that were heard before.
func OldMessages(lang string, n int) call.Program { return messages(lang, "old-message", n) }

func messages(lang, key string, n int) call.Program {
	if n < 1 {
		return call.Say(name(lang, "no-"+key+"s"))
	}
	said := append([]string{name(lang, "you-have")}, Number(lang, n)...)
	return call.Say(append(said, counted(lang, key, int64(n)))...)
}
