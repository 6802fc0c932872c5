package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// A provider of the real world: Kamailio as registrar and proxy with digest, found
// by SRV. Its other subscribers are phones outside.
const (
	telcoHost   = "127.0.0.5"
	telcoDomain = "telco.example"
	telcoUser   = "02188776655"
	telcoSecret = "open sesame"
	outsider    = "+989121234567"
)

type kamailio struct {
	t         *testing.T
	dir       string
	port      int
	tls       int
	algorithm string
	cmd       *exec.Cmd
}

const kamailioConfig = `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
auto_aliases=no
alias="telco.example"
listen=udp:%[1]s:%[2]d
listen=tcp:%[1]s:%[2]d
listen=tls:%[1]s:%[3]d
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "auth.so"
loadmodule "tls.so"
modparam("usrloc", "db_mode", 0)
modparam("nathelper|registrar", "received_avp", "$avp(received)")
modparam("auth", "algorithm", "%[4]s")
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "%[5]s/cert.pem")
modparam("tls", "private_key", "%[5]s/key.pem")
modparam("tls", "verify_certificate", 0)
modparam("tls", "require_certificate", 0)

request_route {
	if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
	if (is_method("OPTIONS") && uri == myself) { sl_send_reply("200", "OK"); exit; }
	if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
	if (has_totag()) {
		if (!loose_route() && uri == myself) { if (!is_method("ACK")) sl_send_reply("404", "Not Here"); exit; }
		t_relay();
		exit;
	}
	t_check_trans();
	if (is_method("REGISTER")) {
		if (!pv_www_authenticate("telco.example", "open sesame", "0")) { www_challenge("telco.example", "1"); exit; }
		fix_nated_register();
		save("location");
		exit;
	}
	if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
	if ($si != "127.0.0.6" && !pv_proxy_authenticate("telco.example", "open sesame", "0")) { proxy_challenge("telco.example", "1"); exit; }
	consume_credentials();
	record_route();
	if ($rU =~ "^[+]98218877") $rU = "02188776655"; # as providers call an account: the number is in To
	if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
	t_relay();
}
`

// newKamailio prepares a provider that is not there yet.
func newKamailio(t *testing.T, algorithm string) *kamailio {
	t.Helper()
	needTool(t, "kamailio")
	k := &kamailio{t: t, dir: t.TempDir(), algorithm: algorithm}
	k.port = freePort(t)
	k.tls = freePort(t)
	ca, caKey := issue(t, nil, nil, "Telco CA", time.Now().Add(time.Hour))
	cert, key := issue(t, ca, caKey, telcoDomain, time.Now().Add(time.Hour))
	writePEM(t, filepath.Join(k.dir, "ca.pem"), "CERTIFICATE", ca.Raw)
	writePEM(t, filepath.Join(k.dir, "cert.pem"), "CERTIFICATE", cert.Raw)
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(k.dir, "key.pem"), "EC PRIVATE KEY", der)
	write(t, filepath.Join(k.dir, "kamailio.cfg"), fmt.Sprintf(kamailioConfig, telcoHost, k.port, k.tls, algorithm, k.dir))
	t.Cleanup(k.stop)
	return k
}

func (k *kamailio) start() {
	k.t.Helper()
	log, err := os.OpenFile(filepath.Join(k.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		k.t.Fatal(err)
	}
	defer log.Close()
	k.cmd = exec.Command("kamailio", "-DD", "-E", "-m", "32", "-M", "4", "-f", filepath.Join(k.dir, "kamailio.cfg"), "-Y", k.dir, "-w", k.dir)
	k.cmd.Stdout, k.cmd.Stderr = log, log
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its children go with it
	if err := k.cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	eventually(k.t, 20*time.Second, "Kamailio", func() bool {
		c, err := net.Dial("tcp", net.JoinHostPort(telcoHost, strconv.Itoa(k.port)))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// stop kills it, as a provider goes that has an outage.
func (k *kamailio) stop() {
	if k.cmd == nil {
		return
	}
	_ = syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL)
	_ = k.cmd.Wait()
	k.cmd = nil
	if k.t.Failed() {
		text, _ := os.ReadFile(filepath.Join(k.dir, "log"))
		k.t.Logf("Kamailio:\n%s", text)
	}
}

// names starts a name server that knows the provider.
func (k *kamailio) names() (addr string) {
	c, err := net.ListenPacket("udp", telcoHost+":0")
	if err != nil {
		k.t.Fatal(err)
	}
	done := make(chan struct{})
	k.t.Cleanup(func() { c.Close(); <-done })
	host := dnsmessage.MustNewName("sip." + telcoDomain + ".")
	srv := func(port int) dnsmessage.ResourceBody {
		return &dnsmessage.SRVResource{Priority: 1, Port: uint16(port), Target: host}
	}
	zone := map[string]dnsmessage.ResourceBody{
		"_sip._udp." + telcoDomain + ".": srv(k.port), "_sip._tcp." + telcoDomain + ".": srv(k.port), "_sips._tcp." + telcoDomain + ".": srv(k.tls),
		host.String(): &dnsmessage.AResource{A: netip.MustParseAddr(telcoHost).As4()},
	}
	go func() {
		defer close(done)
		b := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response = true
			q := m.Questions[0]
			body, ok := zone[q.Name.String()]
			_, isA := body.(*dnsmessage.AResource)
			if ok && isA == (q.Type == dnsmessage.TypeA) {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 5}, Body: body}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = c.WriteTo(answer, from)
			}
		}
	}()
	return c.LocalAddr().String()
}

// subscriber is a phone outside, which Kamailio serves.
func (k *kamailio) subscriber(incoming func(*phone.Call)) *phone.Phone {
	k.t.Helper()
	p, err := phone.Open(phone.Options{Server: fmt.Sprintf("%s:%d", telcoHost, k.port), Domain: telcoDomain, User: outsider,
		Password: telcoSecret, Tone: 1000, Incoming: incoming, Address: netip.MustParseAddr("127.0.0.6")}) // whom the provider knows by his line
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(p.Close)
	if _, err := p.Register(k.t.Context(), time.Hour); err != nil {
		k.t.Fatal(err)
	}
	return p
}

func TestAProviderThatIsKamailio(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		network   config.Transport
		algorithm string
		proxy     bool // the provider is reached over an outbound proxy, not by its name
	}{{config.UDP, "MD5", false}, {config.TCP, "SHA-256", true}, {config.TLS, "MD5", false}} {
		t.Run(string(c.network), func(t *testing.T) {
			t.Parallel() // it waits for a trunk to be missed and found again
			k := newKamailio(t, c.algorithm)
			k.start()
			d := startDemo(t)
			ca, err := os.ReadFile(filepath.Join(k.dir, "ca.pem"))
			if err != nil {
				t.Fatal(err)
			}
			dns := k.names()
			d.configure(func(cfg *config.Config) {
				cfg.System.DNS = []string{dns}
				cfg.Trunks = []config.Trunk{{Name: "telco", Servers: []string{telcoDomain}, Transport: c.network, User: telcoUser,
					Secret: telcoSecret, Register: true, TLSCA: string(ca), Numbers: config.E164,
					DIDs: map[string]string{"02188776600": demoUserA}}}
				if c.proxy {
					cfg.System.DNS, cfg.Trunks[0].OutboundProxy = nil, net.JoinHostPort(telcoHost, strconv.Itoa(k.port))
				}
				cfg.Routes = []config.Route{{Name: "out", Prefix: "0", Trunks: []string{"telco"}}}
			})
			is := func(state string) {
				t.Helper()
				eventually(t, 60*time.Second, "trunk "+state, func() bool {
					s := d.state()
					return len(s.Trunks) == 1 && string(s.Trunks[0].State) == state
				})
			}
			is("up")
			rings := make(chan *phone.Call, 2)
			pstn := k.subscriber(func(c *phone.Call) { _ = c.Answer(); rings <- c })
			desk := newHandset(d, demoUserA, 440).register()

			in, err := pstn.Call("+982188776600")
			if err != nil {
				t.Fatal(err)
			}
			here := desk.answers()
			up(t, in)
			if here.From != "09121234567" {
				t.Errorf("the desk is called by %q, who could not be called back", here.From)
			}
			hears(t, "who called in", in, 440)
			hears(t, "the desk", here, 1000)
			in.Hangup()
			r := d.wantRecord("09121234567", demoUserA, ledger.Answered, call.Normal)
			if r.Origin.Trunk != "telco" || r.Origin.DID != "02188776600" {
				t.Errorf("the record has %+v", r.Origin)
			}
			wantText(t, "story", d.cli("calls", "show", string(r.Call)), "called the number 02188776600 on the trunk telco")

			out := desk.call("09121234567")
			var there *phone.Call
			select {
			case there = <-rings:
			case <-time.After(10 * time.Second):
				t.Fatal("nobody outside is rung")
			}
			up(t, out)
			if there.From != telcoUser {
				t.Errorf("outside, %q calls", there.From)
			}
			hears(t, "the desk", out, 1000)
			hears(t, "who was called outside", there, 440)
			out.Hangup()
			d.wantRecord(demoUserA, "09121234567", ledger.Answered, call.Normal)

			k.stop()
			is("down")
			wantText(t, "status", d.cli("status"), "trunk-down/telco")
			k.start()
			is("up")
		})
	}
}

// issue makes a certificate for a name, signed by ca, or by itself as a CA.
func issue(t *testing.T, ca *x509.Certificate, caKey *ecdsa.PrivateKey, name string, until time.Time) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		DNSNames: []string{name}, KeyUsage: x509.KeyUsageDigitalSignature}
	if ca == nil {
		ca, caKey = c, key
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}
	der, err := x509.CreateCertificate(rand.Reader, c, ca, &key.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return c, key
}

func writePEM(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	write(t, name, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}
