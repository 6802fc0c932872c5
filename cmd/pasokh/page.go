package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/server"
)

// openPage listens for the page and for the command line's socket and serves
// both in the top layer.
func (b *box) openPage(h *house) error {
	pages, err := webui.Dist()
	if err != nil {
		return err
	}
	web, err := server.New(server.Options{Rooms: b.rooms(), Keeper: door{b.keeper, b.claimed, b.beginSetup}, Accounts: b.keeper, News: b.news, Events: b.events, Log: b.log, Pages: pages, Audit: b.audit.Note,
		Extra: append(b.hooks.Routes(), api.Route{Pattern: "GET /ws", Right: identity.Public, Stream: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			b.sip.WebSocketHandler().ServeHTTP(w, r)
			return nil
		}}), TLS: !b.set.demo})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", netip.AddrPortFrom(b.set.listen, uint16(b.set.httpPort)).String())
	if err != nil {
		return fmt.Errorf("page: %w (choose another with --http-port)", err)
	}
	name := filepath.Join(b.set.data, socketName)
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		listener.Close()
		return err
	}
	socket, err := net.Listen("unix", name)
	if err != nil {
		listener.Close()
		return fmt.Errorf("socket for the command line: %w", err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return err
	}
	local := http.NewServeMux()
	local.HandleFunc("GET /local/config", b.exportConfig)
	local.HandleFunc("PUT /local/config", b.importConfig)
	local.HandleFunc("GET /local/certificate", b.showCertificate)
	local.HandleFunc("PUT /local/certificate", b.installCertificate)
	local.HandleFunc("DELETE /local/certificate", b.removeCertificate)
	local.HandleFunc("POST /local/certificate", b.renewCertificate)

	local.HandleFunc("GET /local/process", measureProcess)
	local.HandleFunc("GET /local/well", b.showWell)
	local.HandleFunc("GET /local/media", b.showMedia)
	local.HandleFunc("GET /local/media/capture", b.captureMedia)
	local.Handle("/", web.Local())
	if !b.set.demo {
		listener = tls.NewListener(listener, b.tls)
	}
	h.start("live", web.Run)
	h.start("events", b.events.Run)
	h.start("webhooks", b.hooks.Run)
	h.start("page", func(ctx context.Context) error { return web.Serve(ctx, listener, web.Handler()) })
	h.start("socket", func(ctx context.Context) error { return web.Serve(ctx, socket, local) })
	return nil
}

// rooms is the house as the page sees it.
func (b *box) rooms() api.Rooms {
	r := api.Rooms{
		Clock: b.clock, Version: version, Config: b.config,
		Lines: b.lines.Lines, Phones: b.sip.Phones, Trunks: b.sip.Trunks, Floor: b.floor.Board, Desk: b.floor, Callbacks: b.floor, Calls: b.exchange.Calls,
		Health: b.health.List, Records: b.ledger.Records, List: b.ledger.List,
		Reports: b.figures, Steps: b.ledger.Steps, Explain: ledger.Explain, Trace: b.sip.Trace, Sound: b.sound,
		Watch: b.sip.Watch, Watched: b.sip.Watched, Protection: b.sip.Protection, Lift: b.sip.Lift, Certificate: b.certificate, Mail: b.post, Backups: b.backup, Alerts: b.alerts, Storage: b.storage.State, Logs: b.ring.Last, Wire: b.tapWire, Restart: b.restart, Revision: func() int { _, rev := b.revisions.Current(); return rev },
		Bulletins: b.bulletins, Setup: api.Setup{Room: b.setup, Providers: b.providers, SIPPort: b.set.sipPort, SIPSPort: b.set.sipsPort, Greet: b.exchange.Greet},
		Switches: b.night.Board, Turn: b.night.Turn,
		Conferences: b.meetings.Board, Confer: b.meetings.Do, RecordMeeting: b.meetings.Record, Listen: b.exchange.Listen,
		Sounds: b.jukebox, Prompts: b.prompts, Hear: b.hear, Flows: b.drafts, Try: b.try, WhatIf: b.whatIf,
		Changes: b.revisions, Audit: b.audit.List,
		Propose: func(edit func(*config.Config), author, note string) error {
			cfg, base := b.revisions.Current()
			fresh := *cfg
			edit(&fresh)
			_, err := b.revisions.Propose(&fresh, base, author, note)
			return err
		},
		Recordings: b.record, Voicemail: b.mail, Record: b.exchange.Record,
		Release: func(id call.ID) bool { return b.exchange.Release(id, call.Normal) },
	}
	if b.town != nil {
		r.Simulator = b.town
	}
	if b.chief != nil {
		r.Chief = b.chief
	}
	return r
}

// maxImport bounds an imported configuration.
const maxImport = 1 << 20

// exportConfig gives the whole configuration, secrets included, to the owner at
// the console.
func (b *box) exportConfig(w http.ResponseWriter, _ *http.Request) {
	text, err := b.config().YAML()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(text)
}

// importConfig makes a configuration the next revision, or says what is wrong
// with it.
func (b *box) importConfig(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxImport))
	var cfg *config.Config
	var rev int
	if err == nil {
		name := r.URL.Query().Get("name")
		cfg, err = config.Parse(name, text)
	}
	if err == nil {
		_, base := b.revisions.Current()
		rev, err = b.revisions.Propose(cfg, base, "console", "imported")
	}
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"code": "config", "message": err.Error()}})
		return
	}
	json.NewEncoder(w).Encode(map[string]int{"revision": rev})
}
