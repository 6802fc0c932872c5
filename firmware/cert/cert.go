// Package cert makes the box's own certificates, so that pages and SIP over TLS
// are encrypted from the first start, without anybody's help.
//
// The box is its own small authority: an ECDSA P-256 root that lives ten years,
// which a business can install on its computers once, and a server certificate of
// at most 397 days signed by it, renewed here when a third of its life is left or
// the box's names change. A business may install a certificate of its own instead.
// Keys never leave DIR/cert; files there are readable by the box's user only and
// complete when they appear.
//
// Load does all its work when called and keeps nothing running. A Holder hands the
// certificate to whoever opens a connection, and its Run renews it while the box
// works. RFC 5280, and RFC 6125 for names.
package cert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"path/filepath"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// How long certificates live. Browsers refuse server certificates that live longer
// than 398 days.
const (
	rootLife   = 10 * 365 * 24 * time.Hour
	serverLife = 397 * 24 * time.Hour
	// rootLast is what must be left of a root, so that a server certificate of it
	// is worth making: computers that trust the root must all be visited for a new one.
	rootLast = 30 * 24 * time.Hour
	// backdate lets certificates be valid on computers whose clocks are behind.
	backdate = 24 * time.Hour
)

const (
	folder     = "cert"
	rootFile   = "ca.pem"     // certificate and key
	serverFile = "server.pem" // certificate and key
)

// Load returns the server certificate for names (host names and IP addresses),
// its root included, making or renewing in DIR/cert what is missing, damaged,
// past two thirds of its life or for other names. A certificate that could not be
// saved is returned with the error.
func Load(dir string, clk clock.Clock, names []string) (tls.Certificate, error) {
	dir = filepath.Join(dir, folder)
	now := clk.Now()
	root, err := ensure(filepath.Join(dir, rootFile),
		func(p *pair) bool {
			return p.cert.IsCA && now.After(p.cert.NotBefore) && p.cert.NotAfter.Sub(now) >= rootLast
		},
		func() (*pair, error) { return newRoot(now) })
	if root == nil {
		return tls.Certificate{}, fmt.Errorf("certificate authority: %w", err)
	}
	unsaved := err
	server, err := ensure(filepath.Join(dir, serverFile),
		func(p *pair) bool {
			return p.young(now, root) && p.covers(names) && p.cert.CheckSignatureFrom(root.cert) == nil
		},
		func() (*pair, error) { return newServer(now, names, root) })
	if server == nil {
		return tls.Certificate{}, fmt.Errorf("server certificate: %w", err)
	}
	return tls.Certificate{
		Certificate: [][]byte{server.cert.Raw, root.cert.Raw},
		PrivateKey:  server.key,
		Leaf:        server.cert,
	}, errors.Join(unsaved, err)
}

// Root is the certificate of the box's authority as PEM, to be installed on
// computers; Load has made it.
func Root(dir string) ([]byte, error) {
	p, err := read(filepath.Join(dir, folder, rootFile))
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	return p.certPEM(), nil
}

// ensure reads a pair, or makes it when there is none that is good. The reason
// why an old one cannot be read does not matter: it is made again.
func ensure(path string, good func(*pair) bool, make func() (*pair, error)) (*pair, error) {
	if p, err := read(path); err == nil && good(p) {
		return p, nil
	}
	p, err := make()
	if err != nil {
		return nil, err
	}
	return p, p.write(path)
}

// young tells whether a certificate needs no renewal yet: a third of its life is
// left, or it lives as long as its root.
func (p *pair) young(now time.Time, root *pair) bool {
	life, left := p.cert.NotAfter.Sub(p.cert.NotBefore), p.cert.NotAfter.Sub(now)
	return now.After(p.cert.NotBefore) && (left >= life/3 || left > 0 && p.cert.NotAfter.Equal(root.cert.NotAfter))
}

// covers tells whether the certificate is for all names.
func (p *pair) covers(names []string) bool {
	for _, name := range names {
		if p.cert.VerifyHostname(name) != nil {
			return false
		}
	}
	return true
}

func newRoot(now time.Time) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t, err := template(now, rootLife)
	if err != nil {
		return nil, err
	}
	// The serial number tells the roots of several boxes apart.
	t.Subject = pkix.Name{Organization: []string{"Pasokh"}, CommonName: fmt.Sprintf("Pasokh box %x", t.SerialNumber.Bytes()[:4])}
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLenZero = true, true, true
	t.KeyUsage = x509.KeyUsageCertSign
	return sign(t, t, key, key)
}

func newServer(now time.Time, names []string, root *pair) (*pair, error) {
	if len(names) == 0 {
		return nil, errors.New("no names given")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	life := min(serverLife, root.cert.NotAfter.Sub(now))
	t, err := template(now, life)
	if err != nil {
		return nil, err
	}
	t.Subject = pkix.Name{CommonName: names[0]}
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else if !slices.Contains(t.DNSNames, name) {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	return sign(t, root.cert, key, root.key)
}

func template(now time.Time, life time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	serial.SetBit(serial, 120, 1) // never short
	return &x509.Certificate{SerialNumber: serial, NotBefore: now.Add(-backdate), NotAfter: now.Add(life)}, nil
}

func sign(t, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (*pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, by)
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &pair{c, key}, nil
}
