package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/alert"
	"github.com/pasokh/pasokh/firmware/audit"
	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/logring"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/firmware/mdns"
	"github.com/pasokh/pasokh/firmware/pulse"
	"github.com/pasokh/pasokh/firmware/setup"
	"github.com/pasokh/pasokh/firmware/storage"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/bulletin"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/exchange"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ivr"
	"github.com/pasokh/pasokh/telephony/jukebox"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/park"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/studio"
	"github.com/pasokh/pasokh/telephony/voicemail"
	"github.com/pasokh/pasokh/webui/events"
	"github.com/pasokh/pasokh/webui/hooks"
)

// box is the house with all its rooms, wired and not yet running.
type box struct {
	set   settings
	clock clock.Clock
	log   *slog.Logger
	ring  *logring.Ring
	news  *event.News

	store     *store.Store
	revisions *config.Revisions
	audit     *audit.Log
	drafts    *config.Drafts
	trying    chan struct{} // one trial at a time
	wiring    chan struct{} // one capture of sound at a time
	playing   chan struct{} // and one day that did not happen
	health    *health.Board
	keeper    *identity.Keeper
	admin     config.Secret // the demo's password
	claimed   chan struct{}
	setup     *setup.Room
	providers []setup.Provider // of telephone lines
	tls       *tls.Config
	chief     *chief.Client // of an appliance's process 1; nil on somebody's own computer
	beacon    *mdns.Beacon  // nil: the host names itself

	certificate *cert.Holder
	post        *mail.Room
	bulletins   *bulletin.Room
	issued      *store.Latest // what bulletins remembers
	alerts      *alert.Room
	told        *store.Latest // of alarms, over a restart
	storage     *storage.Room
	pulse       *pulse.Room
	days        *store.Latest // of the disk
	backup      *backup.Room
	again       chan struct{} // closed when the box is to start anew

	board    *sim.Driver // nil without simulated hardware
	town     *town       // behind the board
	media    *media.Engine
	ledger   *ledger.Ledger
	events   *events.Ring
	hooks    *hooks.Room
	posted   *store.Latest // the book of hooks
	figures  *figures.Room
	duties   *store.Latest // who has logged out, over a restart
	floor    *queue.Floor
	turned   *store.Latest // how the switches stand, over a restart
	night    *night.Switches
	lot      *park.Lot
	meetings *conference.Rooms
	record   *record.Room
	mail     *voicemail.Room
	library  *media.Library
	jukebox  *jukebox.Jukebox
	exchange *exchange.Exchange
	lines    *line.Room
	sip      *sip.Server

	wellMu   sync.Mutex
	written  time.Time // when the store was last tried
	writeErr error
}

// newBox opens the store, reads the configuration and makes the rooms.
func newBox(s settings, logTo io.Writer) (*box, error) {
	b := &box{set: s, clock: clock.System(), news: &event.News{}, claimed: make(chan struct{}), again: make(chan struct{}), wiring: make(chan struct{}, 1)}
	b.ring = logring.New(2000, newLogger(s, logTo))
	b.log = slog.New(b.ring)
	b.health = health.NewBoard(b.clock, b.news)
	if os.Getenv("PASOKH_CHIEF") != "" {
		b.chief = chief.NewClient(chief.Path)
		b.beacon = mdns.New(mdns.Options{Clock: b.clock, Log: b.log, Name: "pasokh", Title: "Pasokh", Port: s.httpPort, TLS: !s.demo})
	}
	settled, err := backup.Settle(s.data)
	if err != nil {
		return nil, err
	}
	if err := b.openStore(); err != nil {
		return nil, err
	}
	if err := removeDemoEnv(s.data); err != nil { // one left by a crash; a running box's store could not be opened
		b.store.Close()
		return nil, err
	}
	if err := b.openConfig(); err != nil {
		b.store.Close()
		return nil, err
	}
	if err := b.openDoor(); err != nil {
		b.store.Close()
		return nil, err
	}
	if err := b.openSetup(); err != nil {
		b.store.Close()
		return nil, err
	}
	if err := b.openSounds(); err != nil {
		b.store.Close()
		return nil, err
	}
	if err := b.openBackup(settled); err != nil {
		b.store.Close()
		return nil, err
	}
	b.wire()
	return b, nil
}

func (b *box) openStore() (err error) {
	b.store, err = store.Open(b.set.data, store.Options{Clock: b.clock, Log: b.log,
		OnError: func(err error) {
			kind := "disk-error"
			if errors.Is(err, store.ErrDropped) {
				kind = "ledger-dropped"
			}
			b.health.Raise(kind, err.Error())
		},
		OnWell: func() { b.health.Clear("disk-error") }})
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if r := b.store.Recovered(); r != "" {
		b.log.Warn("store recovered", "detail", r)
		b.health.Raise("store-recovered", r)
	}
	return nil
}

// openConfig finds the configuration in force: the file on the command line, the
// last revision, the demo's own, or an empty one. A wrong file is named and the
// last good revision stays in force.
func (b *box) openConfig() (err error) {
	b.audit = audit.New(b.clock, b.store.Log("audit"))
	if b.revisions, err = config.OpenRevisions(b.store, b.clock, b.news); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	b.drafts, b.trying, b.playing = config.NewDrafts(b.store, b.clock, b.revisions), make(chan struct{}, 1), make(chan struct{}, 1)
	if w := b.revisions.Warning(); w != "" {
		b.health.Raise("config-fallback", w)
	}
	_, rev := b.revisions.Current()
	first := config.Default()
	if b.set.demo {
		first = demoConfig()
	}
	if rev == 0 {
		if err := b.revisions.Seed(first); err != nil {
			return fmt.Errorf("configuration: %w", err)
		}
	}
	if b.set.config == "" {
		return nil
	}
	cfg, err := readConfig(b.set.config)
	if err != nil {
		if rev == 0 {
			return err // there is no good one to stay with
		}
		b.log.Error("configuration file refused, the last good one stays in force", "err", err)
		b.health.Raise("config-fallback", err.Error())
		return nil
	}
	_, rev = b.revisions.Current()
	_, err = b.revisions.Propose(cfg, rev, "installer", "started with --config "+filepath.Base(b.set.config))
	return err
}

// openDoor prepares who may come in: users and certificates.
func (b *box) openDoor() (err error) {
	if b.keeper, err = identity.Open(b.store, b.clock); err != nil {
		return fmt.Errorf("users: %w", err)
	}
	if b.set.demo {
		if b.admin, err = b.demoAdmin(); err != nil {
			return fmt.Errorf("demo password: %w", err)
		}
	}
	b.certificate, err = cert.Open(cert.Options{Dir: b.set.data, Clock: b.clock, Log: b.log, Health: b.health, Names: b.names})
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	b.tls = &tls.Config{GetCertificate: b.certificate.GetCertificate, MinVersion: tls.VersionTLS12}
	return nil
}

// demoAdmin makes or finds the demo's password. It is kept in the clear because
// each start writes it into demo.env.
func (b *box) demoAdmin() (config.Secret, error) {
	kept, err := b.store.Get("demo", "admin")
	if err != nil || kept != nil {
		return config.Secret(kept), err
	}
	pass := identity.RandomSecret(16)
	if err := b.keeper.SetPassword(demoAdmin, pass.Reveal()); err != nil { // to be hashed
		return "", err
	}
	return pass, b.store.Put("demo", "admin", []byte(pass.Reveal())) // see above
}

// judge tells of settings that are allowed and unwise.
func (b *box) judge(c *config.Config) {
	if weak := c.Weak(); len(weak) > 0 {
		b.health.Raise("weak-secret", strings.Join(weak, ", "))
	} else {
		b.health.Clear("weak-secret")
	}
}

func (b *box) config() *config.Config {
	cfg, _ := b.revisions.Current()
	return cfg
}

// carries tells whether the box carries calls: it has an owner, or an installer
// at its console has given it a configuration.
func (b *box) carries() bool { return b.keeper.Claimed() || b.set.config != "" }

// wire makes the rooms of the telephone and joins them.
func (b *box) wire() {
	cfg := b.config()
	b.openCare()
	b.media = media.New(media.Options{Clock: clock.Punctual(b.clock), Log: b.log, Address: b.set.listen,
		PortMin: b.set.rtpMin, PortMax: b.set.rtpMax, Timeout: func() time.Duration { return b.config().Media.Timeout.D() },
		Library: b.library, Country: cfg.System.Country})
	b.jukebox.Apply(cfg)
	b.revisions.OnApply("sounds", b.jukebox.Verify, func(c *config.Config) error { b.jukebox.Apply(c); return nil })
	b.ledger = ledger.New(ledger.Options{Clock: b.clock, Log: b.store.Log("ledger"), Calls: b.store.Log("calls"),
		Floor: b.store.Log("floor"), News: b.news, Logger: b.log})
	b.events = events.New(events.Options{Clock: b.clock, News: b.news, Lines: func() []line.Status { return b.lines.Lines() }, Health: b.health.List})
	b.openHooks()
	b.figures = figures.New(figures.Options{Clock: b.clock, Ledger: b.ledger, Config: b.config, Archive: b.ledger, Kept: b.store.Log("figures"), Log: b.log})
	b.openBulletins()
	b.duties, b.turned = b.store.Latest("agents", "duties"), b.store.Latest("switches", "positions")
	var err error
	if b.night, err = night.Open(night.Options{Clock: b.clock, Log: b.log, News: b.news, Config: b.config, Memory: b.turned}); err != nil {
		b.log.Error("night switches are off", "err", err)
		b.health.Raise("disk-error", err.Error())
	}
	b.record = record.New(record.Options{Clock: b.clock, Log: b.log, Journal: journals{b.ledger, b.events}, Health: b.health, Config: b.config,
		Index: b.store.Log("recordings"), Dir: filepath.Join(b.set.data, "recordings")})
	if b.mail, err = voicemail.Open(voicemail.Options{Clock: b.clock, Log: b.log, News: b.news, Health: b.health, Config: b.config,
		Library: b.library, Dir: filepath.Join(b.set.data, "voicemail")}); err != nil {
		b.log.Error("not all voice messages were found", "err", err)
		b.health.Raise("disk-error", err.Error())
	}
	b.meetings = conference.New(conference.Options{Clock: b.clock, News: b.news, NewRoom: b.media.NewRoom, Recorder: tapes{b.record, b.media}})
	b.lot = park.New(b.config)
	b.floor = queue.New(queue.Options{Clock: b.clock, Journal: journals{b.ledger, b.events}, News: b.news, Log: b.log, Config: cfg, Memory: b.duties, Daybook: b.store.Log("daybook"),
		Endpoints: func(ext string) []call.Endpoint { return b.exchange.Endpoints(ext) },
		Originate: func(a call.Arrival) (*call.Call, func(queue.Step)) { return b.exchange.Originate(a) },
		Reach:     func(number, route string) ([]call.Endpoint, call.Offer, bool) { return b.exchange.Reach(number, route) }})
	b.exchange = exchange.New(exchange.Options{Clock: b.clock, Log: b.log, News: b.news, Journal: journals{b.ledger, b.events}, Recorder: b.record,
		Config: b.config, Floor: b.floor, Conferences: b.meetings, Parking: b.lot, Voicemail: b.mail, NewRoom: b.media.NewRoom,
		On: b.night.On, Day: b.night.Day, Open: b.night.Open,
		Studio: studio.New(studio.Options{Config: b.config, Add: b.library.Add, Remove: b.library.Remove, Keep: b.keepPrompt}),
		Turn: func(number, by string) (string, bool) {
			to, ok := b.night.Turn(night.Turn{Switch: number, To: night.Other, By: by})
			return string(to), ok
		},
		Ways:  func(trunks []string, number string) []call.Endpoint { return b.sip.Ways(trunks, number) },
		Fetch: ivr.Fetcher(&http.Client{Transport: &http.Transport{MaxConnsPerHost: 8, MaxResponseHeaderBytes: 64 << 10}}),
		Shed:  func() { b.sip.Shed() }})

	land, _ := country.ByCode(cfg.System.Country)
	var ports []hal.Port
	if b.set.demo {
		b.board = sim.New(sim.Options{Clock: b.clock, FXO: 2, FXS: 2, Country: cfg.System.Country})
		b.town = newTown(b)
		ports = b.board.Ports()
	}
	b.lines = line.New(line.Options{Clock: b.clock, Log: b.log, News: b.news, Health: b.health, Media: b.media,
		Config: b.config, Country: land, Ports: ports, Arrive: b.exchange.Arrive,
		Busy: func() dsp.ToneSpec { return jukebox.Spec(b.config(), "busy") }, Messages: b.unheard})
	at := func(port int) string { return netip.AddrPortFrom(b.set.listen, uint16(port)).String() }
	b.sip = sip.New(sip.Options{Clock: b.clock, Log: b.log, News: b.news, Health: b.health, Media: b.media, Vault: b.store, Config: b.config,
		State: b.doing, Arrive: b.exchange.Arrive, UDP: at(b.set.sipPort), TCP: at(b.set.sipPort), TLS: at(b.set.sipsPort), TLSConfig: b.tls})
	b.exchange.AddDirectory(b.sip)
	b.exchange.AddDirectory(b.lines)
	b.judge(cfg)
	b.revisions.OnApply("secrets", nil, func(c *config.Config) error { b.judge(c); return nil })
	b.revisions.OnApply("queues", nil, func(c *config.Config) error { b.floor.Reload(c); return nil })
	b.revisions.OnApply("ledger", nil, func(*config.Config) error {
		_, rev := b.revisions.Current() // still the one before
		b.ledger.Note(call.Step{At: b.clock.Now(), Type: call.StepConfigured, Number: strconv.Itoa(rev + 1)})
		return nil
	})
}
