package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/clock"
)

// A computer that trusts what `cert root` prints trusts the box; a certificate that
// is installed and removed while the box runs is what the next phone sees.
func TestCertificatesAtRunTime(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(d.cli("cert", "root"))) {
		t.Fatal("the root is no certificate")
	}
	shown := func(config *tls.Config) string {
		t.Helper()
		c, err := tls.Dial("tcp", "127.0.0.1:"+d.env["SIP_TLS_PORT"], config)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	own := &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
	wantText(t, "cert show", d.cli("cert", "show"), shown(own), "for localhost, ", "127.0.0.1", "until ")

	elsewhere := t.TempDir()
	bought, err := cert.Load(elsewhere, clock.System(), []string{"pbx.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(bought.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(elsewhere, "bought.pem")
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: bought.Leaf.Raw}))
	write(t, file, text)
	wantText(t, "a certificate without its key", d.fails("cert", "install", file), "private key")
	shown(own)
	write(t, file, text+string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	d.cli("cert", "install", file)
	if name := shown(&tls.Config{InsecureSkipVerify: true}); name != "pbx.example.com" {
		t.Errorf("after it is installed the box is %s", name)
	}
	d.cli("cert", "remove")
	eventually(t, 5*time.Second, "its own again", func() bool { return shown(&tls.Config{InsecureSkipVerify: true}) == "localhost" })
	shown(own)
}

// TestCertificateOnThePage: the page says what `cert show` does, renews it for the next
// connection and by the same authority, and knows one that was bought.
func TestCertificateOnThePage(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(d.cli("cert", "root"))) {
		t.Fatal("the root is no certificate")
	}
	serial := func() string {
		t.Helper()
		c, err := tls.Dial("tcp", "127.0.0.1:"+d.env["SIP_TLS_PORT"], &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	for lang, words := range map[string][]string{"fa": {"معتبر", "تمدید می‌شود"}, "en": {"Valid", "renews itself"}} {
		p.do(map[string]any{"do": "lang", "lang": lang})
		for _, want := range append(words, "127.0.0.1") {
			p.sees("certificate-shown", want)
		}
		p.do(map[string]any{"do": "axe"})
		old := serial()
		p.do(map[string]any{"do": "click", "testid": "certificate-renew"})
		eventually(t, 10*time.Second, "another certificate", func() bool { return serial() != old })
	}
	old := serial()
	d.cli("cert", "renew")
	if serial() == old {
		t.Error("cert renew changes nothing")
	}
}
