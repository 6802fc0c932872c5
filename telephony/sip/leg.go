package sip

import (
	"bytes"
	"cmp"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sdp"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// leg is a call on a SIP phone: one dialog and one media stream.
type leg struct {
	server *Server
	id     call.LegID
	device string
	peer   call.Party
	nat    bool       // its media may come from another address than it names
	from   netip.Addr // where its signalling comes from
	srtp   config.SRTP
	dtmf   config.DTMF
	log    *slog.Logger
	dialog *dialog.Dialog
	stream *media.Stream // nil when there was no port for it
	kbps   int           // most that its video may take, kbit/s; 0: it has none

	network string // that carries its signalling

	// Touched by the dialog's queue only.
	local   sdp.Local
	last    []byte // our last description, which local.Last is too
	media   media.Params
	offered string // local.Want in our last offer
	up      bool
	held    bool
	secure  bool
	only    bool // it has refused all codecs of ours

	video view

	heard  atomic.Pointer[sound] // what the party speaks, for the leg it is put through to
	facing atomic.Pointer[leg]   // with whom the party is to see each other

	out call.Outbox
}

var (
	_ call.Leg     = (*leg)(nil)
	_ dialog.Party = (*leg)(nil)
)

func (s *Server) newLeg(ext *config.Extension, peer call.Party, device string) *leg {
	l := &leg{server: s, id: newLegID(), device: device, peer: peer, nat: ext.NAT, srtp: ext.SRTP, dtmf: ext.DTMF,
		kbps: s.opts.Config().Media.VideoKbps}
	l.log = s.log.With("leg", l.id, "extension", ext.Number)
	return l
}

// open gets the media stream, towards a phone on flow.
func (l *leg) open(f dialog.Flow) error {
	s := l.server
	stream, err := s.opts.Media.NewRTP(l.id, l.post, func() { l.Hangup(call.MediaTimeout) })
	if err != nil {
		if h := s.opts.Health; h != nil {
			h.Raise("ports-exhausted", err.Error())
		}
		return err
	}
	if h := s.opts.Health; h != nil {
		h.Clear("ports-exhausted")
	}
	l.stream = stream
	at := stream.Local()
	addr := at.Addr()
	if addr.IsUnspecified() {
		addr = towards(f.Addr)
	}
	if from, err := netip.ParseAddrPort(f.Addr); err == nil {
		l.from = from.Addr()
	}
	l.local = sdp.Local{Pass: s.opts.Config().Media.PassThrough, Address: addr, Port: int(at.Port()), Codecs: s.opts.Config().Media.Codecs,
		DTMF: l.dtmf != config.DTMFInfo && l.dtmf != config.DTMFInband, SessionID: rand.Uint64() >> 1, Version: 1}
	if s.opts.Address.IsValid() {
		l.local.Address = s.opts.Address
	}
	l.network = f.Network
	l.encryptable(l.srtp)
	return nil
}

func (l *leg) close() {
	if l.stream != nil {
		l.log.Info("media ended", "stats", l.stream.Close())
	}
}

func (l *leg) ID() call.LegID   { return l.id }
func (l *leg) Kind() call.Kind  { return call.SIP }
func (l *leg) Device() string   { return l.device }
func (l *leg) Peer() call.Party { return l.peer }

func (l *leg) Audio() call.Audio {
	if l.stream == nil {
		return mute{}
	}
	return l.stream
}

func (l *leg) Attach(s call.Sink) { l.out.Attach(s) }

func (l *leg) Alert(early bool) { l.dialog.Alert(early) }

func (l *leg) Answer() { l.dialog.Answer() }

func (l *leg) Hangup(c call.Cause) {
	if l.dialog != nil {
		l.dialog.Hangup(c)
	}
}

// post hands an event to whoever has the leg. The media engine calls it too.
func (l *leg) post(e call.Event) { l.out.Post(e) }

// What the dialog tells.

func (l *leg) Ringing(early bool) {
	l.post(call.Ringing{Leg: l.id, Early: early, Dialog: l.server.pickups.add(l)})
}

func (l *leg) Up() {
	l.up = true
	l.server.pickups.remove(l)
	l.introduce()
	_ = l.tune() // with keys that were good before
	l.post(call.Answered{Leg: l.id})
}

func (l *leg) Key(digit byte, d time.Duration) {
	l.stream.Key(digit, d)
}

func (l *leg) Over(c call.Cause) {
	l.server.pickups.remove(l)
	l.facing.Store(nil)
	if l.stream != nil {
		if q, ok := l.stream.Quality(); ok {
			l.post(call.Measured{Leg: l.id, Quality: q, Last: true})
		}
	}
	l.post(call.Ended{Leg: l.id, Cause: c})
	l.close()
}

// Offer is our own wish: sound both ways.
func (l *leg) Offer() []byte {
	l.offered, l.local.Video = l.local.Want, l.picture()
	b, _ := l.describe(func() ([]byte, error) { return sdp.Offer(l.local), nil })
	return b
}

// Consider takes the phone's offer.
func (l *leg) Consider(offer []byte) ([]byte, error) {
	peer, err := sdp.Parse(offer)
	if err != nil {
		return nil, err
	}
	before, sight := l.local.Want, l.video.sight
	if l.media.Other != "" { // it may offer something of ours again
		l.local.Want = ""
	} // else one that offers nothing of ours in a call is refused: what it hears goes on
	if others := peer.Others(); l.local.Pass && others != nil {
		l.local.Others = others
	}
	l.shows(peer)
	l.local.Video = l.picture()
	var agreed sdp.Agreed
	answer, err := l.describe(func() (b []byte, err error) {
		b, agreed, err = sdp.Answer(l.local, peer)
		return b, err
	})
	if err != nil {
		l.local.Want, l.video.sight = before, sight
		return nil, err
	}
	return answer, l.apply(agreed)
}

// Accept takes the phone's answer.
func (l *leg) Accept(answer []byte) error {
	peer, err := sdp.Parse(answer)
	if err != nil {
		return err
	}
	offered := l.local
	offered.Want = l.offered
	agreed, err := sdp.Accept(offered, peer)
	if err != nil {
		return err
	}
	l.shown(agreed.Video)
	return l.apply(agreed)
}

// describe makes our description. One that differs from the last has the next
// version (RFC 3264 8).
func (l *leg) describe(write func() ([]byte, error)) ([]byte, error) {
	b, err := write()
	if err != nil {
		return nil, err
	}
	if l.last != nil && !bytes.Equal(b, l.last) {
		l.local.Version++
		if b, err = write(); err != nil {
			return nil, err
		}
	}
	l.last = b
	l.local.Last, err = sdp.Parse(b)
	return b, err
}

// apply makes the media follow what was agreed.
func (l *leg) apply(a sdp.Agreed) error {
	codec, ok := media.ParseCodec(a.Codec)
	if !ok && a.Other.Name == "" {
		return sdp.ErrNoCodec
	}
	l.local.Want = cmp.Or(a.Other.Name, sdp.Ours)
	l.only = l.only && a.Other.Name != ""
	l.media = media.Params{Remote: a.Remote, RTCP: a.RTCP, Mux: a.Mux, Codec: codec, PayloadType: a.PayloadType,
		Other: a.Other.Name, OwnType: a.OwnType, Others: names(l.local.Others), Tuner: l,
		DTMF: a.DTMF, OwnDTMF: a.OwnDTMF, Noise: a.Noise, Ptime: a.Ptime,
		Send: a.Direction.Sends(), Receive: a.Direction.Receives(), Signalling: l.from, NAT: l.nat, Held: a.Held,
		Seal: mediaKey(a.Send), Open: mediaKey(a.Receive)}
	switch l.dtmf {
	case config.DTMFInfo:
		l.media.Info, l.media.NoTones = l.dialog, true
	case config.DTMFEvents:
		l.media.NoTones = true
	}
	if err := l.tune(); err != nil {
		return err
	}
	if err := l.film(a.Video); err != nil {
		return err
	}
	l.heard.Store(&sound{codec: a.Codec, others: l.local.Others, noise: a.Noise, video: l.video.sight})
	l.meet()
	l.secured(a.Send != nil)
	if a.Held != l.held {
		l.held = a.Held
		if l.held {
			l.post(call.Held{Leg: l.id})
		} else {
			l.post(call.Resumed{Leg: l.id})
		}
	}
	return nil
}

// tune sets the media. Nothing is expected of a phone whose call has not been
// answered yet.
func (l *leg) tune() error {
	p := l.media
	p.Held, p.Only = p.Held || !l.up, l.only
	return l.stream.Set(p)
}

// mute is the sound of a leg that has none.
type mute struct{}

func (mute) Play(call.Program) call.PlayID { return 0 }
func (mute) Connect(call.Audio)            {}
func (mute) Join(call.Room)                {}
func (mute) Echo()                         {}
func (mute) Silence()                      {}
func (mute) Announce(call.Program)         {}
func (mute) AddTap(call.Tap)               {}
func (mute) RemoveTap(call.Tap)            {}
