package sip

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// problems is a board of health.
type problems struct {
	mu  sync.Mutex
	all map[string]string
}

func (p *problems) Raise(id, detail string) { p.mu.Lock(); defer p.mu.Unlock(); p.all[id] = detail }
func (p *problems) Clear(id string)         { p.mu.Lock(); defer p.mu.Unlock(); delete(p.all, id) }

func (p *problems) of(id string) string { p.mu.Lock(); defer p.mu.Unlock(); return p.all[id] }

// signed is a certificate for an address, and its signer's in PEM.
func signed(t *testing.T, ip string, begins, ends time.Duration) (tls.Certificate, string) {
	t.Helper()
	make := func(c, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if parent == nil {
			parent, parentKey = c, key
		}
		c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(1), time.Now().Add(begins), time.Now().Add(ends)
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, parentKey)
		if err != nil {
			t.Fatal(err)
		}
		c, err = x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	ca, caKey := make(&x509.Certificate{Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	leaf, key := make(&x509.Certificate{Subject: pkix.Name{CommonName: "telco"}, IPAddresses: []net.IP{net.ParseIP(ip)}}, ca, caKey)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}))
}

// answering is a SIP server with TLS that says yes to everything.
func answering(t *testing.T, c tls.Certificate) (addr string) {
	l, err := tls.Listen("tcp", "127.0.0.8:0", &tls.Config{Certificates: []tls.Certificate{c}})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				defer context.AfterFunc(t.Context(), func() { _ = c.Close() })()
				b := make([]byte, 65536)
				for {
					_ = c.SetDeadline(time.Now().Add(20 * time.Second))
					n, err := c.Read(b)
					if err != nil {
						return
					}
					head, _, _ := strings.Cut(string(b[:n]), "Max-Forwards")
					_, via, _ := strings.Cut(head, "\r\n")
					fields := ""
					for line := range strings.SplitSeq(string(b[:n]), "\r\n") {
						for _, name := range []string{"From:", "To:", "Call-ID:", "CSeq:"} {
							if strings.HasPrefix(line, name) {
								fields += line + "\r\n"
							}
						}
					}
					_, _ = io.WriteString(c, "SIP/2.0 200 OK\r\n"+via+fields+"Content-Length: 0\r\n\r\n")
				}
			})
		}
	})
	return l.Addr().String()
}

func TestACertificateProvesWhoTheProviderIs(t *testing.T) {
	good, ca := signed(t, "127.0.0.8", -time.Hour, time.Hour)
	other, otherCA := signed(t, "127.0.0.77", -time.Hour, time.Hour)
	old, oldCA := signed(t, "127.0.0.8", -48*time.Hour, -24*time.Hour)
	for _, c := range []struct {
		name    string
		shown   tls.Certificate
		ca      string
		verify  config.TLSVerify
		trouble string
	}{
		{"good", good, ca, config.VerifyName, ""},
		{"signed by others", good, otherCA, config.VerifyName, "is signed by nobody that this box trusts"},
		{"signed by nobody the system knows", good, "", config.VerifyName, "is signed by nobody that this box trusts"},
		{"for another", other, otherCA, config.VerifyName, "is for another name"},
		{"expired", old, oldCA, config.VerifyName, "is valid from " + time.Now().Add(-48*time.Hour).UTC().Format("2006-01-02")},
		{"not to be checked", old, "", config.VerifyNothing, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			board := &problems{all: make(map[string]string)}
			box := newRig(t, func(o *Options, _ *media.Options) { o.Health = board })
			at := answering(t, c.shown)
			box.change(func(cfg *config.Config) {
				cfg.Trunks = []config.Trunk{{Name: "telco", Servers: []string{at}, Transport: config.TLS, User: "1003", Secret: "x",
					Register: true, TLSCA: c.ca, TLSVerify: c.verify}}
			})
			want := trunk.Up
			if c.trouble != "" {
				want = trunk.Down
			}
			eventually(t, "trunk "+string(want), func() bool {
				st := box.Trunks()
				return len(st) == 1 && st[0].State == want
			})
			eventually(t, "the box's health knows", func() bool {
				text := board.of("trunk-certificate/telco")
				return (text == "") == (c.trouble == "") && strings.Contains(text, c.trouble) && board.of("trunk-down/telco") == ""
			})
		})
	}
}
