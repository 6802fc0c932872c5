package trunk

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/sip/locate"
)

// goes checks the servers that a call would try, in order.
func (r *rig) goes(want ...string) {
	r.t.Helper()
	settle()
	var got []string
	for _, h := range r.trunk().Hops() {
		got = append(got, h.Name)
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("after %v calls go to %q, want %q", time.Since(r.begun), got, want)
	}
}

func (r *rig) heard(server string, status int, lines ...string) {
	r.t.Helper()
	for _, h := range r.trunk().Hops() {
		if h.Name != server {
			continue
		}
		var res *sip.Response
		if status > 0 {
			res = reply(sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "telco.example"}), status, lines...)
		}
		r.trunk().Heard(h, r.trunk().Login(), res)
		return
	}
	r.t.Errorf("no call goes to %s", server)
}

// peerOf is a trunk without registration.
func peerOf(servers ...string) config.Trunk {
	return config.Trunk{Name: "telco", Servers: servers, Transport: config.UDP}
}

func TestAServerThatFailsCallsIsBarredLongerAndLonger(t *testing.T) {
	bubble(t, func(r *rig) {
		r.provider(firstAddr, nil)
		r.provider(secondAddr, nil)
		r.goes(firstAddr, secondAddr)
		for _, pause := range []time.Duration{30, 60, 120, 240, 300, 300} {
			r.heard(firstAddr, 0)
			r.goes(secondAddr, firstAddr)
			time.Sleep(pause*time.Second - time.Second)
			r.goes(secondAddr, firstAddr)
			time.Sleep(time.Second)
			r.goes(firstAddr, secondAddr)
		}
		r.heard(firstAddr, 486) // a busy number is an answer
		r.heard(firstAddr, 0)
		time.Sleep(30 * time.Second)
		r.goes(firstAddr, secondAddr)
		r.heard(firstAddr, 408)
		r.goes(firstAddr, secondAddr)
	}, peerOf(firstAddr, secondAddr))
}

func TestRetryAfterIsHonoured(t *testing.T) {
	bubble(t, func(r *rig) {
		r.provider(firstAddr, nil)
		r.provider(secondAddr, nil)
		settle()
		r.heard(firstAddr, 503, "Retry-After: 120")
		r.goes(secondAddr)
		time.Sleep(119 * time.Second)
		r.goes(secondAddr)
		time.Sleep(time.Second)
		r.goes(firstAddr, secondAddr)
		r.heard(secondAddr, 503, "Retry-After: 99999")
		time.Sleep(longestBar)
		r.goes(firstAddr, secondAddr) // within reason
		r.heard(firstAddr, 503)
		r.goes(secondAddr, firstAddr) // it did not ask for peace
	}, peerOf(firstAddr, secondAddr))
}

func TestAServerThatComesBackIsPardoned(t *testing.T) {
	bubble(t, func(r *rig) {
		first := r.provider(firstAddr, nil)
		r.provider(secondAddr, nil)
		settle()
		for range 6 {
			r.heard(firstAddr, 0)
		}
		first.silence(true)
		time.Sleep(time.Minute)
		r.goes(secondAddr, firstAddr)
		first.silence(false)
		time.Sleep(15 * time.Second)
		r.goes(firstAddr, secondAddr)
	}, peerOf(firstAddr, secondAddr))
}

func TestARefusedPacketLeadsToTheNextServerAtOnce(t *testing.T) {
	bubble(t, func(r *rig) {
		r.provider(secondAddr, registrar(t, 100))
		time.Sleep(time.Second)
		r.Refused(netip.MustParseAddrPort(firstAddr))
		r.is(Up, secondAddr, "")
		if waited := time.Since(r.begun); waited > 1100*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
	}, telco(firstAddr, secondAddr))
	bubble(t, func(r *rig) {
		r.provider(secondAddr, registrar(t, 100))
		time.Sleep(4 * time.Second) // nobody tells
		r.is(Up, secondAddr, "")
	}, telco(firstAddr, secondAddr))
}

// TestTheServersFollowTheDNS: new addresses are used and registered with, old ones
// left; when the DNS fails the last ones stay.
func TestTheServersFollowTheDNS(t *testing.T) {
	var mu sync.Mutex
	where, fails, stale := []string{firstAddr}, errors.New("no such name"), error(nil)
	now := func(err error, at ...string) {
		mu.Lock()
		defer mu.Unlock()
		where, fails = at, err
	}
	find := func(_ context.Context, q locate.Query) (locate.Result, error) {
		if q != (locate.Query{Host: "telco.example", Transport: "udp"}) {
			return locate.Result{}, fmt.Errorf("looked for %+v", q)
		}
		mu.Lock()
		defer mu.Unlock()
		var list []locate.Target
		for _, at := range where {
			list = append(list, locate.Target{Host: "sip1.telco.example", Addr: netip.MustParseAddrPort(at), Transport: "udp"})
		}
		return locate.Result{Targets: list, Until: time.Now().Add(time.Minute), Stale: stale}, fails
	}
	tweaked(t, func(o *Options) { o.Find = find }, func(r *rig) {
		const name = "sip1.telco.example:5060"
		first, second := r.provider(firstAddr, registrar(t, 3600)), r.provider(secondAddr, registrar(t, 3600))
		time.Sleep(time.Second)
		r.is(Down, "", "telco: find telco.example: no such name")
		now(nil, firstAddr)
		time.Sleep(30 * time.Second)
		r.is(Up, name, "")
		first.took("30: 401", "30: 200")
		now(errors.New("timeout"))
		time.Sleep(10 * time.Minute)
		r.is(Up, name, "")
		outdated := func(why error, told string) {
			t.Helper()
			mu.Lock()
			stale = why
			mu.Unlock()
			time.Sleep(time.Minute)
			r.is(Up, name, "")
			r.mu.Lock()
			defer r.mu.Unlock()
			if got := r.problems["trunk-name/telco/telco.example"]; got != told {
				t.Errorf("health says %q of the name, want %q", got, told)
			}
		}
		now(nil, firstAddr)
		outdated(errors.New("it does not exist any more"), "telco: it does not exist any more")
		outdated(nil, "")
		now(nil, secondAddr)
		time.Sleep(time.Minute)
		r.is(Up, name, "")
		asked := 0
		second.does(func() {
			if len(second.log) != 2 {
				t.Errorf("the new address took %q", second.log)
			}
		})
		first.does(func() { asked = first.asked })
		time.Sleep(time.Minute)
		first.does(func() {
			if first.asked != asked {
				t.Error("the old address is still asked")
			}
		})
		now(nil, secondAddr, firstAddr)
		time.Sleep(time.Minute)
		kept := r.trunk().Hops()
		now(nil, firstAddr, secondAddr) // name servers turn their lists
		time.Sleep(time.Minute)
		if after := r.trunk().Hops(); len(after) != 2 || after[0] != kept[0] || after[1] != kept[1] {
			t.Errorf("the order changed from %v to %v", kept, after)
		}
	}, telco("telco.example"))
}

func TestTheRealmThatTookThePasswordIsTheOnlyOne(t *testing.T) {
	realm := "some realm"
	bubble(t, func(r *rig) {
		asked := 0
		take := registrar(t, 100)
		p := r.provider(firstAddr, func(req *sip.Request) *sip.Response {
			if req.GetHeader("Authorization") != nil {
				asked++
				return take(req)
			}
			return reply(req, 401, strings.Replace(challenge, "some realm", realm, 1))
		})
		r.is(Up, firstAddr, "")
		p.does(func() { realm = "thief" })
		time.Sleep(81 * time.Second)
		r.is(Down, firstAddr, "telco: "+firstAddr+`: it asks for the password of realm "thief", not of "some realm" as before: the password is not given away`)
		p.does(func() {
			if asked != 1 {
				t.Errorf("the password was given %d times", asked)
			}
			realm = "some realm"
		})
		time.Sleep(time.Minute)
		r.is(Up, firstAddr, "")
	}, telco(firstAddr))
	named := telco(firstAddr)
	named.Realm = "our realm"
	bubble(t, func(r *rig) {
		r.provider(firstAddr, func(req *sip.Request) *sip.Response {
			if req.GetHeader("Authorization") != nil {
				t.Error("the password was given away")
			}
			return reply(req, 401, challenge)
		})
		time.Sleep(time.Second)
		if st := r.Status()[0]; st.State != Down {
			t.Errorf("%+v", st)
		}
	}, named)
}

func TestAnAgedNonceIsAnsweredOnceMore(t *testing.T) {
	for _, c := range []struct {
		aged int
		want []string
	}{{1, []string{"0: 401", "0: 401", "0: 200"}}, {9, []string{"0: 401", "0: 401", "0: 401"}}} {
		bubble(t, func(r *rig) {
			n := 0
			p := r.provider(firstAddr, func(req *sip.Request) *sip.Response {
				if h := req.GetHeader("Authorization"); h == nil || n < c.aged {
					if h != nil {
						n++
					}
					return reply(req, 401, challenge+", stale=true")
				}
				return reply(req, 200)
			})
			time.Sleep(time.Second)
			p.took(c.want...)
		}, telco(firstAddr))
	}
}

func TestTheBoxLeavesWhenItStops(t *testing.T) {
	bubble(t, func(r *rig) {
		p := r.provider(firstAddr, registrar(t, 100))
		r.is(Up, firstAddr, "")
		r.leave()
		p.took("0: 401", "0: 200", "0: 401", "0: 200 gone")
	}, telco(firstAddr))
}
