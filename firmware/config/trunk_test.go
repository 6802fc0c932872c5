package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// trunked is the shop with a provider, a peer and ways out.
const trunked = `
trunks:
  - name: telco
    servers: [sip.telco.example, "192.0.2.7:5070"]
    transport: tcp
    user: "02188776655"
    secret: abc
    register: true
    caller_id: "+982188776655"
    max_calls: 8
    codecs: [PCMU]
    srtp: optional
    destination: 500
    dids: {"02188776600": 1001}
  - name: gateway
    servers: [192.0.2.20]
    sources: [192.0.2.20, 198.51.100.0/24]
    destination: 700
routes:
  - name: out
    prefix: 9
    strip: 1
    trunks: [telco, gateway]
    extensions: [1001]
  - name: abroad
    prefix: 900
    strip: 3
    prepend: "+"
    trunks: [gateway]
`

func TestTrunksAndRoutesComeBackFromTheirExport(t *testing.T) {
	c, err := Parse("shop.yaml", append(shop(t), trunked...))
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("export.yaml", data)
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	telco, _ := c.Trunk("telco")
	if diff := cmp.Diff([]HostPort{{"sip.telco.example", 0}, {"192.0.2.7", 5070}}, telco.Hops()); diff != "" {
		t.Error(diff)
	}
	if telco.Host() != "sip.telco.example" {
		t.Errorf("host is %s", telco.Host())
	}
	gateway, _ := c.Trunk("gateway")
	if p := gateway.Prefixes(); gateway.Transport != UDP || len(p) != 2 || p[0].String() != "192.0.2.20/32" {
		t.Errorf("gateway is %+v", gateway)
	}
	for number, want := range map[string]string{"90912": "out 0912", "900442": "abroad +442", "9": "", "8": ""} {
		got := ""
		if r, ok := c.RouteFor(number); ok {
			got = r.Name + " " + r.Dials(number)
		}
		if got != want {
			t.Errorf("%s goes %q, want %q", number, got, want)
		}
	}
	out, _ := c.RouteFor("90912")
	if !out.Lets("1001") || out.Lets("1002") || out.Lets("") {
		t.Error("the route does not keep to its extensions")
	}
}

func TestEveryMistakeOfATrunkIsNamed(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"name: gateway", "name: telco", "trunks[1].name: telco is taken by trunks[0]"},
		{"transport: tcp", "transport: ws", `trunks[0].transport: no transport "ws": choose udp, tcp, tls or auto`},
		{"codecs: [PCMU]", "tls_verify: no", `trunks[0].tls_verify: no way "no" to check a certificate`},
		{"codecs: [PCMU]", "tls_ca: nonsense", `trunks[0].tls_ca: no certificate in PEM form`},
		{"codecs: [PCMU]", "numbers: local", `trunks[0].numbers: no way "local" to write numbers`},
		{"1001}", "1001, \"+982188776600\": 1001}", "is the same number as +982188776600"},
		{"    prefix: 900", "    caller_id: me\n    prefix: 900", `routes[1].caller_id: "me" is not a number`},
		{"sip.telco.example,", "\"sip.telco.example:0\",", `trunks[0].servers[0]: "sip.telco.example:0" is not a host or host:port`},
		{"user: \"02188776655\"", "user: \"\"", "trunks[0].user: must not be empty"},
		{"192.0.2.7:5070", "192.0.2.7:99999", `trunks[0].servers[1]: "192.0.2.7:99999" is not a host or host:port`},
		{"198.51.100.0/24", "198.51.100.0/40", `trunks[1].sources[1]: "198.51.100.0/40" is not an IP address or prefix`},
		{"destination: 700", "destination: 701", "trunks[1].destination: no extension, menu, queue, conference or service 701"},
		{"{\"02188776600\": 1001}", "{\"02188776600\": 1009}", "trunks[0].dids.02188776600: no extension, menu, queue, conference or service 1009"},
		{"codecs: [PCMU]", "codecs: [G729]", `trunks[0].codecs[0]: no codec "G729": choose PCMA, PCMU or G722`},
		{"trunks: [gateway]", "trunks: [gatewya]", "routes[1].trunks[0]: no trunk gatewya"},
		{"    servers: [192.0.2.20]\n", "", "trunk gateway has no server to send calls to"},
		{"extensions: [1001]", "extensions: [1009]", "routes[0].extensions[0]: no extension 1009"},
		{"prefix: 900", "prefix: 10", "routes[1].prefix: 10 also begins the internal number 1001 of extensions[0]"},
		{"prefix: 900", "prefix: 9", "routes[1].prefix: 9 is taken by routes[0]"},
		{"prepend: \"+\"", "prepend: x", `routes[1].prepend: "x" is not a number`},
	} {
		text := strings.Replace(trunked, c.old, c.new, 1)
		if text == trunked {
			t.Fatalf("%q is not there", c.old)
		}
		_, err := Parse("shop.yaml", append(shop(t), text...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v\nwant %s", c.new, err, c.want)
		}
		if p, ok := err.(Problems); ok && (p[0].Line == 0 || p[0].Persian == "" || strings.Contains(p[0].Persian, "%!")) {
			t.Errorf("%+v", p[0])
		}
	}
}

func TestAMaskedTrunkKeepsItsPassword(t *testing.T) {
	c, err := Parse("shop.yaml", append(shop(t), trunked...))
	if err != nil {
		t.Fatal(err)
	}
	shown := *c
	shown.Trunks = append([]Trunk(nil), c.Trunks...)
	shown.Trunks[0].Secret = masked
	if shown.Validate() == nil {
		t.Error("a mask passes for a password")
	}
	shown.KeepSecrets(c)
	if err := shown.Validate(); err != nil || shown.Trunks[0].Secret != "abc" {
		t.Errorf("%v, %q", err, string(shown.Trunks[0].Secret))
	}
}
