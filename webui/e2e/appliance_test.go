package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/bundle"
	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/webui/webtest"
)

// ofAppliance is the page of a box that has its network and its updates in its own hand.
func ofAppliance(t *testing.T, one *webtest.Chief) *browser {
	t.Helper()
	box := webtest.New(webtest.Quiet(time.Now()))
	stop, err := box.Settle(t.TempDir(), webtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	box.Chief = one
	b := open(t, box).browse(t)
	b.do("signin")
	b.do("goto", "path", "/#/settings")
	b.do("eval", "script", "window.confirm = () => true")
	return b
}

// box is what process 1 says of it.
func box(t *testing.T, c *webtest.Chief) chief.Box {
	t.Helper()
	b, err := c.Box(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTheApplianceIsServedOnThePage moves the box to another address and keeps it there,
// updates it, restarts it, and has it forget everything; in both languages and all sizes.
func TestTheApplianceIsServedOnThePage(t *testing.T) {
	var one webtest.Chief
	b := ofAppliance(t, &one)
	file := filepath.Join(t.TempDir(), "next.update")
	if err := os.WriteFile(file, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tongue := range []struct{ lang, address, vlan, waits, back string }{
		{"en", "length of its network", "in digits", "written and checked", "is back"},
		{"fa", "با طول شبکه", "با رقم", "بررسی شد", "برگشت"},
	} {
		b.do("lang", "lang", tongue.lang)
		b.sees("settings-system", "") // then the list moves no more
		b.do("click", "testid", "settings-appliance")
		b.do("select", "testid", "network-how", "value", "fixed")
		b.do("fill", "testid", "network-fixed", "value", "")
		b.do("click", "testid", "network-save")
		b.sees("network-fixed-wrong", tongue.address)
		b.do("fill", "testid", "network-fixed", "value", "۱۹۲.۰.۲.۲۰/۲۴")
		b.do("fill", "testid", "network-vlan", "value", "x")
		b.do("click", "testid", "network-save")
		b.sees("network-vlan-wrong", tongue.vlan)
		b.do("fill", "testid", "network-vlan", "value", "۷")
		b.do("fill", "testid", "network-dns", "value", "192.0.2.1، 192.0.2.2")
		b.do("click", "testid", "network-save")
		b.sees("network-trial", "")
		b.sees("network-elsewhere", "https://192.0.2.20/")
		b.sees("network-address", "192.0.2.20/24")
		if s := box(t, &one).Network.Settings; s.VLAN != 7 || len(s.DNS) != 2 {
			t.Errorf("the box was told %+v", s)
		}
		b.do("goto", "path", "/#/calls") // the banner is wherever somebody arrives
		b.do("click", "testid", "network-keep")
		b.do("wait", "testid", "network-trial", "gone", true)
		b.do("goto", "path", "/#/settings/appliance")

		b.do("file", "testid", "update-file", "path", file)
		b.sees("update-waiting", tongue.waits)
		for _, size := range []struct{ name, width, height any }{{"tv", 1920, 1080}, {"tablet", 820, 1180}, {"phone", 390, 844}, {"desk", 1280, 900}} {
			b.do("size", "width", size.width, "height", size.height, "dark", size.name == "tv")
			if wide := b.do("eval", "script", "document.documentElement.scrollWidth - innerWidth").Value; wide != 0.0 {
				t.Errorf("%v px wider than a %s", wide, size.name)
			}
			if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
				b.do("screenshot", "path", filepath.Join(dir, fmt.Sprintf("appliance-%s-%s.png", tongue.lang, size.name)), "full", true)
			}
			b.do("axe")
		}
		b.do("click", "testid", "appliance-restart")
		b.sees("appliance-restarting", tongue.back)
		b.do("wait", "testid", "forget-do", "enabled", false)
		b.do("fill", "testid", "forget-name", "value", box(t, &one).Board)
		b.do("wait", "testid", "forget-do", "enabled", false)
		b.do("fill", "testid", "forget-name", "value", "Demo shop")
		b.do("click", "testid", "forget-do")
		b.do("wait", "testid", "appliance-restarting", "state", "away")
		b.do("reload")
		b.do("eval", "script", "window.confirm = () => true")
	}
	want := []string{"network", "confirm", "update", "restart", "forget"}
	if asked := one.Asked(); !slices.Equal(asked, append(want, want...)) {
		t.Errorf("process 1 was asked for %v", asked)
	}
}

// TestARefusedUpdateSaysWhy, and where there is no appliance there is no page of it.
func TestARefusedUpdateSaysWhy(t *testing.T) {
	b := ofAppliance(t, &webtest.Chief{Refusal: bundle.ErrSignature})
	file := filepath.Join(t.TempDir(), "foreign.update")
	if err := os.WriteFile(file, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do("goto", "path", "/#/settings/appliance")
	b.do("file", "testid", "update-file", "path", file)
	b.sees("update-fault", "not signed")

	b = settled(t).browse(t)
	b.do("signin")
	b.do("goto", "path", "/#/settings")
	b.sees("settings-system", "")
	b.do("wait", "testid", "settings-appliance", "gone", true)
}
