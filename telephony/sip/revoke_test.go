package sip

import (
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// change puts a configuration in force.
func (m *memory) change(f func(*config.Config)) {
	cfg := testConfig()
	f(cfg)
	m.cfg = cfg
	m.opts.News.Publish(event.Config)
	synctest.Wait()
}

func extension(cfg *config.Config, number string) *config.Extension {
	e, _ := cfg.Extension(number)
	return e
}

func TestAnExtensionThatIsGoneWatchesNothing(t *testing.T) {
	watching(t, func(l *lamps) {
		go l.revoke(l.t.Context())
		l.subscribe("1002", "", watchDialog+"Expires: 600\n", 200)
		l.told("active")
		l.change(func(cfg *config.Config) { cfg.Extensions = nil })
		l.told("terminated;reason=rejected")
		if l.watchers.Len() != 0 {
			t.Error("it still watches")
		}
	})
}

// TestAnotherPasswordEndsWhatIsWatched, by phones that never registered too, and leaves
// everybody else's lamps alone.
func TestAnotherPasswordEndsWhatIsWatched(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"password": func(cfg *config.Config) { extension(cfg, "1001").Secret = "another password" },
		"deleted":  func(cfg *config.Config) { cfg.Extensions = cfg.Extensions[:0] },
		"sources":  func(cfg *config.Config) { extension(cfg, "1001").Sources = []string{"198.51.100.0/24"} },
	} {
		t.Run(name, func(t *testing.T) {
			watching(t, func(l *lamps) {
				go l.revoke(l.t.Context())
				l.subscribe("1002", "", watchDialog+"Expires: 600\n", 200)
				l.told("active")
				l.change(func(cfg *config.Config) { extension(cfg, "1002").Secret = "another's password" })
				if l.watchers.Len() != 1 {
					t.Fatal("dropped for a change that is not its own")
				}
				text, err := l.watchers.Export()
				if err != nil {
					t.Fatal(err)
				}
				l.change(change)
				l.told("terminated;reason=rejected")
				if err := l.watchers.Restore(text[1:len(text)-1], time.Hour); err != nil {
					t.Error(err)
				}
				if l.watchers.Len() != 0 {
					t.Error("it still watches")
				}
			})
		})
	}
}

// TestAPhoneOnAStreamWatchesNoMore once its extension has another password or is gone.
func TestAPhoneOnAStreamWatchesNoMore(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"password": func(cfg *config.Config) { extension(cfg, "1001").Secret = "another password" },
		"deleted":  func(cfg *config.Config) { cfg.Extensions = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c, err := net.Dial("tcp", r.Addr("TCP").String())
			if err != nil {
				t.Fatal(err)
			}
			phone := siptest.NewPeer(t, siptest.Stream(c), c.RemoteAddr())
			extra := strings.ReplaceAll(watchDialog, "\n\n", "\n") + "Expires: 600\nContact: <sip:1001@192.0.2.7;transport=tcp>\n"
			ask := func(seq int, credentials string) {
				q := message{"SUBSCRIBE", "1001", "stream", seq, extra}
				text := strings.Replace(q.text(credentials), "SIP/2.0/UDP", "SIP/2.0/TCP", 1)
				phone.Send(strings.Replace(text, "SUBSCRIBE sip:box.test", "SUBSCRIBE sip:1002@box.test", 1))
			}
			ask(1, "")
			challenge := phone.Status(401)
			ask(2, credentials(t, challenge, message{method: "SUBSCRIBE", user: "1001"}, "MD5", password, 1))
			phone.Status(200)
			told := func(state string) {
				t.Helper()
				req := phone.Request(sip.NOTIFY)
				phone.Reply(req, 200, "", "\n")
				if got := req.GetHeader("Subscription-State").Value(); !strings.HasPrefix(got, state) {
					t.Errorf("told %q, want %q", got, state)
				}
			}
			told("active")
			r.change(change)
			told("terminated;reason=rejected")
			if n := r.watchers.Len(); n != 0 {
				t.Errorf("%d subscriptions are left", n)
			}
		})
	}
}

func TestAnotherPasswordEndsRegistrations(t *testing.T) {
	bubble(t, func(m *memory) {
		go m.revoke(m.t.Context())
		m.register(1, contactA+"\n", 200)
		m.change(func(cfg *config.Config) { extension(cfg, "1002").Secret = "another's password" })
		if n := len(m.Phones()); n != 1 {
			t.Fatalf("%d phones after a change that is not theirs", n)
		}
		m.change(func(cfg *config.Config) { extension(cfg, "1001").Secret = "another password" })
		if n := len(m.Phones()); n != 0 {
			t.Errorf("%d phones with the old password", n)
		}
		m.change(func(*config.Config) {})
		m.register(11, contactA+"\n", 200)
		m.change(func(cfg *config.Config) { extension(cfg, "1001").Sources = []string{"198.51.100.0/24"} })
		if n := len(m.Phones()); n != 0 {
			t.Errorf("%d phones from where they may not come", n)
		}
		m.change(func(*config.Config) {})
		m.register(21, contactA+"\n", 200)
		m.change(func(cfg *config.Config) { cfg.Extensions = nil })
		if n := len(m.Phones()); n != 0 {
			t.Errorf("%d phones of an extension that is gone", n)
		}
	})
}

func TestARegistrationOfTheOldPasswordIsNotRestored(t *testing.T) {
	for name, want := range map[string]int{password: 1, "another password": 0} {
		bubble(t, func(m *memory) {
			m.register(1, "Path: <sip:192.0.2.9;lr>\n"+contactA+";q=0.5\n", 200)
			text, err := m.registrar.export()
			if err != nil {
				t.Fatal(err)
			}
			m.registrar.drop(func(*binding) bool { return true })
			m.change(func(cfg *config.Config) { extension(cfg, "1001").Secret = config.Secret(name) })
			if err := m.revive(text[1 : len(text)-1]); err != nil {
				t.Error(err)
			}
			list := m.registrar.list("1001")
			if len(list) != want {
				t.Fatalf("%d phones restored, want %d", len(list), want)
			}
			if want == 1 && (len(list[0].path) != 1 || list[0].preference() != 0.5) {
				t.Errorf("restored %+v", list[0])
			}
		})
	}
}

func TestPath(t *testing.T) {
	bubble(t, func(m *memory) {
		for seq, path := range []string{"<sip:p1.test;lr", "sip:p1.test", "<tel:5>", strings.Repeat("<sip:p.test;lr>,", maxPath+1)} {
			m.register(2*seq+1, "Path: "+path+"\n"+contactA+"\n", 400)
		}
		res := m.register(21, "Require: path\nPath: <sip:p2.test;lr>, <sip:p1.test;lr;ob>\nPath: <sip:edge@[2001:db8::1];lr>\n"+contactA+"\n", 200)
		if list := res.GetHeaders("Path"); len(list) != 2 || list[0].Value() != "<sip:p2.test;lr>, <sip:p1.test;lr;ob>" {
			t.Errorf("answered with %v", list)
		}
		if h := res.GetHeader("Supported"); h == nil || !strings.Contains(h.Value(), "path") {
			t.Errorf("Supported: %v", h)
		}
		var routes []string
		for _, u := range m.registrar.list("1001")[0].path {
			routes = append(routes, u.String())
		}
		if got := strings.Join(routes, " "); got != "sip:p2.test;lr sip:p1.test;lr;ob sip:edge@[2001:db8::1];lr" {
			t.Errorf("path is %q", got)
		}
	})
}

func TestACallFollowsThePath(t *testing.T) {
	r := newRig(t)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := siptest.NewPeer(t, conn, net.UDPAddrFromAddrPort(r.Addr("UDP")))
	q := message{"REGISTER", "1002", "path", 1, "Path: <sip:p2.test;lr>, <sip:p1.test;lr>\nContact: <sip:1002@10.9.9.9>\n"}
	proxy.Send(q.text(""))
	challenge := proxy.Status(401)
	q.seq++
	proxy.Send(q.text(credentials(t, challenge, q, "MD5", password, 1)))
	proxy.Status(200)
	phones := r.Endpoints("1002")
	if len(phones) != 1 {
		t.Fatalf("%d endpoints", len(phones))
	}
	l := phones[0].Dial(call.Offer{}, nobody{})
	invite := proxy.Request(sip.INVITE)
	var routes []string
	for _, h := range invite.GetHeaders("Route") {
		routes = append(routes, h.Value())
	}
	if got := strings.Join(routes, ", "); got != "<sip:p2.test;lr>, <sip:p1.test;lr>" || invite.Recipient.String() != "sip:1002@10.9.9.9" {
		t.Errorf("INVITE %s goes by %s", invite.Recipient.String(), got)
	}
	proxy.Reply(invite, 486, "busy", "")
	proxy.Request(sip.ACK)
	l.Hangup(call.Normal)
}

func TestPhonesAreRungInTheirOrder(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(1, contactA+";q=0.2\n", 200)
		time.Sleep(time.Second)
		res := m.register(3, contactB+`;q=0.9;+sip.instance="<urn:uuid:1>";reg-id=2`+"\n", 200)
		if h := res.GetHeaders("Contact")[1].Value(); !strings.Contains(h, ";q=0.9;+sip.instance=\"<urn:uuid:1>\";reg-id=2;expires=3600") {
			t.Errorf("the phone is told %s", h)
		}
		list := m.Endpoints("1001")
		if len(list) != 2 || !strings.Contains(list[0].Name(), "5070") {
			t.Errorf("rung in the order %v", list)
		}
	})
}

// nobody hears what a leg tells.
type nobody struct{}

func (nobody) Post(call.Event) {}
