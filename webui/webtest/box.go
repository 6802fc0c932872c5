// Package webtest is a box without telephony for tests and for work on the
// pages: rooms whose state a test sets, a keeper of one user, and a simulated
// town that does what it is told.
package webtest

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/audit"
	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/logring"
	"github.com/pasokh/pasokh/firmware/setup"
	"github.com/pasokh/pasokh/firmware/storage"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
	"github.com/pasokh/pasokh/webui/api"
)

// Scene is what the box's rooms show.
type Scene struct {
	Lines       []line.Status
	Phones      []sip.Phone
	Trunks      []trunk.Status
	Floor       queue.Board
	Calls       []call.Snapshot
	Records     []ledger.Record
	Health      []health.Problem
	Steps       map[call.ID][]call.Step
	SIP         map[call.LegID][]trace.Message
	Bans        []shield.Ban
	Switches    []night.View
	Conferences []conference.View
	Turned      sip.Turned
}

// Box is a box without telephony. Its methods are safe for concurrent use.
type Box struct {
	News    event.News
	Log     *slog.Logger
	Clock   clock.Clock
	Keeper  *Keeper
	Town    *Town
	Post    Post
	Ring    *logring.Ring
	Backups Backups
	Chief   *Chief // nil: no appliance

	// Revisions are the box's settings, where a test changes them; see Settle.
	Revisions *config.Revisions

	// Setup is how far the box is set up; a test may Begin it.
	Setup *setup.Room

	mu       sync.Mutex
	scene    Scene
	config   config.Config
	released []call.ID
	noted    []audit.Deed
	recorder *trace.Recorder
}

// New is a box that shows a scene. Its log is thrown away.
func New(s Scene) *Box {
	ring := logring.New(0, slog.NewTextHandler(io.Discard, nil))
	b := &Box{Ring: ring, Log: slog.New(ring), Clock: clock.System(), scene: s, Keeper: NewKeeper("admin", Password),
		config: config.Config{Schema: config.Schema, System: config.System{Name: "Demo shop", Language: config.English}}}
	b.Town = newTown(b)
	b.recorder = trace.NewRecorder(b.Clock)
	b.Setup, _ = setup.Open(memory{}) // an empty memory can be read
	return b
}

// Change edits the scene and spreads the news.
func (b *Box) Change(edit func(*Scene), topics ...event.Topic) {
	b.mu.Lock()
	edit(&b.scene)
	b.mu.Unlock()
	for _, t := range topics {
		b.News.Publish(t)
	}
}

// SetConfig replaces the configuration.
func (b *Box) SetConfig(c config.Config) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.config = c
}

// Speak lets a SIP message pass the box.
func (b *Box) Speak(in bool, local, peer string, text string) {
	b.recorder.Record(in, "UDP", netip.MustParseAddrPort(local), netip.MustParseAddrPort(peer), []byte(text))
}

// Released are the calls that were hung up from a page.
func (b *Box) Released() []call.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]call.ID(nil), b.released...)
}

func read[T any](b *Box, f func(*Scene) []T) []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]T(nil), f(&b.scene)...)
}

// Rooms is the box for package api.
func (b *Box) Rooms() api.Rooms {
	changes := api.Changes(unsettled{b: b})
	if b.Revisions != nil {
		changes = b.Revisions
	}
	var boss api.Chief
	if b.Chief != nil {
		boss = b.Chief
	}
	return api.Rooms{
		Chief:   boss,
		Clock:   b.Clock,
		Changes: changes,
		Audit: func(context.Context, time.Time, int) ([]audit.Deed, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			list := slices.Clone(b.noted)
			slices.Reverse(list)
			return list, nil
		},
		Version:     "test",
		Config:      b.current,
		Certificate: certificate{},
		Mail:        &b.Post,
		Bulletins:   b.bulletins(),
		Backups:     &b.Backups,
		Restart:     func() {},
		Alerts:      alerter{},
		Storage:     func() storage.State { return theDisk() },
		Logs:        b.Ring.Last,
		Wire:        func(context.Context, []call.LegID, time.Duration) ([]trace.Message, error) { return nil, nil },
		Revision:    func() int { return 1 },
		Lines:       func() []line.Status { return read(b, func(s *Scene) []line.Status { return s.Lines }) },
		Phones:      func() []sip.Phone { return read(b, func(s *Scene) []sip.Phone { return s.Phones }) },
		Trunks:      func() []trunk.Status { return read(b, func(s *Scene) []trunk.Status { return s.Trunks }) },
		Calls:       func() []call.Snapshot { return read(b, func(s *Scene) []call.Snapshot { return s.Calls }) },
		Health:      func() []health.Problem { return read(b, func(s *Scene) []health.Problem { return s.Health }) },
		Floor: func() queue.Board {
			return queue.Board{
				Queues: read(b, func(s *Scene) []queue.QueueView { return s.Floor.Queues }),
				Agents: read(b, func(s *Scene) []queue.AgentView { return s.Floor.Agents }),
			}
		},
		Records: func(limit int, before time.Time) []ledger.Record {
			all := read(b, func(s *Scene) []ledger.Record { return s.Records })
			var found []ledger.Record
			for _, r := range all {
				if len(found) < limit && (before.IsZero() || r.Started.Before(before)) {
					found = append(found, r)
				}
			}
			return found
		},
		List:    b.list,
		Reports: figures.New(figures.Options{Clock: b.Clock, Ledger: b, Config: b.current}),
		Steps: func(_ context.Context, id call.ID) ([]call.Step, error) {
			steps := read(b, func(s *Scene) []call.Step { return s.Steps[id] })
			if steps == nil {
				return nil, ledger.ErrUnknown
			}
			return steps, nil
		},
		WhatIf:  b.whatIf,
		Explain: ledger.Explain,
		Trace: func(legs []call.LegID) []trace.Message {
			return read(b, func(s *Scene) (list []trace.Message) {
				for _, leg := range legs {
					list = append(list, s.SIP[leg]...)
				}
				return list
			})
		},
		Watch: func(extension, _ string, from netip.Prefix, last time.Duration) (*trace.Capture, error) {
			f := trace.Filter{User: extension}
			if from.IsValid() {
				f.Peer = from.Contains
			}
			return b.recorder.Capture(f, last)
		},
		Watched: b.recorder.Captured,
		Sound:   func(context.Context, []call.LegID) []api.LegSound { return nil },
		Sounds:  noSounds{}, Prompts: func() []api.Prompt { return nil },
		Protection: func() sip.Protection {
			b.mu.Lock()
			defer b.mu.Unlock()
			return sip.Protection{Bans: append([]shield.Ban(nil), b.scene.Bans...), Turned: b.scene.Turned}
		},
		Lift: func(source, _ string) (lifted bool) {
			b.Change(func(s *Scene) {
				n := len(s.Bans)
				s.Bans = slices.DeleteFunc(s.Bans, func(x shield.Ban) bool { return x.Source == source })
				lifted = len(s.Bans) < n
			}, event.Protection)
			return lifted
		},
		Callbacks: held{b},
		Switches:  func() []night.View { return read(b, func(s *Scene) []night.View { return s.Switches }) },
		Turn: func(t night.Turn) (to night.To, ok bool) {
			b.Change(func(s *Scene) {
				for i := range s.Switches {
					if w := &s.Switches[i]; w.Number == t.Switch {
						w.On, w.Day, w.By, w.At = t.To == night.On, t.To == night.Day, t.By, b.Clock.Now()
						to, ok = t.To, true
					}
				}
			}, event.Switches)
			return to, ok
		},
		Desk:        desk{b},
		Conferences: func() []conference.View { return read(b, func(s *Scene) []conference.View { return s.Conferences }) },
		Confer:      b.confer,
		RecordMeeting: func(number string, do call.RecordDo, _ call.Party) bool {
			b.Change(func(s *Scene) {
				for i := range s.Conferences {
					is := map[call.RecordDo]string{call.RecordStart: call.RecordingOn, call.RecordResume: call.RecordingOn, call.RecordPause: call.RecordingPaused, call.RecordStop: call.RecordingOff}
					s.Conferences[i].Recording = is[do]
				}
			}, event.Conferences)
			return true
		},
		Listen: func(id call.ID, by string, how call.Manner) error {
			b.Change(func(s *Scene) {
				for i := range s.Calls {
					if s.Calls[i].ID == id {
						s.Calls[i].Listeners = []call.Listener{{Who: call.Party{Number: by}, How: how, State: "ringing", Since: b.Clock.Now()}}
					}
				}
			}, event.Calls)
			return nil
		},
		Release: func(id call.ID) bool {
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, c := range b.scene.Calls {
				if c.ID == id {
					b.released = append(b.released, id)
					return true
				}
			}
			return false
		},
		Recordings: shelf{b}, Voicemail: mailboxes{},
		Record:    func(call.ID, call.RecordDo, string) bool { return false },
		Simulator: b.Town, Setup: b.setUp(),
	}
}

// confer mutes members, locks conferences, and lets go who is removed.
func (b *Box) confer(a conference.Action) error {
	b.Change(func(s *Scene) {
		for i := range s.Conferences {
			v := &s.Conferences[i]
			if v.Number != a.Conference {
				continue
			}
			switch a.Do {
			case conference.Lock, conference.Unlock:
				v.Locked = a.Do == conference.Lock
			case conference.Mute, conference.Unmute:
				for k := range v.Members {
					if m := &v.Members[k]; a.Member == "" || m.Leg == a.Member {
						m.Muted = a.Do == conference.Mute
					}
				}
			case conference.Remove:
				v.Members = slices.DeleteFunc(v.Members, func(m conference.MemberView) bool { return m.Leg == a.Member })
			}
		}
	}, event.Conferences)
	return nil
}

// certificate is one of a box of long ago.
type certificate struct{}

func (certificate) View() cert.View {
	return cert.View{Subject: "CN=localhost", Issuer: "CN=Pasokh", Names: []string{"localhost"}, Own: true, State: "good"}
}
func (certificate) Root() ([]byte, error) { return []byte("PEM"), nil }
func (certificate) Renew() error          { return nil }

// Note is the box's audit log, which the page shows.
func (b *Box) Note(e audit.Deed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e.At = b.Clock.Now()
	b.noted = append(b.noted, e)
}
