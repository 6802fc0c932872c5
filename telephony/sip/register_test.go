package sip

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

const contactA, contactB = "Contact: <sip:1001@192.0.2.9:5060>", "Contact: <sip:1001@192.0.2.9:5070>"

// contacts are those of a 200, shortened: "5060;60".
func contacts(res *sip.Response) (list []string) {
	for _, h := range res.GetHeaders("Contact") {
		c := h.(*sip.ContactHeader)
		list = append(list, strings.TrimPrefix(c.Address.HostPort(), "192.0.2.9:")+";"+c.Params.GetOr("expires", "?"))
	}
	return list
}

func expect(t *testing.T, res *sip.Response, want ...string) {
	t.Helper()
	if got := contacts(res); !slices.Equal(got, want) {
		t.Errorf("contacts are %q, want %q", got, want)
	}
}

func TestRegistrationsEndByTheClock(t *testing.T) {
	bubble(t, func(m *memory) {
		expect(t, m.register(1, contactA+";expires=60\n", 200), "5060;60")
		if got := <-m.news.C; got != event.Phones {
			t.Errorf("news of %q", got)
		}
		time.Sleep(20 * time.Second)
		expect(t, m.register(3, contactB+"\nExpires: 120\n", 200), "5060;40", "5070;120")
		expect(t, m.register(5, "", 200), "5060;40", "5070;120") // a query
		phones := m.Phones()
		if len(phones) != 2 || phones[0].Name != "آرش" || phones[0].Contact != "sip:1001@192.0.2.9:5060" ||
			phones[0].Source != peerAddr || phones[0].Transport != "UDP" {
			t.Errorf("board shows %+v", phones)
		}
		<-m.news.C
		time.Sleep(41 * time.Second)
		if got := <-m.news.C; got != event.Phones {
			t.Errorf("news of %q", got)
		}
		expect(t, m.register(7, "", 200), "5070;79")
		if n := len(m.Endpoints("1001")); n != 1 {
			t.Errorf("%d endpoints", n)
		}
	})
}

func TestRefreshKeepsThePhone(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(1, contactA+"\nExpires: 60\n", 200)
		since := m.Phones()[0].Since
		time.Sleep(30 * time.Second)
		m.register(3, contactA+"\nExpires: 60\n", 200)
		time.Sleep(45 * time.Second) // the first would be over
		phones := m.Phones()
		if len(phones) != 1 || !phones[0].Since.Equal(since) {
			t.Errorf("board shows %+v", phones)
		}
		if n := len(m.news.C); n != 1 {
			t.Errorf("told %d times of a phone that came once", n)
		}
	})
}

func TestExpiryIsClamped(t *testing.T) {
	bubble(t, func(m *memory) {
		if res := m.register(1, contactA+";expires=59\n", 423); res.GetHeader("Min-Expires").Value() != "60" {
			t.Errorf("423 says %v", res.GetHeader("Min-Expires"))
		}
		expect(t, m.register(3, contactA+";expires=999999\n", 200), "5060;3600")
		expect(t, m.register(5, contactA+";expires=nonsense\n", 200), "5060;3600")
		expect(t, m.register(7, contactA+"\n", 200), "5060;3600")
	})
}

func TestUnregister(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(1, contactA+", <sip:1001@192.0.2.9:5070>\n", 200)
		expect(t, m.register(3, contactA+";expires=0\n", 200), "5070;3600")
		m.register(5, contactA+"\n", 200)
		m.register(7, "Contact: *\n", 400)
		m.register(9, "Contact: *\n"+contactA+"\nExpires: 0\n", 400)
		expect(t, m.register(11, "Contact: *\nExpires: 0\n", 200))
		if n := len(m.Phones()); n != 0 {
			t.Errorf("%d phones left", n)
		}
	})
}

// TestAPhoneThatRestartsComesBack: with its extension full of what it was before,
// the contact that was refreshed longest ago makes room.
func TestAPhoneThatRestartsComesBack(t *testing.T) {
	bubble(t, func(m *memory) {
		m.cfg.SIP.MaxContacts = 2
		m.register(1, contactA+"\n", 200)
		time.Sleep(time.Minute)
		m.register(3, contactB+"\n", 200)
		time.Sleep(time.Minute)
		m.register(5, contactA+"\n", 200) // the older one is the fresher now
		expect(t, m.register(7, "Contact: <sip:1001@192.0.2.9:5080>\n", 200), "5060;3600", "5080;3600")
		time.Sleep(time.Second)
		for port := 5090; port < 5100; port++ { // again and again
			m.register(2*port, fmt.Sprintf("Contact: <sip:1001@192.0.2.9:%d>\n", port), 200)
			time.Sleep(time.Second)
		}
		expect(t, m.register(20001, "", 200), "5098;3598", "5099;3599")
		// More in one than there may be: refused for good, and nobody has made room.
		res := m.register(20003, contactA+"\n"+contactB+"\nContact: <sip:1001@192.0.2.9:5080>\n", 403)
		if h := res.GetHeader("Warning"); h == nil || h.Value() != `399 pasokh "2 contacts at most"` {
			t.Errorf("Warning: %v", h)
		}
		expect(t, m.register(20005, "", 200), "5098;3598", "5099;3599")
		// Three of which one is the same phone again, and one leaves, are two.
		expect(t, m.register(20007, contactA+"\n"+contactB+"\n"+contactB+";q=0.5\n"+"Contact: <sip:1001@192.0.2.9:5098>;expires=0\n", 200), "5060;3600", "5070;3600")
		m.registrar.mu.Lock()
		defer m.registrar.mu.Unlock()
		if n := m.registrar.count; n != 2 {
			t.Errorf("%d bindings are counted", n)
		}
	})
}

func TestLateRegisterChangesNothing(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(10, contactA+"\n", 200)
		m.register(1, contactA+";expires=0\n", 500)
		expect(t, m.register(20, "", 200), "5060;3600")
	})
}

func TestSamePhoneFromANewAddress(t *testing.T) {
	bubble(t, func(m *memory) {
		const id = `;+sip.instance="<urn:uuid:1>";reg-id=1`
		m.register(1, contactA+id+"\n", 200)
		expect(t, m.register(3, contactB+id+"\n", 200), "5070;3600")
	})
}

func TestContactsThatAreNone(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(1, "Contact: <mailto:x@y>\n", 400)
		m.register(3, "Contact: <sip:"+strings.Repeat("a", 600)+"@192.0.2.9>\n", 400)
		m.register(5, "Contact: <tel:123>\n", 400)
	})
}

// TestPhonesAreReachedWhereTheyCameFrom checks the flow, the Request-URI and what
// the phone's display gets.
func TestFlows(t *testing.T) {
	bubble(t, func(m *memory) {
		m.register(1, "Contact: <sip:1001@10.0.0.7:5060>\n", 200) // behind NAT
		eps := m.Endpoints("1001")
		if len(eps) != 1 || eps[0].Name() != "sip:1001@10.0.0.7:5060" {
			t.Fatalf("endpoints %v", eps)
		}
		if f := eps[0].(*endpoint).flow; f != (dialog.Flow{Network: "UDP", Addr: peerAddr}) {
			t.Errorf("reached at %v", f)
		}
		synctest.Wait()
	})
}
