package main

import (
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/pasokh/pasokh/"

// walls lists what a room may import of the house and of the world outside.
// A room is named by its path; the longest prefix of a package's path applies.
// What is not listed may not be imported.
var walls = map[string]struct {
	house   []string // prefixes of our own packages
	outside []string // prefixes of other modules
}{
	"firmware/clock":          {},
	"firmware/event":          {},
	"firmware/numbering":      {},
	"firmware/config":         {house: []string{"firmware/config", "firmware/calendar", "firmware/clock", "firmware/numbering", "firmware/event", "firmware/store"}, outside: []string{"github.com/goccy/go-yaml"}},
	"firmware/store":          {house: []string{"firmware/clock"}, outside: []string{"go.etcd.io/bbolt"}},
	"firmware/fold":           {},
	"firmware/xlsx":           {},
	"firmware/identity":       {house: []string{"firmware/"}, outside: []string{"golang.org/x/crypto", "github.com/pquerna/otp", "github.com/boombuler/barcode"}},
	"firmware/mdns":           {house: []string{"firmware/clock"}, outside: []string{"github.com/brutella/dnssd"}},
	"firmware/webhook":        {house: []string{"firmware/"}},
	"firmware/need":           {},
	"firmware/mail":           {house: []string{"firmware/"}, outside: []string{"github.com/wneessen/go-mail"}},
	"firmware/backup":         {house: []string{"firmware/"}, outside: []string{"filippo.io/age", "github.com/pkg/sftp", "golang.org/x/crypto/ssh"}},
	"firmware/setup":          {house: []string{"firmware/"}, outside: []string{"github.com/goccy/go-yaml"}},
	"firmware/disk":           {outside: []string{"golang.org/x/sys"}},
	"firmware/network":        {house: []string{"firmware/clock"}, outside: []string{"github.com/insomniacslk/dhcp", "github.com/vishvananda/netlink", "golang.org/x/sys"}},
	"firmware/watchdog":       {outside: []string{"golang.org/x/sys"}},
	"firmware":                {house: []string{"firmware/"}, outside: []string{"golang.org/x/crypto"}},
	"hal":                     {house: []string{"hal", "firmware/clock", "firmware/event"}},
	"telephony/call":          {house: []string{"firmware/clock", "firmware/event"}},
	"telephony/call/calltest": {house: []string{"firmware/clock", "telephony/call"}},
	"telephony/sdp":           {outside: []string{"github.com/pion/sdp/v3"}},
	"telephony/acd":           {house: []string{"telephony/call", "telephony/acd/wait"}},
	"telephony/acd/wait":      {},
	"telephony/acd/daybook":   {house: []string{"telephony/call", "telephony/acd"}},
	"telephony/media/g722":    {},
	"telephony/media/jitter":  {},
	"telephony/media/quality": {},
	"telephony/media/rtcp":    {outside: []string{"github.com/pion/rtcp"}},
	"telephony/media":         {house: []string{"firmware/clock", "telephony/call", "telephony/media/", "hal"}, outside: []string{"github.com/pion/rtp", "github.com/pion/srtp/v3", "github.com/zaf/g711", "golang.org/x/sys"}},
	"telephony/sound":         {house: []string{"telephony/media/g722"}, outside: []string{"github.com/hajimehoshi/go-mp3", "github.com/zaf/g711"}},
	"telephony/tune":          {},
	"telephony/jukebox":       {house: []string{"firmware/", "hal", "telephony/media", "telephony/sound", "telephony/tune"}},
	"telephony/sip":           {house: []string{"firmware/", "telephony/call", "telephony/sdp", "telephony/media", "telephony/sip"}, outside: []string{"github.com/emiago/sipgo", "github.com/icholy/digest", "github.com/gobwas/ws"}},
	"telephony/sip/locate":    {house: []string{"firmware/clock"}, outside: []string{"golang.org/x/net/dns/dnsmessage"}},
	"telephony/line":          {house: []string{"firmware/", "hal", "telephony/call", "telephony/media", "telephony/dialplan"}},
	"telephony/speech":        {house: []string{"firmware/calendar", "telephony/call"}, outside: []string{"github.com/zaf/g711"}},
	"telephony/dialplan":      {house: []string{"firmware/config", "firmware/numbering", "telephony/call"}},
	"telephony/ivr":           {house: []string{"firmware/config", "telephony/call", "telephony/speech"}},
	"telephony/night":         {house: []string{"firmware/"}},
	"telephony/park":          {house: []string{"firmware/config", "telephony/call", "telephony/speech"}},
	"telephony/studio":        {house: []string{"firmware/config", "telephony/call", "telephony/speech"}},
	"telephony/record":        {house: []string{"firmware/", "telephony/call", "telephony/sound", "telephony/speech"}, outside: []string{"github.com/zaf/g711"}},
	"telephony/voicemail":     {house: []string{"firmware/", "telephony/call", "telephony/sound", "telephony/speech"}, outside: []string{"github.com/zaf/g711"}},
	"telephony/conference":    {house: []string{"firmware/clock", "firmware/config", "firmware/event", "telephony/call", "telephony/speech"}},
	"telephony/ledger":        {house: []string{"firmware/", "telephony/call", "telephony/acd", "telephony/speech"}},
	"telephony/bulletin":      {house: []string{"firmware/", "telephony/figures"}},
	"telephony/figures":       {house: []string{"firmware/", "telephony/call", "telephony/ledger", "telephony/staffing"}},
	"telephony/whatif":        {house: []string{"firmware/clock", "firmware/config", "telephony/call", "telephony/acd", "telephony/figures", "telephony/ledger"}},
	"telephony/staffing":      {},
	"telephony/queue":         {house: []string{"firmware/", "telephony/call", "telephony/acd", "telephony/speech"}},
	"telephony/exchange":      {house: []string{"firmware/", "telephony/call", "telephony/dialplan", "telephony/ivr", "telephony/speech"}},
	"telephony/trial":         {house: []string{"firmware/", "telephony/call", "telephony/conference", "telephony/exchange", "telephony/media", "telephony/night", "telephony/park", "telephony/queue", "telephony/speech", "telephony/voicemail"}},
	"webui":                   {house: []string{"firmware/", "telephony/", "webui"}, outside: []string{"golang.org/x/net/netutil"}},
	"cmd/phonesim":            {house: []string{"firmware/clock", "cmd/phonesim", "telephony/sdp"}, outside: []string{"github.com/emiago/sipgo", "github.com/icholy/digest", "github.com/pion/", "github.com/zaf/g711"}},
	"cmd/boxinit":             {house: []string{"firmware/"}, outside: []string{"github.com/beevik/ntp", "golang.org/x/sys"}},
	"cmd/boximage":            {house: []string{"firmware/"}, outside: []string{"github.com/goccy/go-yaml"}},
	"cmd/mkprompts":           {house: []string{"telephony/speech"}, outside: []string{"github.com/zaf/g711"}},
	"cmd/pasokh":              {house: []string{"firmware/", "hal", "telephony/", "webui"}},
}

// siblings never import each other, whatever their walls say.
var siblings = []string{"telephony/sip", "telephony/line", "telephony/browser"}

func under(path, room string) bool {
	return path == room || strings.HasPrefix(path, strings.TrimSuffix(room, "/")+"/")
}

func TestDoorsOpenOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 10 {
		t.Fatalf("go list found only %d packages", len(lines))
	}
	for _, line := range lines {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module)
		room, found := "", false
		for name := range walls {
			if under(pkg, name) && len(name) > len(room) {
				room, found = name, true
			}
		}
		if !found {
			t.Errorf("%s stands in no room of the house: add it to walls", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			checkDoor(t, pkg, room, imported)
		}
	}
}

func checkDoor(t *testing.T, pkg, room, imported string) {
	own, isHouse := strings.CutPrefix(imported, module)
	allowed := walls[room].outside
	if isHouse {
		allowed = walls[room].house
		for _, s := range siblings {
			if under(own, s) && !under(pkg, s) && pkg != "cmd/pasokh" && !under(pkg, "webui") {
				t.Errorf("%s imports %s: protocol rooms know only telephony/call of each other", pkg, own)
			}
		}
	} else if !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		return // standard library
	} else {
		own = imported
	}
	for _, prefix := range allowed {
		if under(own, prefix) || strings.HasPrefix(own, prefix) && strings.HasSuffix(prefix, "/") {
			return
		}
	}
	t.Errorf("%s imports %s: that door does not open this way", pkg, own)
}

func TestEveryPackageHasItsComment(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range strings.Fields(string(out)) {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		sources, comments := 0, 0
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			sources++
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc != nil {
				comments++
			}
		}
		if sources > 0 && comments != 1 {
			t.Errorf("%s has %d package comments, want one", dir, comments)
		}
	}
}
