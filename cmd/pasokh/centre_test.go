package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// centre is a contact centre: a box, a trunk of SIPp customers, two queues and ten agents
// of whom two work in both.
type centre struct {
	d       *demo
	seed    uint64
	telco   string // address
	agents  []*centreAgent
	callers []*caller
}

// The queues of the centre, and the numbers by which they are called.
const (
	centreSales, centreHelp = "730", "731"
	salesDID, helpDID       = "02188776601", "02188776602"
	centreKeyExit           = "0"
	centreKeyCallback       = "2"
	centreKeyMessage        = "3"
)

// TestCentre lets customers who are SIPp processes call a contact centre, be told where
// they are in line, wait, give up, press keys, and talk to agents who have whims. What the
// customers' logs and ears tell is counted, and must be what the box reports. `make
// centre` runs it for CENTRE minutes; SEED repeats a run's whims.
func TestCentre(t *testing.T) {
	t.Parallel()
	needTool(t, "sipp")
	length, seed := 40*time.Second, rand.Uint64()
	if text := os.Getenv("CENTRE"); text != "" {
		minutes, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		length = time.Duration(minutes) * time.Minute
	}
	if text := os.Getenv("SEED"); text != "" {
		v, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = v
	}
	n := max(50, int(length/time.Second))
	t.Logf("%d callers in %v, seed %d", n, length, seed)
	k := newCentre(t, seed)
	atRest := k.d.process()
	atRest.Files += 6 // this month's files of steps, calls, the floor and its daybook, voicemail, and the timer of sound
	k.runs(n, length)
	k.closes(atRest)
	var all []contact
	for _, c := range k.callers {
		if len(c.said) == 0 {
			t.Errorf("%s did not call: %v", c.Number, c.end)
			continue
		}
		all = append(all, k.contact(c))
	}
	ids := k.wantLedger(all)
	k.wantSound(all, ids)
	for _, q := range []string{centreSales, centreHelp} {
		k.wantReport(q, all)
	}
	k.wantAgain()
	for _, a := range k.agents {
		t.Logf("agent %s: %v", a.number, a.did)
	}
}

// wantAgain plays the day again: it must come out event by event, with the figures of the
// report.
func (k *centre) wantAgain() {
	k.d.t.Helper()
	var played whatif.Comparison
	k.d.call("GET", "/api/whatif?day=today", nil, &played)
	if len(played.Figures) == 0 || !played.Exact || !played.Closes {
		k.d.t.Errorf("played again the day is another one from %v on", played.Differs)
	}
	for _, f := range played.Figures {
		if f.ID == "answered" || f.ID == "abandoned" || f.ID == "asa" || f.ID == "callback" || f.ID == "acw" {
			if f.Real == nil || f.Mean == nil || *f.Real != *f.Mean {
				k.d.t.Errorf("%s comes out as another", f.ID)
			}
		}
	}
	k.d.call("GET", "/api/whatif?day=today&agents=-1101,-1102&callback=off&runs=10", nil, &played)
	for _, f := range played.Figures {
		if f.ID == "answered" || f.ID == "abandoned" || f.ID == "asa" || f.ID == "callback" || f.ID == "overflow" || f.ID == "offered" {
			k.d.t.Logf("with two agents less and without callbacks: %s %.1f instead of %.1f", f.ID, *f.Mean, *f.Real)
		}
	}
}

func newCentre(t *testing.T, seed uint64) *centre {
	t.Helper()
	d := startDemo(t)
	k := &centre{d: d, seed: seed, telco: telco()}
	server := fmt.Sprintf("%s:%d", k.telco, freePort(t))
	d.configure(func(c *config.Config) {
		c.SIP.MaxCallsPerSecond = 100
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{server}, Transport: config.UDP, Sources: []string{k.telco},
			CallerID: "02188776600", DIDs: map[string]string{salesDID: centreSales, helpDID: centreHelp}}}
		c.Routes = []config.Route{{Name: "out", Prefix: "09", Trunks: []string{"telco"}}}
		var numbers []string
		for i := range 10 {
			number := strconv.Itoa(1101 + i)
			numbers = append(numbers, number)
			c.Extensions = append(c.Extensions, config.Extension{Number: number, Name: "Agent " + number, Secret: centreSecret, RingFor: config.Duration(20 * time.Second)})
		}
		queue := func(number string, lang config.Language, strategy config.QueueStrategy, agents []string) config.Queue {
			return config.Queue{Number: number, Name: "Queue " + number, Language: lang, Strategy: strategy, Agents: config.QueueAgents(agents...), Music: "default",
				RingFor: config.Duration(6 * time.Second), WrapUp: config.Duration(3 * time.Second), AnnounceEvery: config.Duration(15 * time.Second),
				AutoPause: 0, MaxCallers: 100, Operator: demoEcho,
				Rest:     config.AgentRest{Rejected: config.Duration(time.Second), Busy: config.Duration(time.Second), NoAnswer: config.Duration(time.Second)},
				Keys:     map[string]string{centreKeyMessage: c.Features.VoicemailTo + number},
				Callback: config.Callback{Key: centreKeyCallback, Gap: config.Duration(30 * time.Second)}, Voicemail: config.Mailbox{Enabled: true}}
		}
		c.Queues = append(c.Queues, queue(centreSales, config.Persian, config.LongestIdle, numbers[:6]), queue(centreHelp, config.English, config.RingAll, numbers[4:]))
	})
	calledBack(t, server)
	for i := range 10 {
		a := newCentreAgent(d, strconv.Itoa(1101+i), 600+100*i, seed)
		a.calm = i == 0 // so that somebody always is there
		a.plugIn()
		k.agents = append(k.agents, a)
	}
	return k
}

// calledBack is the SIPp behind the trunk that answers for customers who are called back.
func calledBack(t *testing.T, server string) {
	t.Helper()
	at := netip.MustParseAddrPort(server)
	file, err := filepath.Abs(filepath.Join("testdata", "callee.xml"))
	if err != nil {
		t.Fatal(err)
	}
	callee := exec.Command("sipp", "-sf", file, "-i", at.Addr().String(), "-p", fmt.Sprint(at.Port()), "-nostdin", "-aa", "-rtp_echo", "-trace_err", "-error_file", "errors")
	callee.Dir = t.TempDir()
	if err := callee.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = callee.Process.Kill()
		_ = callee.Wait()
	})
}

// plan is what the customers mean to do.
func (k *centre) plan(n int, length time.Duration) (plans []callPlan) {
	whim := rand.New(rand.NewPCG(k.seed, 1))
	for i := range n {
		p := callPlan{At: time.Duration(whim.Int64N(int64(length))), Number: fmt.Sprintf("0912%07d", i), DID: salesDID, Patience: 3000 + whim.IntN(22000)}
		if whim.IntN(5) < 2 {
			p.DID = helpDID
		}
		first := 1500 + whim.IntN(12000)
		switch i % 12 {
		case 2:
			p.Presses, p.Patience = []press{{Key: centreKeyExit, After: first}}, 3000+whim.IntN(2000)
		case 5:
			p.Presses, p.Patience = []press{{Key: centreKeyCallback, After: first}, {Key: "1", After: 1000 + whim.IntN(4000)}}, 30000
		case 8:
			p.Presses, p.Patience, p.Talks = []press{{Key: centreKeyMessage, After: first}}, 15000, true
		}
		plans = append(plans, p)
	}
	return plans
}

// runs the day of the centre, until its last customer has gone.
func (k *centre) runs(n int, length time.Duration) {
	t := k.d.t
	t.Helper()
	ctx, goHome := context.WithCancel(context.Background())
	defer goHome()
	var working sync.WaitGroup
	for _, a := range k.agents {
		working.Go(func() { a.works(ctx) })
	}
	var calling sync.WaitGroup
	for _, p := range k.plan(n, length) {
		c := &caller{callPlan: p, dir: t.TempDir(), from: k.telco, ports: freePorts(t, 8), done: make(chan struct{})}
		k.callers = append(k.callers, c)
		calling.Go(func() {
			time.Sleep(p.At)
			c.calls(k.d)
			<-c.done
		})
	}
	calling.Wait()
	k.d.becomes(2*time.Minute, "end of all customers' calls", func(s api.State) bool {
		return len(k.d.held()) == 0 && !slices.ContainsFunc(s.Calls, func(c call.Snapshot) bool { return strings.HasPrefix(c.From.Number, "09") })
	})
	goHome()
	working.Wait()
	k.d.becomes(30*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
}

// closes the centre: nothing of it may be left in the box.
func (k *centre) closes(atRest process) {
	t := k.d.t
	t.Helper()
	for _, a := range k.agents {
		a.leaves(t)
	}
	(&soak{d: k.d}).settle(atRest)
}

// contact is what a customer's own log and ear tell of his call.
type contact struct {
	*caller
	queue   string
	outcome ledger.Outcome
	agent   string        // who answered, by his tone
	wait    time.Duration // from the box's answer to the agent's tone, or to leaving
	talk    time.Duration
	spoke   int  // sample of the ear at which the agent's tone began; 0: never
	either  bool // the agent picked up and the customer hung up at one moment
}

// contact tells what came of a call, without asking the box.
func (k *centre) contact(c *caller) contact {
	t := k.d.t
	t.Helper()
	x := contact{caller: c, queue: map[string]string{salesDID: centreSales, helpDID: centreHelp}[c.DID], outcome: ledger.VisitAbandoned}
	// SIPp ends with an error when the box's BYE, which it answers, comes at the moment at
	// which its own was due.
	hungUp := !c.first(false, "BYE sip:").IsZero() && !c.first(true, "1 BYE", "200").IsZero()
	if c.end != nil && !hungUp {
		t.Errorf("the SIPp of %s: %v\n%s%+v", c.Number, c.end, c.complains(), c.said)
		return x
	}
	answered := c.first(false, "1 INVITE", "200")
	ended := c.first(true, "BYE sip:")
	if at := c.first(false, "BYE sip:"); ended.IsZero() || !at.IsZero() && at.Before(ended) {
		ended = at
	}
	left := ended
	for i, p := range c.Presses {
		at := c.first(true, fmt.Sprintf("%d INFO", 2+i))
		switch {
		case at.IsZero():
		case p.Key == centreKeyCallback:
			continue
		case p.Key == "1":
			x.outcome, left = ledger.VisitCallback, at
		default:
			x.outcome, left = ledger.VisitOverflow, at
		}
	}
	for _, a := range k.agents {
		for _, talk := range a.talkedTo(c.Number) {
			if at, sample, ok := c.ear.hears(a.tone, talk.at.Add(-near)); ok && at.Before(left) {
				x.outcome, x.agent, x.spoke, left = ledger.VisitAnswered, a.number, sample, at
				x.talk = ended.Sub(at)
			}
			x.either = x.either || apart(talk.at.Sub(left), 0) < near
		}
	}
	x.wait = left.Sub(answered)
	return x
}

// near bounds how far times measured at both ends of a call may be apart: a tick of sound,
// signalling, and a machine that is busy.
const near = 300 * time.Millisecond

func apart(a, b time.Duration) time.Duration { return max(a-b, b-a) }

// wantLedger compares each customer's call with its one record. It returns the calls' ids
// by the customers' numbers.
func (k *centre) wantLedger(all []contact) map[string]call.ID {
	t := k.d.t
	t.Helper()
	ids, seen := map[string]call.ID{}, map[call.ID]bool{}
	for i := range all {
		x := &all[i]
		var found api.Records
		k.d.call("GET", "/api/records?limit=20&number="+x.Number, nil, &found)
		var mine []ledger.Record
		for _, r := range found.Records {
			if r.Origin.Trunk == "telco" {
				mine = append(mine, r)
			}
		}
		if len(mine) != 1 || seen[mine[0].Call] || len(mine[0].Visits) != 1 || mine[0].Cause == "" {
			t.Errorf("%s has the records %+v, want one with one visit", x.Number, mine)
			continue
		}
		r, v := mine[0], mine[0].Visits[0]
		ids[x.Number], seen[r.Call] = r.Call, true
		if x.either && x.agent == "" && v.Outcome == ledger.VisitAnswered && v.Talk.D() < near {
			t.Logf("%s hung up when %s picked up", x.Number, v.Agent)
			x.outcome, x.agent, x.talk = v.Outcome, v.Agent, v.Talk.D()
		}
		if v.Queue != x.queue || v.Outcome != x.outcome || v.Agent != x.agent && x.outcome == ledger.VisitAnswered {
			t.Errorf("%s: %s %s %s by his own log, %+v in the ledger\n%s\n%+v", x.Number, x.queue, x.outcome, x.agent, v, k.d.story(r.Call), x.said)
			continue
		}
		if apart(x.wait, v.Wait.D()) > near || apart(x.talk, v.Talk.D()) > near && x.outcome == ledger.VisitAnswered {
			t.Errorf("%s (%s): wait %v, talk %v by his own log, %v and %v in the ledger", x.Number, x.outcome, x.wait, x.talk, v.Wait.D(), v.Talk.D())
		}
	}
	return ids
}

// wantReport compares a queue's report with the count.
func (k *centre) wantReport(queue string, all []contact) {
	t := k.d.t
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(zone)
	days := []string{"report", "--from", now.AddDate(0, 0, -1).Format(time.DateOnly), "--to", now.Format(time.DateOnly), "--queue", queue}
	if text := k.d.cli(days...); !strings.Contains(text, "The sum closes.") {
		t.Errorf("the report of %s does not close:\n%s", queue, text)
	}
	sheet := strings.TrimPrefix(k.d.cli(append(days, "--csv")...), "\uFEFF")
	in := csv.NewReader(strings.NewReader(sheet))
	in.FieldsPerRecord = -1
	lines, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]float64{}
	for _, line := range lines {
		if len(line) > 1 {
			told[line[0]], _ = strconv.ParseFloat(line[1], 64)
		}
	}
	count := map[ledger.Outcome]int{}
	var answerWait, wait, longest, talk time.Duration
	offered := 0
	for _, x := range all {
		if x.queue != queue {
			continue
		}
		offered++
		count[x.outcome]++
		wait, longest = wait+x.wait, max(longest, x.wait)
		if x.outcome == ledger.VisitAnswered {
			answerWait, talk = answerWait+x.wait, talk+x.talk
		}
	}
	for name, want := range map[string]int{"Offered (O)": offered, "Answered (A)": count[ledger.VisitAnswered], "Abandoned (Ab)": count[ledger.VisitAbandoned],
		"Overflow (Ov)": count[ledger.VisitOverflow], "Callback (Cb)": count[ledger.VisitCallback], "Still waiting": 0, "Interrupted": 0} {
		if got, ok := told[name]; !ok || int(got) != want {
			t.Errorf("queue %s: %s is %v in the report, %d by the callers' logs", queue, name, got, want)
		}
	}
	per := func(sum time.Duration, n int) float64 { return sum.Seconds() / float64(max(n, 1)) }
	for name, want := range map[string]float64{"Average speed of answer (ASA)": per(answerWait, count[ledger.VisitAnswered]), "Average wait of all (AWT)": per(wait, offered),
		"Longest wait": longest.Seconds(), "Average talk": per(talk, count[ledger.VisitAnswered])} {
		got, ok := told[name]
		if !ok || got-want > near.Seconds() || want-got > near.Seconds() {
			t.Errorf("queue %s: %s is %.3f s in the report, %.3f s by the callers' logs", queue, name, got, want)
		}
		t.Logf("queue %s: %s %.3f s, by the callers' logs %.3f s", queue, name, got, want)
	}
	t.Logf("queue %s: %d offered, %v", queue, offered, count)
}
