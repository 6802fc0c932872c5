package mdns

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/need"
)

const childEnv = "PASOKH_MDNS_CHILD"

// TestMain is also a box in a network of its own, which writes down what it is called.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	b := New(Options{Clock: clock.System(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Name: "pasokh", Title: "Pasokh of the test", Port: 443, TLS: true})
	go func() {
		said := ""
		for clock.System().Sleep(ctx, time.Now().Add(50*time.Millisecond)) {
			if host := b.Host(); host != said {
				said = host
				fmt.Println("host", host)
			}
		}
	}()
	_ = b.Run(ctx)
}

// link is two network namespaces with a cable between them: the box's, and a person's.
type link struct {
	*testing.T
	box, person string
}

func (l *link) sh(script string) {
	l.Helper()
	if out, err := exec.Command("sh", "-ec", script).CombinedOutput(); err != nil {
		need.Missing(l, fmt.Sprintf("networks cannot be made here: %v %s", err, out))
	}
}

func newLink(t *testing.T) *link {
	need.Program(t, "ip")
	need.Module(t, "zeroconf")
	id := fmt.Sprint(os.Getpid())
	l := &link{t, "pasokh-box-" + id, "pasokh-who-" + id}
	t.Cleanup(func() { _ = exec.Command("sh", "-c", "ip netns del "+l.box+"; ip netns del "+l.person).Run() })
	l.sh(fmt.Sprintf(`ip netns add %[1]s; ip netns add %[2]s
		ip link add mb%[3]s netns %[1]s type veth peer name mp%[3]s netns %[2]s
		ip -n %[1]s addr add 10.98.0.1/24 dev mb%[3]s; ip -n %[2]s addr add 10.98.0.2/24 dev mp%[3]s
		ip -n %[1]s link set mb%[3]s up; ip -n %[2]s link set mp%[3]s up; ip -n %[2]s link set lo up
		ip -n %[1]s route add 224.0.0.0/4 dev mb%[3]s; ip -n %[2]s route add 224.0.0.0/4 dev mp%[3]s`, l.box, l.person, id))
	return l
}

// start runs a program in one of the networks; its lines are given to who asks.
func (l *link) start(network string, env []string, words ...string) (lines func(begin string) string, stop func()) {
	l.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", network}, words...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		l.Fatal(err)
	}
	all := make(chan string, 100)
	go func() {
		defer close(all)
		for in := bufio.NewScanner(out); in.Scan(); {
			all <- in.Text()
		}
	}()
	stop = func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	}
	l.Cleanup(stop)
	return func(begin string) string {
		l.Helper()
		for limit := time.After(30 * time.Second); ; {
			select {
			case line, ok := <-all:
				if rest, is := strings.CutPrefix(line, begin+" "); is {
					return rest
				} else if !ok {
					l.Fatalf("%v ended without %q", words, begin)
				}
			case <-limit:
				l.Fatalf("%v does not say %q", words, begin)
			}
		}
	}, stop
}

// browser is python-zeroconf: it tells of each service that comes and goes.
const browser = `
import time
from zeroconf import Zeroconf, ServiceBrowser
z = Zeroconf(interfaces=["10.98.0.2"])
class Listener:
    def add_service(self, z, kind, name):
        i = z.get_service_info(kind, name, 5000)
        print("found", name, i.server, i.port, ",".join(i.parsed_addresses()), flush=True)
    def update_service(self, z, kind, name): pass
    def remove_service(self, z, kind, name): print("gone", name, flush=True)
print("ready now", flush=True)
ServiceBrowser(z, "_https._tcp.local.", Listener())
time.sleep(120)
`

// TestTheBoxIsFound by a program of others: its name, its page, and its leave.
func TestTheBoxIsFound(t *testing.T) {
	l := newLink(t)
	sees, _ := l.start(l.person, nil, need.Python, "-c", browser)
	sees("ready")
	says, stop := l.start(l.box, []string{childEnv + "=1"}, os.Args[0])
	if host := says("host"); host != "pasokh.local" {
		t.Errorf("called %q", host)
	}
	if found := sees("found"); !strings.HasPrefix(found, "Pasokh of the test._https._tcp.local. pasokh.local. 443 10.98.0.1") {
		t.Errorf("found %s", found)
	}
	// Another address: the box begins again, and is found there.
	l.sh(fmt.Sprintf("ip -n %s addr add 10.98.0.7/24 dev mb%d", l.box, os.Getpid()))
	if host := says("host"); host != "" {
		t.Errorf("called %q without a look at the new address", host)
	}
	if host := says("host"); host != "pasokh.local" {
		t.Errorf("called %q", host)
	}
	if found := sees("found"); !strings.Contains(found, "10.98.0.7") {
		t.Errorf("found %s", found)
	}
	stop()
	if gone := sees("gone"); gone != "Pasokh of the test._https._tcp.local." {
		t.Errorf("gone: %s", gone)
	}
}

// TestANameThatIsTaken by avahi: the box takes the next one.
func TestANameThatIsTaken(t *testing.T) {
	l := newLink(t)
	conf := filepath.Join(t.TempDir(), "avahi.conf")
	if err := os.WriteFile(conf, []byte("[server]\nhost-name=pasokh\nenable-dbus=no\nuse-ipv6=no\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Its own directory of state: another of this machine's may be at work.
	holds, _ := l.start(l.person, nil, "unshare", "-m", "sh", "-c", "mount -t tmpfs none /run; exec "+need.Program(t, "avahi-daemon")+
		" --no-drop-root --no-chroot --no-rlimits -f "+conf+" 2>&1 | sed -u 's/^.*Server startup complete.*/holds it/'")
	holds("holds")
	sees, _ := l.start(l.person, nil, need.Python, "-c", browser)
	sees("ready")
	says, _ := l.start(l.box, []string{childEnv + "=1"}, os.Args[0])
	if host := says("host"); host != "pasokh-2.local" {
		t.Errorf("called %q", host)
	}
	if found := sees("found"); !strings.Contains(found, " pasokh-2.local. 443 10.98.0.1") {
		t.Errorf("found %s", found)
	}
}
