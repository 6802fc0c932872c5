package config

import (
	"strings"
	"testing"
)

func TestNumbersForHelpAreChecked(t *testing.T) {
	c := Default()
	c.Extensions = []Extension{{Number: "1001", RingFor: Duration(20e9)}}
	c.System.Emergency = []string{"123", "1001", "help"}
	err := c.Validate()
	for _, want := range []string{"system.emergency[1]: 1001 is taken by extensions[0]", "system.emergency[2]"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "emergency[0]") {
		t.Error(err)
	}
}
