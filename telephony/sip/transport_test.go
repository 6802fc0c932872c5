package sip

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"testing"

	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/media"
)

// withTLS makes a server listen for TLS too, with a certificate of its own.
func withTLS(t *testing.T) (tweak, *cert.Holder) {
	t.Helper()
	holder, err := cert.Open(cert.Options{Dir: t.TempDir(), Clock: clock.System(), Log: testLog(t),
		Health: health.NewBoard(clock.System(), &event.News{}), Names: func() []string { return []string{"localhost", "127.0.0.1"} }})
	if err != nil {
		t.Fatal(err)
	}
	return func(o *Options, _ *media.Options) {
		o.TLS, o.TLSConfig = "127.0.0.1:0", &tls.Config{GetCertificate: holder.GetCertificate}
	}, holder
}

// TestBaresipByEveryTransport: a real phone registers and is called over each. It
// does not check certificates; the tests of package cert do.
func TestBaresipByEveryTransport(t *testing.T) {
	need.Program(t, "baresip")
	for _, network := range []string{"UDP", "TCP", "TLS"} {
		t.Run(network, func(t *testing.T) {
			encrypted, holder := withTLS(t)
			r := newRig(t, encrypted).withSIPpSecret()
			r.runBaresip(440, "127.0.0.1:0", fmt.Sprintf("<sip:1001@127.0.0.1:%d;transport=%s>;auth_pass=secret-of-sipp;answermode=auto;regint=60",
				r.Addr(network).Port(), map[string]string{"UDP": "udp", "TCP": "tcp", "TLS": "tls"}[network]))
			eventually(t, "baresip registers", func() bool { return len(r.Endpoints("1001")) == 1 })
			if p := r.Phones()[0]; p.Transport != network {
				t.Fatalf("registered by %s", p.Transport)
			}
			bob, _ := r.registered("1002", nil, toned(1000))
			c := r.call(bob, "1001")
			within(t, "answer", c.Up())
			hears(t, "caller", c, 440)
			if network == "TLS" {
				renewed(t, r, holder)
			}
			c.Hangup() // on the connection of before the renewal
			within(t, "end", c.Done())
			eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
			if n := len(r.Endpoints("1001")); n != 1 {
				t.Errorf("%d endpoints after the call", n)
			}
		})
	}
}

// renewed shows another certificate from now on and expects a new connection to
// see it.
func renewed(t *testing.T, r *rig, holder *cert.Holder) {
	t.Helper()
	shown := func() *x509.Certificate {
		c, err := tls.Dial("tcp", r.Addr("TLS").String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0]
	}
	other, err := cert.Load(t.TempDir(), clock.System(), []string{"pbx.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(other.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	before := shown()
	if err := holder.Install(append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Leaf.Raw}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)); err != nil {
		t.Fatal(err)
	}
	if after := shown(); after.Equal(before) || !after.Equal(other.Leaf) {
		t.Errorf("a new connection is shown %s", after.Subject)
	}
}
