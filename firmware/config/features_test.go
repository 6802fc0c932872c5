package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const keysFile = `schema: 1
extensions: [{number: 1001, group: shop}, {number: 1002, group: shop}, {number: 1003}]
lines: [{port: fxo1, destination: 700, night: {switch: "*28", destination: 1003}}]
trunks: [{name: telco, servers: [sip.example], destination: 700, night: {switch: "*28", destination: 1003}}]
menus: [{number: 500, greeting: [welcome], otherwise: 700, night: {switch: "*29", destination: 1003}}]
queues: [{number: 700, agents: [1001], night: {switch: "*28", destination: 1003}}]
switches: [{number: "*28", name: Night}, {number: "*29", name: Holiday}]
features: {pause_reasons: {2: lunch}}
parking: {number: "720", first: "098", slots: 4, time_out: 90s}
`

func TestParseReadsFeatures(t *testing.T) {
	cfg, err := Parse("keys.yaml", []byte(keysFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"098", "099", "100", "101"}, cfg.Parking.Numbers()); diff != "" {
		t.Error(diff)
	}
	if cfg.Menus[0].Night != (Night{Switch: "*29", Destination: "1003"}) || cfg.Lines[0].Night != cfg.Queues[0].Night || cfg.Trunks[0].Night != cfg.Queues[0].Night {
		t.Errorf("nights are %+v", cfg.Menus[0].Night)
	}
	a, b, c := &cfg.Extensions[0], &cfg.Extensions[1], &cfg.Extensions[2]
	if !a.PicksUp(b) || a.PicksUp(c) {
		t.Error("only those of one group pick each other's calls up")
	}
	text, err := cfg.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(cfg.Parking, again.Parking); diff != "" {
		t.Error(diff)
	}
	if cfg.Features.PauseReasons["2"] != again.Features.PauseReasons["2"] || again.Lines[0].Night.Destination != "1003" {
		t.Errorf("written and read back: %+v", again)
	}
	if plain, _ := Default().YAML(); strings.Contains(string(plain), "night") {
		t.Errorf("a box without a night writes one:\n%s", plain)
	}
}

func TestFeature(t *testing.T) {
	cfg, err := Parse("keys.yaml", []byte(keysFile))
	if err != nil {
		t.Fatal(err)
	}
	for dialled, want := range map[string]Feature{
		"*45": {Kind: Login}, "*45700": {Kind: Login, Number: "700"},
		"*46": {Kind: Pause}, "*46700": {Kind: Pause, Number: "700"}, "*46*2": {Kind: Pause, Reason: "2"}, "*46700*12": {Kind: Pause, Number: "700", Reason: "12"},
		"*8": {Kind: Pickup}, "*81002": {Kind: Pickup, Number: "1002"},
		"*77": {Kind: Prompts}, "*772000": {Kind: Prompts, Number: "2000"},
	} {
		if got, ok := cfg.Feature(dialled); !ok || got != want {
			t.Errorf("%s is %+v %v, want %+v", dialled, got, ok, want)
		}
	}
	for _, dialled := range []string{"", "*4", "*45701", "*46*x", "*46*12345", "*84444", "*77*1", "*7712345", "45", "1001"} {
		if got, ok := cfg.Feature(dialled); ok {
			t.Errorf("%q is %+v", dialled, got)
		}
	}
	for number, want := range map[string]bool{"1001": true, "*28": true, "098": true, "*45": true, "*46700": true, "*81001": false, "700": false, "720": false} {
		if cfg.Lamp(number) != want {
			t.Errorf("a lamp for %s: %v", number, !want)
		}
	}
}

func TestFeaturesAreChecked(t *testing.T) {
	for _, test := range []struct{ old, new, path, message string }{
		{"features: {", `features: {login: "*8", `, "features.pickup", "begins with the code"},
		{"features: {", `features: {login: "70", `, "features.login", "begins the internal number 700"},
		{"features: {", `features: {prompts: "*28", `, "features.prompts", "taken by switches[0]"},
		{"features: {", `features: {prompts_pin: "12", `, "features.prompts_pin", "4 to 12 digits"},
		{"features: {", `features: {pause: "*28", `, "features.pause", "taken by switches[0]"},
		{"features: {", `features: {pickup: "8a", `, "features.pickup", "not a number"},
		{"{2: lunch}", "{x: lunch}", "features.pause_reasons.x", "not a reason"},
		{`first: "098"`, `first: "699"`, "parking.first", "700 is taken"},
		{`first: "098"`, `first: "*98"`, "parking.first", "not a number of digits"},
		{`, first: "098"`, ``, "parking.first", "must not be empty"},
		{"slots: 4", "slots: 0", "parking.slots", "from 1 to 100"},
		{"time_out: 90s", "time_out: 5s", "parking.time_out", "from 10s to 1h"},
		{"otherwise: 700", "otherwise: 098", "menus[0].otherwise", "no extension"},
		{"otherwise: 700", `otherwise: "*28"`, "menus[0].otherwise", "no extension"},
		{`night: {switch: "*29"`, `night: {switch: "*27"`, "menus[0].night.switch", "no switch"},
		{`{switch: "*29", destination: 1003}`, `{switch: "*29", destination: 500}`, "menus[0].night.destination", "back to itself"},
		{`{switch: "*29", destination: 1003}`, `{switch: "*29"}`, "menus[0].night.destination", "must not be empty"},
		{"group: shop", `group: "The Shop"`, "extensions[0].group", "not a name"},
	} {
		text := strings.Replace(keysFile, test.old, test.new, 1)
		if text == keysFile {
			t.Fatalf("nothing replaced for %s", test.new)
		}
		_, err := Parse("f", []byte(text))
		if err == nil || !strings.Contains(err.Error(), test.path+": ") || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v, want %s: %s", test.new, err, test.path, test.message)
		}
	}
}

func FuzzFeature(f *testing.F) {
	cfg, err := Parse("keys.yaml", []byte(keysFile))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"*45", "*45700", "*46700*2", "*46**", "*81002", "*8*", "*770", "*471", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, dialled string) {
		got, ok := cfg.Feature(dialled)
		_, queue := cfg.Queue(got.Number)
		_, ext := cfg.Extension(got.Number)
		known := queue || ext || got.Kind == Prompts // whose number is a prompt's
		if ok && (got.Number != "" && !known || len(got.Reason) > 4 || got.Reason != "" && got.Kind != Pause && got.Kind != WrapUp && got.Kind != Disposition) {
			t.Errorf("%q is %+v", dialled, got)
		}
	})
}
