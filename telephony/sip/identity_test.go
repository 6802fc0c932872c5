package sip

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

// fromTrunk is an INVITE with From and further fields.
func fromTrunk(t *testing.T, from, fields string) *sip.Request {
	t.Helper()
	m, err := sip.ParseMessage([]byte(crlf("INVITE sip:021@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\n" +
		"From: " + from + ";tag=1\nTo: <sip:021@telco>\nCall-ID: 1\nCSeq: 1 INVITE\nContent-Length: 0\n" + fields)))
	if err != nil {
		t.Fatal(err)
	}
	return m.(*sip.Request)
}

func TestWhoATrunkSaysCalls(t *testing.T) {
	const from, nobody = "<sip:0912@telco>", "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
	long := strings.Repeat("ن", 500)
	for _, c := range []struct {
		from, fields string
		want         call.Party
	}{
		{`"علی \"رضا\" \\o/" <sip:0912@telco>`, "", call.Party{Number: "0912", Name: `علی "رضا" \o/`}},
		{`"` + long + `" <sip:0912@telco>`, "", call.Party{Number: "0912", Name: long[:2*128]}},
		{from, `P-Asserted-Identity: "<sip:1@x>, \"شرکت\"" <sip:021@telco>` + "\n", call.Party{Number: "021", Name: `<sip:1@x>, "شرکت"`}},
		{from, "P-Asserted-Identity: \"unclosed <sip:021@telco>\n", call.Party{Number: "0912"}},
		{from, "Remote-Party-ID: \"سارا\" <sip:021@telco>;party=calling;screen=yes;privacy=off\n", call.Party{Number: "021", Name: "سارا"}},
		{from, "Remote-Party-ID: <sip:5@telco>;party=called, <sip:021@telco>;party=calling\n", call.Party{Number: "021"}},
		{from, "Remote-Party-ID: <sip:021@telco>;privacy=full\n", call.Party{}},
		{from, "Remote-Party-ID: <sip:021@telco>\nP-Asserted-Identity: <tel:+98935>\n", call.Party{Number: "+98935"}},
		{from, "P-Asserted-Identity: <tel:+98935>\nPrivacy: id\n", call.Party{}},
		{from, "Privacy: header;id\n", call.Party{}},
		{from, "Privacy: none\nRemote-Party-ID: <sip:021@telco>;privacy=full\n", call.Party{Number: "021"}},
		{nobody, "P-Asserted-Identity: <tel:+98935>\n", call.Party{}},
		{nobody, "P-Asserted-Identity: <tel:+98935>\nPrivacy: none\n", call.Party{Number: "+98935"}},
		{nobody, "", call.Party{}},
	} {
		if got := callerOf(fromTrunk(t, c.from, c.fields)); got != c.want {
			t.Errorf("%s\n%sis %+v, want %+v", c.from, c.fields, got, c.want)
		}
	}
}

func TestWhoDivertedACallOfATrunk(t *testing.T) {
	by := func(number, name, why string) call.Diversion {
		return call.Diversion{By: call.Party{Number: number, Name: name}, Reason: why}
	}
	for fields, want := range map[string][]call.Diversion{
		"": nil,
		"Diversion: \"دفتر\" <sip:021@telco>;reason=no-answer;counter=1\nDiversion: <tel:022>;reason=\"user-busy\"\n": {
			by("022", "", "user-busy"), by("021", "دفتر", "no-answer")},
		"Diversion: <sip:021@telco>;reason=whatever, <sip:022@telco>;reason=unconditional;privacy=full\n": {by("021", "", "unknown")},
		"History-Info: <sip:021@telco?Reason=SIP%3Bcause%3D486>;index=1, <sip:022@telco>;index=1.1\n":     {by("021", "", "user-busy")},
		"History-Info: <sip:021@telco>;index=1, <sip:022@telco;cause=408>;index=1.1\n":                    {by("021", "", "no-answer")},
		"History-Info: <sip:021@telco?Reason=SIP%3Bcause%3D302&Privacy=history>;index=1\n":                nil,
		"History-Info: <sip:021@telco>;index=1\n":                                                         nil,
		"Diversion: garbage\nHistory-Info: <sip:021@telco?Reason=SIP%3Bcause%3D302>;index=1\n":            nil,
	} {
		if diff := cmp.Diff(want, diversionsOf(fromTrunk(t, "<sip:0912@telco>", fields))); diff != "" {
			t.Errorf("%s%s", fields, diff)
		}
	}
	many := strings.Repeat("Diversion: <sip:1@x>;reason=unconditional\n", 100)
	if n := len(diversionsOf(fromTrunk(t, "<sip:0912@telco>", many))); n != maxAddresses {
		t.Errorf("%d diversions, want %d", n, maxAddresses)
	}
}

func TestWhoDivertedIsTold(t *testing.T) {
	list := []call.Diversion{{By: call.Party{Number: "1001", Name: `آرش "A"`}, To: "1002", Reason: "user-busy"},
		{By: call.Party{Number: "1002"}, To: "1003", Reason: "made up"}}
	var got []string
	for _, h := range diverted(list, numberURI("1003", "box.test"), func(p call.Party) (string, sip.Uri) { return p.Name, numberURI(p.Number, "box.test") }) {
		got = append(got, h.String())
	}
	want := []string{
		"Diversion: <sip:1002@box.test>;reason=unknown;counter=1",
		`Diversion: "آرش \"A\"" <sip:1001@box.test>;reason=user-busy;counter=1`,
		"History-Info: <sip:1001@box.test?Reason=SIP%3Bcause%3D486>;index=1, <sip:1002@box.test?Reason=SIP%3Bcause%3D404>;index=1.1, <sip:1003@box.test>;index=1.1.1;mp=1.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// What we write we read.
	back := diversionsOf(fromTrunk(t, "<sip:1@x>", want[0]+"\n"+want[1]+"\n"))
	if len(back) != 2 || back[0].By != list[0].By || back[0].Reason != "user-busy" {
		t.Errorf("read back: %+v", back)
	}
}

func FuzzAddress(f *testing.F) {
	f.Add(`"A \" <b>, c" <sip:0912@telco;x=y?a=b>;p="q,\"r";s, tel:+98;z=1`)
	f.Add("sip:1@x,,<tel:2>")
	f.Add(`"`)
	f.Fuzz(func(t *testing.T, s string) {
		req := sip.NewRequest(sip.INVITE, sip.Uri{})
		req.AppendHeader(sip.NewHeader("Diversion", s))
		list := addresses(req, "Diversion")
		if len(list) > maxAddresses {
			t.Fatal("too many")
		}
		for _, a := range list {
			if len([]rune(a.name)) > maxName || len([]rune(a.number)) > maxNumber || strings.ContainsAny(a.name+a.number, "\r\n\x00") {
				t.Errorf("%q has %+v", s, a)
			}
		}
		diversionsOf(req)
	})
}
