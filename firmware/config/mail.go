package config

import (
	"net/mail"
	"strings"
)

// Mail is the server that takes the box's letters (SMTP, RFC 5321): alarms, reports,
// messages of mailboxes.
type Mail struct {
	// Server is a host, with a port or without; empty: the box sends no letters.
	Server   string       `yaml:"server,omitempty"`
	Security MailSecurity `yaml:"security"`
	// User and Password are told to the server, over TLS only; empty: it asks for none.
	User     string `yaml:"user,omitempty"`
	Password Secret `yaml:"password,omitempty"`
	From     string `yaml:"from,omitempty"` // the box's own address
}

// MailSecurity is how the way to the mail server is encrypted.
type MailSecurity string

// The choices.
const (
	MailStartTLS MailSecurity = "starttls" // port 587; a server without it is refused (RFC 8314 3.3)
	MailTLS      MailSecurity = "tls"      // port 465, from the first byte
	MailPlain    MailSecurity = "none"     // port 25, for a server in the same room
)

// Host is the server with its port.
func (m *Mail) Host() HostPort {
	hp, _ := hostPort(m.Server)
	if hp.Port == 0 {
		hp.Port = map[MailSecurity]uint16{MailStartTLS: 587, MailTLS: 465, MailPlain: 25}[m.Security]
	}
	return hp
}

func (v *validator) mail() {
	m := &v.cfg.Mail
	switch m.Security {
	case MailStartTLS, MailTLS, MailPlain:
	default:
		v.add("mail.security", msgMailSecurity, m.Security)
	}
	v.optional("mail.user", m.User, 256)
	v.key("mail.password", m.Password, 1)
	if m.Server == "" {
		return
	}
	if _, ok := hostPort(m.Server); !ok {
		v.add("mail.server", msgServer, m.Server)
	}
	if !IsAddress(m.From) {
		v.add("mail.from", msgAddress, m.From)
	}
	if m.Password != "" && m.Security == MailPlain {
		v.add("mail.password", msgPlainPassword)
	}
}

// IsAddress tells whether s is a mail address alone, such as box@shop.example.
func IsAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && !strings.ContainsAny(s, " \t\r\n<>")
}

// key checks a secret of another system's making: least to 256 bytes; it may be empty.
func (v *validator) key(path string, s Secret, least int) {
	switch {
	case s == "":
	case s == masked:
		v.add(path, msgNothingStore)
	case len(s) < least:
		v.add(path, msgShort, least)
	default:
		v.optional(path, string(s), 256)
	}
}

// optional checks one line of text of a bounded length; it may be empty.
func (v *validator) optional(path, s string, most int) {
	if len(s) > most {
		v.add(path, msgLength, most)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		v.add(path, msgControl)
	}
}

// keepOf is a secret of a tree that was shown masked: as before where it has only its mask.
func keepOf(now, before Secret) Secret {
	if now == masked && before != "" {
		return before
	}
	return now
}
