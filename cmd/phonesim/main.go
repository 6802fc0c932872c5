// Phonesim is telephones from the command line, for tests and the demo: a SIP
// phone that answers, one that calls, and a caller on one of the demo's simulated
// lines. Every event is a line of JSON on standard output; the last one measures
// the sound that was heard.
//
//	phonesim phone --server 127.0.0.1:5060 --user 1002 --pass-env PASS_B --answer-after 2s --talk 10s --tone 1000
//	phonesim call --env var/demo.env --user 1001 --to 600 --talk 5s --keys 1 --after 3s --record heard.wav
//	phonesim line --env var/demo.env --port fxo1 --number 02188776655 --keys 1 --talk 30s --record heard.wav
//	phonesim load --server 127.0.0.1:5060 --pid 4711 --users 100 --calls 500 --rate 50
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "phonesim:", err)
		os.Exit(1)
	}
}

const usage = "usage: phonesim phone|call|line|load [flags]; -h lists the flags of each"

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	switch args[0] {
	case "phone":
		return answering(ctx, args[1:])
	case "call":
		return calling(ctx, args[1:])
	case "line":
		return lineCaller(ctx, args[1:])
	case "load":
		return load(ctx, args[1:])
	case "floor":
		return floor(args[1:])
	}
	return errors.New(usage)
}

// common are the flags of every command.
type common struct {
	env, server, domain, user, passEnv, name, address, network, algorithm, codec string
	tone, measure                                                                int
	record                                                                       string
}

func (f *common) flags(fs *flag.FlagSet) {
	fs.StringVar(&f.env, "env", "", "file that the demo box writes: server, domain and passwords")
	fs.StringVar(&f.server, "server", "127.0.0.1:5060", "SIP server, host:port")
	fs.StringVar(&f.domain, "domain", "", "SIP domain (default: the server's host)")
	fs.StringVar(&f.user, "user", "1001", "extension, or A, B, C of --env")
	fs.StringVar(&f.passEnv, "pass-env", "", "variable of --env or the environment with the password")
	fs.StringVar(&f.name, "name", "", "display name")
	fs.StringVar(&f.address, "address", "127.0.0.1", "address to send from")
	fs.StringVar(&f.network, "network", "UDP", "UDP or TCP")
	fs.StringVar(&f.algorithm, "algorithm", "", "only digest algorithm: MD5 or SHA-256")
	fs.StringVar(&f.codec, "codec", "PCMA", "PCMA or PCMU")
	fs.IntVar(&f.tone, "tone", 0, "tone to send, in Hz")
	fs.IntVar(&f.measure, "measure", 1000, "tone to look for in what is heard, in Hz")
	fs.StringVar(&f.record, "record", "", "WAV file for what is heard")
}

// open opens the phone that the flags describe.
func (f *common) open(incoming func(*phone.Call)) (*phone.Phone, error) {
	vars, err := readEnv(f.env)
	if err != nil {
		return nil, err
	}
	if number, ok := vars["USER_"+f.user]; ok { // --user B
		f.user = number
	}
	if f.env != "" {
		f.server = vars["SIP_HOST"] + ":" + vars["SIP_PORT"]
		if f.domain == "" {
			f.domain = vars["SIP_DOMAIN"]
		}
	}
	address, err := netip.ParseAddr(f.address)
	if err != nil {
		return nil, fmt.Errorf("--address: %w", err)
	}
	return phone.Open(phone.Options{Server: f.server, Domain: f.domain, User: f.user, Password: f.password(vars),
		Name: f.name, Address: address, Network: strings.ToUpper(f.network), Algorithm: f.algorithm, Codec: f.codec,
		Tone: f.tone, Incoming: incoming, Event: printer()})
}

// password is the variable named by --pass-env, or the one of the demo's user.
func (f *common) password(vars map[string]string) string {
	name := f.passEnv
	for _, letter := range []string{"A", "B", "C"} {
		if name == "" && vars["USER_"+letter] == f.user {
			name = "PASS_" + letter
		}
	}
	if v, ok := vars[name]; ok {
		return v
	}
	return os.Getenv(name)
}

// finish prints what a call has heard.
func (f *common) finish(c *phone.Call) error {
	heard := c.Audio().Measure(f.measure, 0)
	printer()(phone.Event{At: time.Now(), Phone: f.user, Event: "audio", Audio: &heard})
	if f.record == "" {
		return nil
	}
	if err := c.Audio().Save(f.record); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

var output sync.Mutex

func printer() func(phone.Event) {
	return func(e phone.Event) {
		output.Lock()
		defer output.Unlock()
		_ = json.NewEncoder(os.Stdout).Encode(e)
	}
}

// readEnv reads KEY=value lines.
func readEnv(name string) (map[string]string, error) {
	vars := make(map[string]string)
	if name == "" {
		return vars, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--env: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(k, "#") {
			vars[k] = strings.Trim(v, `"'`)
		}
	}
	return vars, nil
}
