package webtest

import "github.com/pasokh/pasokh/telephony/voicemail"

// mailboxes are none.
type mailboxes struct{}

func (mailboxes) List(string) []voicemail.Message { return nil }
func (mailboxes) Count(string) voicemail.Counts   { return voicemail.Counts{} }
func (mailboxes) File(string, string) (string, voicemail.Message, error) {
	return "", voicemail.Message{}, voicemail.ErrUnknown
}
func (mailboxes) Mark(string, string, bool) error     { return voicemail.ErrUnknown }
func (mailboxes) Delete(string, string, string) error { return voicemail.ErrUnknown }
