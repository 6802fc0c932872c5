package config

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestAClashOfCodesSaysWhatToChange: at the field, in both languages.
func TestAClashOfCodesSaysWhatToChange(t *testing.T) {
	const instead, fa = ": change this code to ", " که آزاد است تغییر دهید"
	for _, test := range []struct{ features, path, message, code string }{
		{`login: "*8"`, "features.login", "*8 also begins with the code *8 of features.pickup", "*45"},
		{`login: "*8"`, "features.pickup", "*8 also begins with the code *8 of features.login", "*10"},
		{`login: "*4"`, "features.disposition", "*48 also begins with the code *4 of features.login", "*10"}, // its usual one clashes
		{`prompts: "*28"`, "features.prompts", "*28 is taken by switches[0]", "*77"},
		{`prompts: "*2"`, "features.prompts", "*2 also begins the internal number *28 of switches[0]", "*77"},
		{`record: "*2"`, "features.record_pause", "*2 also begins with the code *2 of features.record", "*1"},
		{`record: "*0"`, "features.help", "*0 also begins with the code *0 of features.record", "*1"},
	} {
		_, err := Parse("f", []byte(strings.Replace(keysFile, "features: {", "features: {"+test.features+", ", 1)))
		var ps Problems
		if !errors.As(err, &ps) {
			t.Fatalf("%s: %v", test.features, err)
		}
		found := false
		for _, p := range ps {
			found = found || p.Path == test.path && p.Message == test.message+instead+test.code+", which is free" && strings.HasSuffix(p.Persian, test.code+fa)
		}
		if !found {
			t.Errorf("%s: no %s: %s%s%s in\n%v", test.features, test.path, test.message, instead, test.code, err)
		}
	}
}

// TestCodesThatClashCanBeMended: one change after another, as each error says, comes to
// codes that do not clash.
func TestCodesThatClashCanBeMended(t *testing.T) {
	advice := regexp.MustCompile(`change this code to (\S+), which is free$`)
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		cfg, err := Parse("keys.yaml", []byte(keysFile))
		if err != nil {
			t.Fatal(err)
		}
		cfg.Extensions[0].Voicemail.Enabled = true
		f := &cfg.Features
		fields := map[string]*string{"features.login": &f.Login, "features.pause": &f.Pause, "features.pickup": &f.Pickup, "features.listen": &f.Listen,
			"features.whisper": &f.Whisper, "features.barge": &f.Barge, "features.wrap_up": &f.WrapUp, "features.disposition": &f.Disposition,
			"features.take": &f.Take, "features.take_over": &f.TakeOver, "features.voicemail": &f.Voicemail, "features.voicemail_any": &f.VoicemailAny,
			"features.prompts": &f.Prompts, "features.record": &f.Record, "features.record_pause": &f.RecordPause, "features.help": &f.Help}
		for _, path := range []string{"features.login", "features.take", "features.barge", "features.record", "features.help"} {
			*fields[path] = []string{"*4", "*45", "*9", "*28", "70", "*1", "*77", "*2", "*10"}[rnd.IntN(9)]
		}
		for range len(fields) {
			ps := cfg.problems()
			if len(ps) == 0 {
				break
			}
			said := advice.FindStringSubmatch(ps[0].Message)
			if field := fields[ps[0].Path]; field == nil || said == nil {
				break
			} else {
				*field = said[1]
			}
		}
		if ps := cfg.problems(); len(ps) > 0 {
			t.Errorf("seed %d: %v with %+v", seed, ps, *f)
		}
	}
}
