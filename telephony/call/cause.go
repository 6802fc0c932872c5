package call

// Cause is why a leg ended: one closed list for SIP, analog lines and the box's
// own decisions. Q850 and SIP give the codes for the wire (ITU-T Q.850, RFC 3261
// 21, RFC 3398), Text the words for people.
type Cause uint8

// The causes.
const (
	CauseNone      Cause = iota
	Normal               // hung up by a party
	Busy                 // called party busy
	NoAnswer             // nobody answered in time
	Rejected             // called party declined
	Cancelled            // caller gave up before the answer
	Elsewhere            // another phone answered
	UnknownNumber        // no such number
	Unreachable          // no phone registered, line unplugged
	NotAllowed           // refused by authentication or class of service
	NoCodec              // no common codec
	NoChannel            // no RTP port, no free line
	MediaTimeout         // nothing heard from the party for too long
	ProtocolError        // the other side broke the protocol
	InternalError        // a fault of the box
	Shutdown             // the box is stopping
	Overload             // too many calls at once
	NetworkFailure       // a trunk or the network behind it failed
	Moved                // the called party's phone sends calls elsewhere
)

type causeRow struct {
	name   string
	q850   int
	sip    int
	en, fa string
}

var causes = [...]causeRow{
	CauseNone:     {"none", 0, 0, "in progress", "در جریان"},
	Normal:        {"normal", 16, 200, "hung up", "پایان عادی"},
	Busy:          {"busy", 17, 486, "busy", "مشغول"},
	NoAnswer:      {"no-answer", 19, 480, "no answer", "پاسخ نداد"},
	Rejected:      {"rejected", 21, 603, "declined", "رد شد"},
	Cancelled:     {"cancelled", 16, 487, "caller gave up", "تماس‌گیرنده منصرف شد"},
	Elsewhere:     {"answered-elsewhere", 26, 487, "answered on another phone", "با تلفن دیگری پاسخ داده شد"},
	UnknownNumber: {"unknown-number", 1, 404, "no such number", "شماره وجود ندارد"},
	Unreachable:   {"unreachable", 20, 480, "not reachable", "در دسترس نیست"},
	NotAllowed:    {"not-allowed", 21, 403, "not allowed", "مجاز نیست"},
	NoCodec:       {"no-codec", 88, 488, "no common codec", "کدک مشترک وجود ندارد"},
	NoChannel:     {"no-channel", 34, 503, "no free channel", "کانال آزاد نیست"},
	MediaTimeout:  {"media-timeout", 41, 408, "connection lost", "ارتباط قطع شد"},
	ProtocolError: {"protocol-error", 111, 400, "protocol error", "خطای پروتکل"},
	InternalError: {"internal-error", 41, 500, "fault in the box", "خطای داخلی دستگاه"},
	Shutdown:      {"shutdown", 41, 503, "box restarting", "دستگاه در حال راه‌اندازی مجدد"},
	Overload:      {"overload", 42, 503, "too many calls", "تماس بیش از ظرفیت"},

	Moved:          {"moved", 23, 480, "sent elsewhere", "به جای دیگری هدایت شد"},
	NetworkFailure: {"network-failure", 38, 503, "telephone network failed", "شبکهٔ تلفن پاسخ نداد"},
}

// Causes are all that a call may end for.
func Causes() (list []Cause) {
	for c := Normal; int(c) < len(causes); c++ {
		list = append(list, c)
	}
	return list
}

func (c Cause) row() causeRow {
	if int(c) < len(causes) {
		return causes[c]
	}
	return causes[InternalError]
}

// String is the cause's stable name, as stored in the ledger.
func (c Cause) String() string { return c.row().name }

// Q850 is the ITU-T Q.850 cause value, 1 to 127.
func (c Cause) Q850() int { return c.row().q850 }

// SIP is the response code that refuses a call for this cause.
func (c Cause) SIP() int { return c.row().sip }

// Text is the cause in words, in lang ("fa" or "en").
func (c Cause) Text(lang string) string {
	if lang == "fa" {
		return c.row().fa
	}
	return c.row().en
}

// ParseCause is the cause with that stable name; ok is false for an unknown one.
func ParseCause(name string) (c Cause, ok bool) {
	for i, row := range causes {
		if row.name == name {
			return Cause(i), true
		}
	}
	return InternalError, false
}

// FromSIP is the cause of a final response that refused a call (RFC 3398 8.2.6.1).
func FromSIP(status int) Cause {
	switch status {
	case 486, 600:
		return Busy
	case 603, 403, 401, 407:
		return Rejected
	case 404, 410, 484, 485, 604:
		return UnknownNumber
	case 408, 430:
		return NoAnswer
	case 480:
		return Unreachable
	case 487:
		return Cancelled
	case 488, 606, 415:
		return NoCodec
	case 503:
		return NoChannel
	}
	if status >= 500 {
		return NetworkFailure // of the peer: it is no fault of the box
	}
	return Rejected
}

// FromQ850 is the cause for a Q.850 value, as in a Reason header (RFC 3326).
func FromQ850(value int) Cause {
	switch value {
	case 16, 31:
		return Normal
	case 17:
		return Busy
	case 18, 19:
		return NoAnswer
	case 26:
		return Elsewhere
	case 1, 22, 28:
		return UnknownNumber
	case 20, 27:
		return Unreachable
	case 21:
		return Rejected
	case 34, 42, 44:
		return NoChannel
	case 38:
		return NetworkFailure
	case 88:
		return NoCodec
	}
	return NetworkFailure
}
