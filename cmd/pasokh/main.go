// Command pasokh is the box's one program.
//
// `pasokh serve` is the daemon; it wires the rooms of the house together. The
// other commands talk to it over the socket in its data directory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // an appliance has no zone files
)

// version is set by the linker.
var version = "dev"

type command struct {
	name, help string
	run        func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "run the box: pasokh serve [--demo] [--data DIR] [--config FILE] ...", serve},
		{"calls", "list finished calls, or tell one call's story: pasokh calls [list [--from DAY] [--to DAY] [--number N] [--queue N] [--agent N] [--result R] [--csv]] | show [--sip] ID | explain ID", calls},
		{"report", "figures of queues: pasokh report day | week | month [--month 1405-08] [--from DAY] [--to DAY] [--queue N] [--agent N] [--by hour|day|queue|agent|number|way] [--csv] [--lang fa]", report},
		{"trace", "watch SIP live: pasokh trace --phone NUMBER | --trunk NAME | --from ADDRESS [--pcap FILE] [--for 1m]", watch},
		{"switch", "turn a switch for the night: pasokh switch NUMBER on | off | day", turnSwitch},
		{"callbacks", "who waits to be called back: pasokh callbacks [add QUEUE NUMBER [TIME] | slots QUEUE | now ID | book ID TIME | withdraw ID]", callbacks},
		{"queue", "agents and callers in line: pasokh queue agents | login|logout|pause|resume AGENT [--queue N] [--reason R] | wrap-up AGENT [--minutes N] | move CALL [QUEUE] [--first] | take CALL SUPERVISOR", queues},
		{"bans", "list who is shut out, or let somebody in: pasokh bans [lift ADDRESS]", bans},
		{"media", "what the sound of calls does: pasokh media [--levels] | record LEG FILE.wav [--for 10s]", mediaCommand},
		{"flows", "voice menus, their drafts and history: pasokh flows list | show NUMBER | draft FILE | publish NUMBER | discard NUMBER | rollback NUMBER REVISION", flows},
		{"sounds", "music and own prompts: pasokh sounds list | add FILE [--name TEXT] [--prompt fa/welcome] | remove ID", sounds},
		{"speech", "what the box says: pasokh speech list | missing [--lang fa] | say [--lang fa] money 125000 [--wav FILE]", speak},
		{"recordings", "list recordings, save or delete one: pasokh recordings [--day 2026-11-22] [--number N] [--agent N] | save ID FILE | delete ID", recordings},
		{"voicemail", "voice messages: pasokh voicemail [list] [--box NUMBER] | save BOX ID FILE | delete BOX ID | heard BOX ID | new BOX ID", voiceMessages},
		{"try", "what would become of a call: pasokh try --to NUMBER [--from NUMBER] [--at \"Friday 18:40\"] [--keys \"2 1001#\"] [--phones 1002=4s,1003=busy] [--draft] [--wav FILE]", try},
		{"staffing", "how many agents a load needs (Erlang A), given or as recorded days tell: pasokh staffing --calls PER-HOUR [--handle 3m] [--patience 2m] | --queue 700 --day sat [--weeks 4] [--lang fa]; [--target 80/20] [--abandoned 5]", staff},
		{"whatif", "what would have become of a recorded day: pasokh whatif --day 2026-11-20 [--queue 700] [--strategy ring-all] [--agents +1] [--hours 1001=09:00-13:00] [--wrap-up 10s] [--max-wait 5m] [--callback on] [--runs 20] [--draft FILE] [--lang fa]", whatIfCommand},
		{"support", "a file for whoever helps, without passwords: pasokh support FILE.tar.gz", support},
		{"backup", "copies of the box: pasokh backup [status] | now | rehearse | list PLACE | prepare PLACE NAME [--passphrase-file FILE] | cancel | restore", backups},
		{"box", "the box under the telephone: pasokh box [update FILE | restart | forget]", appliance},
		{"status", "show lines, phones, queues and problems", status},
		{"config", "pasokh config check FILE | export | import FILE", configure},
		{"cert", "pasokh cert show | root | renew | install FILE | remove", certificate},
		{"version", "print the version", func(_ context.Context, _ []string, out io.Writer) error {
			_, err := fmt.Fprintln(out, "pasokh", version)
			return err
		}},
	}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		unhurried()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "pasokh:", err)
	os.Exit(1)
}

func run(ctx context.Context, args []string, out io.Writer) error {
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, args[1:], out)
		}
	}
	fmt.Fprintln(out, "Pasokh, the telephone exchange and call centre in a box. Commands:")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-10s  %s\n", c.name, c.help)
	}
	if name == "" || name == "help" || name == "--help" || name == "-h" {
		return nil
	}
	return fmt.Errorf("no command %q", name)
}
