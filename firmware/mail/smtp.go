package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/pasokh/pasokh/firmware/config"
)

// How long one step of a talk with a server, and all of it, may take.
const (
	stepTime = 20 * time.Second
	talkTime = 3 * time.Minute
)

// deliver has one talk with the mail server about one letter.
func (r *Room) deliver(ctx context.Context, cfg *config.Config, l *Letter, to string) error {
	talk, cancel := context.WithTimeout(ctx, talkTime)
	defer cancel()
	m, host := &cfg.Mail, cfg.Mail.Host()
	msg, err := l.message(m.From, cfg.System.Name, to, r.opts.Clock.Now())
	if err != nil {
		return err
	}
	trust := &tls.Config{ServerName: host.Host, MinVersion: tls.VersionTLS12, RootCAs: r.opts.Roots}
	options := []gomail.Option{gomail.WithPort(int(host.Port)), gomail.WithTimeout(stepTime), gomail.WithTLSConfig(trust), gomail.WithoutNoop(),
		gomail.WithHELO("pasokh.invalid"), gomail.WithTLSPolicy(gomail.NoTLS)}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := r.opts.Dial(ctx, network, address)
		if err == nil && m.Security == config.MailTLS {
			conn = tls.Client(conn, trust)
		}
		if err == nil {
			// Whatever the server does, the talk ends.
			context.AfterFunc(talk, func() { _ = conn.SetDeadline(time.Now()) })
		}
		return conn, err
	}
	switch m.Security {
	case config.MailStartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case config.MailTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic)) // there already: it sees so, and tells passwords
	}
	if m.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(m.User),
			gomail.WithPassword(m.Password.Reveal())) // the server asks for it
	}
	c, err := gomail.NewClient(host.Host, append(options, gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return err
	}
	post, err := c.DialToSMTPClientWithContext(talk)
	if err == nil {
		err = c.SendWithSMTPClient(post, msg)
		_ = c.CloseWithSMTPClient(post) // a letter that was taken is taken, however the talk ends
	}
	if err != nil {
		return fmt.Errorf("%s: %w", host.Host, err)
	}
	return nil
}

// refused tells an answer about the letter itself that no other try will change (RFC
// 5321 4.2.1). A wrong password is none: it may be corrected while the letter waits.
func refused(err error) bool {
	var about *gomail.SendError
	return errors.As(err, &about) && !about.IsTemp() && about.ErrorCode() >= 500
}
