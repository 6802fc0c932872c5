package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDemoEnv(t *testing.T) {
	name := filepath.Join(t.TempDir(), "demo.env")
	const text = "SIP_HOST=127.0.0.1\nSIP_PORT=5061\n# a comment=x\nUSER_A=1001\nPASS_A=\"one\"\nUSER_B=1002\nPASS_B=two\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	vars, err := readEnv(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("OTHER", "three")
	for _, x := range []struct {
		f    common
		want string
	}{
		{common{user: "1001"}, "one"}, {common{user: "1002"}, "two"}, {common{user: "1001", passEnv: "PASS_B"}, "two"},
		{common{user: "1003", passEnv: "OTHER"}, "three"}, {common{user: "1003"}, ""},
	} {
		if got := x.f.password(vars); got != x.want {
			t.Errorf("password of %s is %q, want %q", x.f.user, got, x.want)
		}
	}
}

func TestWrongCommands(t *testing.T) {
	for _, args := range [][]string{nil, {"dance"}, {"call"}, {"call", "--to", "1", "--env", "/nowhere"}, {"phone", "--server", "x"}} {
		if run(t.Context(), args) == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}
