package sip

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sdp"
)

// Two phones see each other if both can show the same video: the box passes it on. Each
// leg describes to its phone what the other's can do, and is stale when that
// has changed: a phone that calls is told with the answer to its call, in a
// call they are asked by re-INVITE. Towards all else (lines, menus, queues, rooms) video is
// refused with port 0. A party that hears music keeps its video, with nobody to
// be seen in it, so that a call put on hold goes on as it was.

// sight is what a party does with video.
type sight struct {
	told    bool         // it has said what it can do: an offer of its own says it, or an answer to ours
	formats []sdp.Format // that it can do
	kbps    int          // most that it wishes to be sent
	agreed  sdp.Format   // in use; without a name if none is
}

// view is the video of a leg. It is touched by the dialog's queue only.
type view struct {
	sight
	stream *media.Stream // nil until there was some
	keys   []sdp.Crypto
}

// shows takes what the party can do from its offer.
func (l *leg) shows(offer *sdp.Session) {
	l.video.told = true
	l.video.formats, l.video.kbps = offer.Pictures()
}

// shown takes it from the answer to our offer.
func (l *leg) shown(a *sdp.Agreed) {
	switch {
	case l.local.Video == nil:
	case a == nil:
		l.video.told, l.video.formats = true, nil
	default:
		l.video.told, l.video.formats = true, []sdp.Format{a.Other}
	}
}

// blind: the party does not want what was offered last. It is not asked again.
func (l *leg) blind() {
	if l.local.Video != nil && l.video.agreed.Name == "" {
		l.video.told, l.video.formats = true, nil
		l.tellSight()
	}
}

// wanted are the formats that would suit the party and whom it is to see.
func (l *leg) wanted() []sdp.Format {
	o := l.facing.Load()
	if o == nil || l.kbps == 0 || o.kbps == 0 {
		return nil
	}
	s := o.spoken()
	if s == nil {
		return nil
	}
	mine, theirs := &l.video, &s.video
	switch {
	case !theirs.told: // it will be asked, and most likely agrees
		return mine.formats
	case theirs.agreed.Name != "" && (mine.agreed.Name == "" || mine.agreed.Like(theirs.agreed) || l.id > o.id):
		// They follow each other, so one of two that differ must stay.
		if mine.told && !slices.ContainsFunc(mine.formats, theirs.agreed.Like) {
			return nil
		}
		return []sdp.Format{theirs.agreed}
	case !mine.told:
		return theirs.formats
	}
	return slices.DeleteFunc(slices.Clone(theirs.formats), func(f sdp.Format) bool {
		return !slices.ContainsFunc(mine.formats, f.Like)
	})
}

// picture is our side of the video to be described now, nil for none.
func (l *leg) picture() *sdp.Video {
	formats := l.wanted()
	if len(formats) == 0 {
		return nil
	}
	if l.video.stream == nil {
		v, err := l.stream.OpenVideo()
		if err != nil {
			l.log.Warn("no video", "error", err)
			return nil
		}
		l.video.stream, l.video.keys = v, keysFor(l.srtp)
	}
	most := l.kbps
	if o := l.facing.Load(); o != nil {
		if s := o.spoken(); s != nil && s.video.kbps > 0 {
			most = min(most, s.video.kbps)
		}
	}
	return &sdp.Video{Port: int(l.video.stream.Local().Port()), Formats: formats, Crypto: l.video.keys, Kbps: most}
}

// Stale tells whether the party should be described other video than it has.
func (l *leg) Stale() bool {
	formats, has := l.wanted(), l.video.agreed
	if has.Name == "" {
		return len(formats) > 0
	}
	return !slices.ContainsFunc(formats, has.Like)
}

// film makes the media follow what was agreed on for video.
func (l *leg) film(a *sdp.Agreed) error {
	l.video.agreed = sdp.Format{}
	if l.video.stream == nil {
		return nil
	}
	p := media.Params{NoTones: true, Held: true}
	if a != nil {
		l.video.agreed = a.Other
		p = media.Params{Remote: a.Remote, RTCP: a.RTCP, Mux: a.Mux, Signalling: l.from, NAT: l.nat,
			Other: a.Other.Name, PayloadType: a.PayloadType, OwnType: a.OwnType, NoTones: true,
			Intra: a.Other.Asks&sdp.AskIntra != 0 && a.Other.Asks&sdp.AskWhole == 0,
			Send:  a.Direction.Sends(), Receive: a.Direction.Receives(), Held: true,
			Seal: mediaKey(a.Send), Open: mediaKey(a.Receive)}
	}
	return l.video.stream.Set(p)
}

// tellSight lets others know what the party does with video now.
func (l *leg) tellSight() {
	if s := l.heard.Load(); s != nil {
		told := *s
		told.video = l.video.sight
		l.heard.Store(&told)
		l.meet()
	}
}

// meet lets whom the party sees look whether his video still suits it, and the party too.
func (l *leg) meet() {
	o := l.facing.Load()
	if o == nil || o.dialog == nil {
		return
	}
	if o.facing.Load() == l {
		o.dialog.Renew()
	}
	l.dialog.Renew()
}

// Face tells whom the party is to see, by the tuner of that one's media.
func (l *leg) Face(other media.Tuner) {
	o, _ := other.(*leg)
	l.facing.Store(o)
	l.dialog.Renew()
}

// introduce tells the party that this one was called for that they will see each other,
// so that it hears of it with the answer to its own call.
func (l *leg) introduce() {
	if o := l.facing.Load(); o != nil && o.dialog != nil {
		o.facing.Store(l)
		o.dialog.Renew()
	}
}
