// Package need finds the programs of others that tests ask: what they hear, read or
// count was written by people who never saw this box. Only tests import it.
//
// A person's machine may lack one: the test is skipped with the reason. CI (the
// environment has CI) must have them all: there the test fails.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Python is Debian's own, for which its packages of modules are.
const Python = "/usr/bin/python3"

// Program returns the path of a program.
func Program(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Missing(t, program+" is not installed (make tools)")
	}
	return path
}

// Module wants a module of [Python].
func Module(t testing.TB, module string) {
	t.Helper()
	if out, err := exec.Command(Python, "-c", "import "+module).CombinedOutput(); err != nil {
		Missing(t, "Python has no "+module+": "+string(out))
	}
}

// Build returns the path of a program made from a file of C and a library of the
// system, as "spandsp". It lasts as long as the test.
func Build(t testing.TB, source, library string) string {
	t.Helper()
	Program(t, "gcc")
	program := filepath.Join(t.TempDir(), "oracle")
	if out, err := exec.Command("gcc", "-O2", "-o", program, source, "-l"+library).CombinedOutput(); err != nil {
		Missing(t, library+" is not installed for programs: "+string(out))
	}
	return program
}

// Missing ends a test that the machine cannot carry out.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
