package e2e

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/need"
)

// TestReferenceOfTheInterface finds an operation, follows it to a type, and runs the example
// that the page shows.
func TestReferenceOfTheInterface(t *testing.T) {
	need.Program(t, "curl")
	si, _, _ := month(t)
	b := si.browse(t)
	b.do("signin")
	b.do("goto", "path", "/#/api")
	b.do("wait", "testid", "api-search")
	b.do("fill", "testid", "api-search", "value", "who is asking")
	b.until("document.querySelectorAll('details').length", 1.0)
	b.do("click", "testid", "api-getMe")
	b.until("document.querySelector('[data-testid=api-getMe] pre') !== null", true)
	b.sound("the reference")
	b.looks("reference-en")
	example, _ := b.do("eval", "script", "document.querySelector('[data-testid=api-getMe] pre').textContent").Value.(string)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", example+" -s").Output()
	if err != nil || !strings.Contains(string(out), `"claimed":true`) {
		t.Errorf("%s: %v %s", example, err, out)
	}
	b.do("lang", "lang", "fa")
	b.do("goto", "path", "/#/api/Me")
	b.until("document.querySelector('[data-testid=api-type]')?.textContent.includes('what he may do')", true)
	b.sound("a type")
	b.looks("reference-type-fa")
}
