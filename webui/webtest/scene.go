package webtest

import (
	"net/netip"
	"time"

	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// Quiet is the scene of a box on which nothing happens: two free lines, two
// analog phones, one queue, and its agent on a registered phone.
func Quiet(now time.Time) Scene {
	return Scene{
		Lines: []line.Status{
			{Port: "fxo1", Kind: "fxo", State: "idle", Volts: 48.2},
			{Port: "fxo2", Kind: "fxo", State: "unplugged"},
			{Port: "fxs1", Kind: "fxs", Extension: "1101", State: "idle", Volts: 47.9},
			{Port: "fxs2", Kind: "fxs", State: "idle", Volts: 48.0},
		},
		Phones: []sip.Phone{{Extension: "1002", Name: "رضا احمدی", Contact: "sip:1002@192.0.2.7:5060", Source: "192.0.2.7:5060",
			Transport: "udp", Agent: "baresip v3.16", Since: now.Add(-3 * time.Hour), Expires: now.Add(time.Hour)}},
		Floor: queue.Board{
			Queues: []queue.QueueView{{Number: "700", Name: "Support", Agents: []string{"1002"}}},
			Agents: []queue.AgentView{{Extension: "1002", Name: "رضا احمدی", State: "free", Since: now.Add(-7 * time.Minute)}},
		},
	}
}

// Busy is the scene of a full house: a call being talked on, two callers
// waiting, and a day's records with their stories.
func Busy(now time.Time) Scene {
	s := Quiet(now)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	sara := call.Party{Number: "02188776655", Name: "Sara Karimi"}
	omid := call.Party{Number: "09123456789"}
	s.Lines[0] = line.Status{Port: "fxo1", Kind: "fxo", State: "in-call", Volts: 7.4, Milliamps: 24.1, Caller: sara, Call: "c1"}
	s.Lines[1] = line.Status{Port: "fxo2", Kind: "fxo", State: "ringing", Volts: 51.3, Caller: call.Party{Number: "02144556677", Name: "شرکت آبان"}}
	s.Phones = append(s.Phones, sip.Phone{Extension: "1003", Name: "Mina Rad", Contact: "sip:1003@192.0.2.9:5060", Source: "192.0.2.9:5060", Transport: "tls", Agent: "Yealink SIP-T31P 124.86.0.40"})
	s.Trunks = []trunk.Status{
		{Name: "telco", State: trunk.Up, Server: "192.0.2.40:5060", Calls: 2, Most: 8, Since: ago(9 * time.Hour), Expires: now.Add(8 * time.Minute)},
		{Name: "backup", State: trunk.Down, Detail: "192.0.2.41:5060: 403 Forbidden", Since: ago(12 * time.Minute)},
	}
	s.Floor = queue.Board{
		Queues: []queue.QueueView{
			{Number: "700", Name: "Support", Talking: 1, Agents: []string{"1002", "1003"}, Waiting: []queue.CallerView{
				{Call: "c2", Party: omid, Position: 1, Joined: ago(74 * time.Second), Offered: "1003"},
				{Call: "c3", Party: call.Party{Number: "02144556677", Name: "شرکت آبان"}, Position: 2, Joined: ago(12 * time.Second)},
			}},
			{Number: "710", Name: "فروش", Agents: []string{"1004"}},
		},
		Agents: []queue.AgentView{
			{Extension: "1002", Name: "رضا احمدی", State: "talking", Since: ago(3*time.Minute + 12*time.Second), Queue: "700", Call: "c1"},
			{Extension: "1003", Name: "Mina Rad", State: "ringing", Since: ago(6 * time.Second), Queue: "700", Call: "c2"},
			{Extension: "1004", Name: "نگار", State: "wrap-up", Since: ago(5 * time.Second), Until: now.Add(25 * time.Second), Queue: "710"},
			{Extension: "1005", Name: "Ali Tavana", State: "offline", Since: ago(50 * time.Minute)},
		},
	}
	s.Calls = []call.Snapshot{
		{ID: "c1", Started: ago(4 * time.Minute), From: sara, To: "500", Origin: call.Origin{Line: "fxo1"}, Stage: "agent 1002", Legs: []call.LegView{
			{ID: "l1", Kind: call.FXO, Device: "fxo1", State: "up", Since: ago(4 * time.Minute)},
			{ID: "l2", Kind: call.SIP, Device: "sip:1002@192.0.2.7:5060", Agent: "1002", State: "up", Since: ago(3*time.Minute + 12*time.Second), Secure: true}}},
		{ID: "c2", Started: ago(80 * time.Second), From: omid, To: "500", Origin: call.Origin{Line: "fxo2"}, Stage: "queue 700", Legs: []call.LegView{
			{ID: "l3", Kind: call.FXO, Device: "fxo2", State: "up", Since: ago(76 * time.Second)},
			{ID: "l4", Kind: call.SIP, Device: "sip:1003@192.0.2.9:5060", Agent: "1003", State: "ringing", Since: ago(6 * time.Second)}}},
		{ID: "c3", Started: ago(20 * time.Second), From: call.Party{Number: "1101"}, To: "500", Origin: call.Origin{Extension: "1101"}, Stage: "menu 500", Legs: []call.LegView{
			{ID: "l5", Kind: call.FXS, Device: "fxs1", State: "up", Since: ago(18 * time.Second)}}},
	}
	ms := func(d time.Duration) ledger.Millis { return ledger.Millis(d) }
	record := func(id call.ID, start time.Duration, from call.Party, to, q, agent string, wait, ring, talk time.Duration, result ledger.Result, cause string) {
		s.Records = append(s.Records, ledger.Record{Call: id, Started: ago(start), Ended: ago(start - wait - talk), From: from, To: to, Origin: call.Origin{Line: "fxo1"},
			Queue: q, Agent: agent, Wait: ms(wait), Ring: ms(ring), Talk: ms(talk), Result: result, Cause: cause})
	}
	record("r1", 9*time.Minute, omid, "500", "700", "1002", 21*time.Second, 5*time.Second, 134*time.Second, "answered", "normal")
	record("r2", 26*time.Minute, call.Party{Number: "02122334455", Name: "Bahar Co"}, "500", "700", "", 95*time.Second, 40*time.Second, 0, "abandoned", "cancelled")
	record("r3", 71*time.Minute, call.Party{}, "500", "", "", 0, 0, 0, "served", "normal")
	record("r4", 26*time.Hour, sara, "1002", "", "1002", 0, 8*time.Second, 20*time.Minute, "answered", "normal")
	record("r5", 27*time.Hour, call.Party{Number: "1001"}, "7999", "", "", 0, 0, 0, "refused", "unknown-number")
	step := func(after time.Duration, s call.Step) call.Step {
		s.Call, s.At, s.Leg = "r1", ago(9*time.Minute-after), "l1"
		return s
	}
	s.Steps = map[call.ID][]call.Step{"r1": {
		step(0, call.Step{Type: call.StepArrived, Party: omid, Number: "500", Origin: call.Origin{Line: "fxo1"}, Device: "fxo1"}),
		step(0, call.Step{Type: call.StepRouted, Number: "500", Reason: "line fxo1 goes to 500"}),
		step(6*time.Second, call.Step{Type: call.StepAnswered, Device: "fxo1"}),
		step(7*time.Second, call.Step{Type: call.StepSaid, Value: "en/welcome"}),
		step(11*time.Second, call.Step{Type: call.StepPressed, Value: "1"}),
		step(11*time.Second, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "1"}),
		step(12*time.Second, call.Step{Type: call.StepQueueAnnounced, Queue: "700", Value: "1"}),
		step(27*time.Second, call.Step{Type: call.StepQueueOffered, Queue: "700", Agent: "1002", Reason: "free longest of 1"}),
		step(32*time.Second, call.Step{Type: call.StepQueueConnected, Queue: "700", Agent: "1002"}),
		step(166*time.Second, call.Step{Type: call.StepEnded, Cause: "normal"}),
	}}
	s.Bans = []shield.Ban{
		{Source: "203.0.113.66/32", Last: "1001", Times: 3, Wrong: 15, Since: ago(5 * time.Minute), Until: now.Add(35 * time.Minute)},
		{Source: "192.0.2.9/32", Account: "1003", Last: "1003", Times: 1, Wrong: 5, Since: ago(4 * time.Second), Until: now.Add(6 * time.Second)},
	}
	s.Turned = sip.Turned{Banned: 2140, Scanners: 87, Wrong: 20, Broken: 3}
	message := func(after time.Duration, in bool, text string) trace.Message {
		return trace.Message{At: ago(9*time.Minute - after), In: in, Network: "UDP", Local: netip.MustParseAddrPort("192.0.2.1:5060"),
			Peer: netip.MustParseAddrPort("192.0.2.7:5060"), Text: []byte(text + "\r\nCall-ID: a84b4c76\r\nContent-Length: 0\r\n\r\n")}
	}
	s.SIP = map[call.LegID][]trace.Message{"l1": {
		message(27*time.Second, false, "INVITE sip:1002@192.0.2.7 SIP/2.0"),
		message(27*time.Second+40*time.Millisecond, true, "SIP/2.0 180 Ringing"),
		message(32*time.Second, true, "SIP/2.0 200 OK"),
		message(32*time.Second+time.Millisecond, false, "ACK sip:1002@192.0.2.7 SIP/2.0"),
		message(166*time.Second, true, "BYE sip:box@192.0.2.1 SIP/2.0"),
		message(166*time.Second+time.Millisecond, false, "SIP/2.0 200 OK"),
	}}
	s.Switches = []night.View{{Number: "*28", Name: "Night"}, {Number: "*29", Name: "تعطیلات", On: true, By: "1002", At: ago(2 * time.Hour)}}
	s.Conferences = []conference.View{{Number: "800", Name: "Meeting", Since: ago(12 * time.Minute), Most: 30, Recording: call.RecordingOff, Members: []conference.MemberView{
		{Leg: "m1", Call: "k1", Party: call.Party{Number: "1002", Name: "رضا احمدی"}, Moderator: true, Talking: true, Since: ago(12 * time.Minute)},
		{Leg: "m2", Call: "k2", Party: call.Party{Number: "09121112233"}, Muted: true, Since: ago(3 * time.Minute)}}}}
	s.Health = []health.Problem{{ID: "line-unplugged/fxo2", Severity: health.Warning, Since: ago(time.Hour), Detail: "fxo2",
		Text: map[string]string{"en": "Line 2 has no dial tone.", "fa": "خط ۲ بوق آزاد ندارد."},
		Fix:  map[string]string{"en": "Check the cable between the wall and socket LINE 2.", "fa": "سیم میان پریز و سوکت LINE 2 را بررسی کنید."}}}
	return s
}
