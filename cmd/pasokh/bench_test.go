package main

import (
	"strings"
	"testing"
)

// TestTheBenchConfigurationIsGood also checks what the load drivers dial.
func TestTheBenchConfigurationIsGood(t *testing.T) {
	cfg, err := readConfig("../phonesim/bench.yaml")
	if err != nil {
		t.Fatal(err)
	}
	numbers := make(map[string]bool)
	for n := range cfg.Numbers() {
		numbers[n] = true
	}
	for _, n := range strings.Fields("1000 1999 2000 2001 3000 4000 4099 5000") {
		if !numbers[n] {
			t.Errorf("no %s", n)
		}
	}
	e, ok := cfg.Extension("1500")
	if !ok || e.Secret.Reveal() != "pw1500" { // what the drivers answer challenges with
		t.Error("the users are others")
	}
	r, ok := cfg.RouteFor("6000")
	if !ok || r.Dials("6000") != "6000" || !r.Lets("1000") {
		t.Errorf("6000 goes by %+v", r)
	}
}
