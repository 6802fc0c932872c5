package sip

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/notify"
)

// lamps is a memory whose peer watches extensions, and what these do.
type lamps struct {
	*memory
	seq     int
	watcher string // who asks; "": 1001

	mu    sync.Mutex
	state map[string]notify.State
}

func watching(t *testing.T, f func(*lamps)) {
	l := &lamps{state: make(map[string]notify.State)}
	bubble(t, func(m *memory) {
		l.memory = m
		l.watchers = notify.NewSet(notify.Options{Clock: m.opts.Clock, Log: m.log, News: m.opts.News,
			Transactions: m.requests, Local: m.local, Warrant: m.warranted, State: l.doing})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); l.watchers.Run(ctx) }()
		m.t.Cleanup(func() {
			time.Sleep(2 * time.Hour) // longer than any subscription lives
			if n := l.watchers.Len(); n > 0 {
				t.Errorf("%d subscriptions live for ever", n)
			}
			cancel()
			<-done
		})
		synctest.Wait()
		f(l)
	})
}

func (l *lamps) doing(watcher, number string) notify.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, own := l.state[watcher+" "+number]; own {
		return s
	}
	return l.state[number]
}

// does changes what an extension does.
func (l *lamps) does(ext string, s notify.State) {
	l.mu.Lock()
	l.state[ext] = s
	l.mu.Unlock()
	l.opts.News.Publish(event.Calls)
}

func (l *lamps) text(resource, tag, credentials, extra string) string {
	if tag != "" {
		tag = ";tag=" + tag
	}
	if credentials != "" {
		extra = "Authorization: " + credentials + "\n" + extra
	}
	return fmt.Sprintf("SUBSCRIBE sip:%[1]s@box.test SIP/2.0\nVia: SIP/2.0/UDP %[2]s;branch=z9hG4bK-sub-%[3]d;rport\nMax-Forwards: 70\n"+
		"From: <sip:%[6]s@box.test>;tag=peer\nTo: <sip:%[1]s@box.test>%[4]s\nCall-ID: sub\nCSeq: %[3]d SUBSCRIBE\n"+
		"Contact: <sip:%[6]s@%[2]s>\n%[5]s\n", resource, peerAddr, l.seq, tag, extra, cmp.Or(l.watcher, "1001"))
}

// subscribe sends a SUBSCRIBE of 1001 with good credentials and returns the answer.
func (l *lamps) subscribe(resource, tag, extra string, want int) *sip.Response {
	l.t.Helper()
	l.seq++
	l.Send(l.text(resource, tag, "", extra))
	challenge := l.Status(401)
	l.seq++
	cred := credentials(l.t, challenge, message{method: "SUBSCRIBE", user: cmp.Or(l.watcher, "1001")}, "SHA-256", password, 1)
	l.Send(l.text(resource, tag, cred, extra))
	return l.Status(want)
}

// told takes a NOTIFY, answers it, and checks what its body holds and its
// Subscription-State begins with.
func (l *lamps) told(state string, body ...string) *sip.Request {
	l.t.Helper()
	req := l.Request(sip.NOTIFY)
	l.Reply(req, 200, "", "\n")
	if got := req.GetHeader("Subscription-State").Value(); !strings.HasPrefix(got, state) {
		l.t.Errorf("Subscription-State is %q, want %q", got, state)
	}
	for _, want := range body {
		if !strings.Contains(string(req.Body()), want) {
			l.t.Errorf("NOTIFY has no %s:\n%s", want, req.Body())
		}
	}
	if kind := req.ContentType().Value(); strings.HasSuffix(kind, "+xml") {
		if err := xml.Unmarshal(req.Body(), new(struct{ XMLName xml.Name })); err != nil {
			l.t.Errorf("%v:\n%s", err, req.Body())
		}
	}
	synctest.Wait()
	return req
}

func tagOf(res *sip.Response) string { return res.To().Params.GetOr("tag", "") }

const watchDialog = "Event: dialog\nAccept: application/dialog-info+xml\n"

var ringing = notify.State{Reachable: true, Calls: []notify.Call{{ID: "c1", Remote: call.Party{Number: "0912", Name: `Ali & "Co"`}}}}

func TestLampFollowsACall(t *testing.T) {
	watching(t, func(l *lamps) {
		res := l.subscribe("1002", "", watchDialog+"Expires: 600\n", 200)
		if got := res.GetHeader("Expires").Value(); got != "600" {
			t.Errorf("Expires %s", got)
		}
		first := l.told("active;expires=600", `version="0"`, `state="full"`, `entity="sip:1002@box.test"`, `<dialog id="1002"><state>terminated</state>`)
		if first.GetHeader("Event").Value() != "dialog" || first.From().Params.GetOr("tag", "") != tagOf(res) ||
			first.To().Params.GetOr("tag", "") != "peer" || first.Recipient.String() != "sip:1001@"+peerAddr || first.CSeq().SeqNo != 1 {
			t.Errorf("the first NOTIFY is\n%s", first)
		}
		time.Sleep(time.Minute)
		l.does("1002", ringing)
		l.told("active;expires=540", `version="1"`, `<dialog id="c1" direction="recipient"><state>early</state>`,
			`display="Ali &amp; &#34;Co&#34;">sip:0912@box.test</identity>`)
		time.Sleep(time.Second)
		talk := ringing
		talk.Calls = []notify.Call{{ID: "c1", Up: true, Remote: ringing.Calls[0].Remote}}
		l.does("1002", talk)
		l.told("active", `version="2"`, `<state>confirmed</state>`)
		l.does("1003", ringing) // nobody watches it
		l.opts.News.Publish(event.Calls)
		l.Quiet(time.Second)
		l.does("1002", notify.State{})
		if req := l.told("active", `version="3"`, `<state>terminated</state>`); req.CSeq().SeqNo != 4 {
			t.Errorf("CSeq %d", req.CSeq().SeqNo)
		}
		time.Sleep(9*time.Minute - 20*time.Second)
		l.told("terminated;reason=timeout") // nobody refreshes
		l.subscribe("1002", tagOf(res), watchDialog, 481)
	})
}

func TestChangesDuringANotifyAreToldByOneMore(t *testing.T) {
	watching(t, func(l *lamps) {
		l.subscribe("1002", "", watchDialog, 200)
		first := l.Request(sip.NOTIFY)
		for range 5 {
			l.does("1002", ringing)
			time.Sleep(60 * time.Millisecond)
			l.does("1002", notify.State{})
			time.Sleep(60 * time.Millisecond)
		}
		l.does("1002", ringing)
		time.Sleep(60 * time.Millisecond)
		l.Request(sip.NOTIFY) // the peer has no transactions: it sees the first again
		l.Reply(first, 200, "", "\n")
		l.told("active", `version="1"`, "early")
		l.Quiet(time.Second)
	})
}

func TestRefreshAndUnsubscribe(t *testing.T) {
	watching(t, func(l *lamps) {
		tag := tagOf(l.subscribe("1002", "", watchDialog+"Expires: 60\n", 200))
		l.told("active;expires=60")
		time.Sleep(50 * time.Second)
		l.subscribe("1002", tag, watchDialog+"Expires: 60\n", 200)
		l.told("active;expires=60", `version="1"`)
		time.Sleep(50 * time.Second) // the first life would be over
		if l.watchers.Len() != 1 {
			t.Fatal("the refreshed subscription has ended")
		}
		l.subscribe("1002", tag, watchDialog+"Expires: 0\n", 200)
		l.told("terminated;reason=timeout", `version="2"`)
		l.does("1002", ringing)
		l.Quiet(time.Minute)
	})
}

func TestFetch(t *testing.T) {
	watching(t, func(l *lamps) {
		l.does("1002", ringing)
		l.subscribe("1002", "", watchDialog+"Expires: 0\n", 200)
		l.told("terminated;reason=timeout", "early")
		if l.watchers.Len() != 0 {
			t.Error("a fetch is kept")
		}
	})
}

func TestPresenceAndMessages(t *testing.T) {
	watching(t, func(l *lamps) {
		l.subscribe("1002", "", "Event: presence;id=7\n", 200)
		first := l.told("active", `entity="sip:1002@box.test"`, "<basic>closed</basic>")
		if first.GetHeader("Event").Value() != "presence;id=7" {
			t.Errorf("Event is %s", first.GetHeader("Event"))
		}
		l.does("1002", ringing)
		l.told("active", "<basic>open</basic>")
		l.does("1002", notify.State{Reachable: true, Calls: []notify.Call{{ID: "c1", Up: true}}})
		l.told("active", "<basic>open</basic>", "<note>On the phone</note>")
	})
	watching(t, func(l *lamps) {
		l.subscribe("1001", "", "Event: message-summary\nAccept: application/simple-message-summary\n", 200)
		l.told("active", "Messages-Waiting: no\r\n", "Message-Account: sip:1001@box.test\r\n")
		l.subscribe("1002", "", "Event: message-summary\n", 403)
		l.does("1001", notify.State{Mailbox: notify.Mailbox{Has: true, New: 2, Old: 8}})
		l.told("active", "Messages-Waiting: yes\r\n", "Voice-Message: 2/8 (0/0)\r\n")
		l.does("1001", notify.State{Mailbox: notify.Mailbox{Has: true, Old: 10}})
		l.told("active", "Messages-Waiting: no\r\n", "Voice-Message: 0/10 (0/0)\r\n")
	})
}

func TestSubscribeRefused(t *testing.T) {
	watching(t, func(l *lamps) {
		if res := l.subscribe("1002", "", "Event: weather\n", 489); res.GetHeader("Allow-Events").Value() != "dialog, presence, message-summary" {
			t.Errorf("489 allows %v", res.GetHeader("Allow-Events"))
		}
		l.subscribe("1002", "", "", 489)
		l.subscribe("1002", "", "Event: dialog\nAccept: text/plain\n", 406)
		l.subscribe("4444", "", watchDialog, 404)
		l.subscribe("1002", "nobody", watchDialog, 481)
		if res := l.subscribe("1002", "", watchDialog+"Expires: 5\n", 423); res.GetHeader("Min-Expires").Value() != "60" {
			t.Errorf("423 says %v", res.GetHeader("Min-Expires"))
		}
		l.Send(strings.NewReplacer("SUBSCRIBE", "PUBLISH", "sub-", "pub-").Replace(l.text("1002", "", "", "Event: presence\n")))
		l.Status(405)
		if l.watchers.Len() != 0 {
			t.Error("a refused subscription is kept")
		}
	})
}

func TestDeadSubscribersAreDropped(t *testing.T) {
	watching(t, func(l *lamps) {
		l.subscribe("1002", "", watchDialog, 200)
		l.Reply(l.Request(sip.NOTIFY), 481, "", "\n")
		synctest.Wait()
		if l.watchers.Len() != 0 {
			t.Error("the phone does not know it any more, but it is kept")
		}
		l.seq += 10
		l.subscribe("1002", "", watchDialog, 200)
		for range 11 { // 64*T1 without an answer
			l.Request(sip.NOTIFY)
		}
		time.Sleep(5 * time.Second)
		if l.watchers.Len() != 0 {
			t.Error("nobody answers, but it is kept")
		}
	})
}

func TestSubscriptionsAreBounded(t *testing.T) {
	watching(t, func(l *lamps) {
		for range 500 {
			l.subscribe("1002", "", watchDialog+"Expires: 60\n", 200)
			l.told("active")
		}
		if res := l.subscribe("1002", "", watchDialog, 503); res.GetHeader("Retry-After") == nil {
			t.Error("503 does not say when to come again")
		}
		synctest.Wait()
		l.net.Lose(func(_, to string, _ []byte) bool { return to == peerAddr }) // it is not there when they end
	})
}
