package trunk

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/pasokh/pasokh/firmware/config"
)

// Proof is what a server must prove with its certificate.
type Proof struct {
	Name string // that it is for
	CA   string // who must have signed it, in PEM; "": whom the system trusts
	Any  bool   // nothing
}

// Config is the client's side of a connection that demands the proof.
func (p Proof) Config() (*tls.Config, error) {
	c := &tls.Config{ServerName: p.Name, MinVersion: tls.VersionTLS12, InsecureSkipVerify: p.Any}
	if p.CA != "" {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM([]byte(p.CA)) {
			return nil, errors.New("no certificate in tls_ca")
		}
	}
	return c, nil
}

// proof is what the server that the configuration calls name must prove. Names
// that the DNS gives prove nothing (RFC 5922 7.2).
func (t *Trunk) proof(name string) Proof {
	return Proof{Name: name, CA: t.Config.TLSCA, Any: t.Config.TLSVerify == config.VerifyNothing}
}

// untrusted is a certificate that was refused, in words for people.
type untrusted struct{ text string }

func (e *untrusted) Error() string { return e.text }

// plainly makes the refusal of a certificate plain; other errors stay.
func plainly(name string, err error) error {
	var (
		invalid x509.CertificateInvalidError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	say := func(format string, args ...any) error { return &untrusted{fmt.Sprintf(format, args...)} }
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return say("the certificate of %s is valid from %s to %s and not today", name,
			invalid.Cert.NotBefore.Format("2006-01-02"), invalid.Cert.NotAfter.Format("2006-01-02"))
	case errors.As(err, &invalid):
		return say("the certificate of %s is refused: %v", name, invalid)
	case errors.As(err, &host):
		return say("the certificate that %s shows is for another name: %v", name, host)
	case errors.As(err, &unknown):
		return say("the certificate of %s is signed by nobody that this box trusts", name)
	}
	return err
}
