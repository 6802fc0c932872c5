package sip

import (
	"net"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// freeAddr is an address of loopback that nobody uses by either transport.
func freeAddr(t *testing.T) string {
	t.Helper()
	for range 100 {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := c.LocalAddr().String()
		_ = c.Close()
		if l, err := net.Listen("tcp", at); err == nil {
			_ = l.Close()
			return at
		}
	}
	t.Fatal("no free port")
	return ""
}

// taken tells whether somebody listens at an address.
func taken(network, at string) bool {
	if network == "tcp" {
		l, err := net.Listen("tcp", at)
		if err == nil {
			_ = l.Close()
		}
		return err != nil
	}
	c, err := net.ListenPacket("udp", at)
	if err == nil {
		_ = c.Close()
	}
	return err != nil
}

// provider runs SIPp as a provider that checks passwords with its own digest, until
// the test ends, and makes it trunk telco.
func (r *rig) provider(secret config.Secret) {
	r.t.Helper()
	bin, at := need.Program(r.t, "sipp"), freeAddr(r.t)
	file, err := filepath.Abs("testdata/provider.xml")
	if err != nil {
		r.t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(at)
	cmd := exec.Command(bin, "-sf", file, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", port, "-nostdin")
	cmd.Dir = r.t.TempDir()
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	eventually(r.t, "SIPp listens", func() bool { return taken("udp", at) })
	r.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{at}, Transport: config.UDP, User: "021", Secret: secret,
			Register: true, Domain: "sipp.test"}}
	})
	eventually(r.t, "a verdict on the trunk", func() bool {
		list := r.Trunks()
		return len(list) == 1 && list[0].State != trunk.Starting
	})
}

// TestSIPpChecksOurDigests: a provider that works them out itself lets registration and
// call in, by 401 with qop and by 407 without.
func TestSIPpChecksOurDigests(t *testing.T) {
	r := newRig(t)
	r.provider("secret-of-sipp")
	if st := r.Trunks()[0]; st.State != trunk.Up {
		t.Fatalf("the trunk is %+v", st)
	}
	alice, _ := r.registered("1001", nil)
	c := r.call(alice, "9091212")
	within(t, "answer", c.Up())
	c.Hangup()
	within(t, "end", c.Done())
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

func TestSIPpRefusesAWrongPassword(t *testing.T) {
	r := newRig(t)
	r.provider("not-of-sipp")
	if st := r.Trunks()[0]; st.State != trunk.Down {
		t.Errorf("the trunk is %+v", st)
	}
	alice, _ := r.registered("1001", nil)
	c := r.call(alice, "9091212")
	within(t, "refusal", c.Done())
	if code, why := c.Ended(); code < 400 {
		t.Errorf("the call ended with %d %s", code, why)
	}
}
