// Package config is the typed tree of everything an admin can set.
//
// One tree is read from YAML (strictly: an unknown key is an error), checked,
// stored as a numbered revision and handed out as an immutable snapshot. The
// page, the import file and the rooms all use these types. A wrong value is
// named by its field path ("queues[0].agents[2]") and, when it came from a
// file, by file and line; the last good revision stays in force.
//
// The numbering plan is one: extensions, menus, queues, conferences and
// services share it, so a destination is simply a number.
package config

// Schema is the version of the tree that this program reads and writes.
const Schema = 1

// Config is the whole tree. Treat a published Config as read-only.
type Config struct {
	Schema      int          `yaml:"schema"`
	System      System       `yaml:"system"`
	SIP         SIP          `yaml:"sip"`
	Media       Media        `yaml:"media"`
	Extensions  []Extension  `yaml:"extensions,omitempty"`
	Lines       []Line       `yaml:"lines,omitempty"`
	Trunks      []Trunk      `yaml:"trunks,omitempty"`
	Routes      []Route      `yaml:"routes,omitempty"`
	Menus       []Menu       `yaml:"menus,omitempty"`
	Flows       []Flow       `yaml:"flows,omitempty"`
	Tables      []Table      `yaml:"tables,omitempty"`
	Queues      []Queue      `yaml:"queues,omitempty"`
	Conferences []Conference `yaml:"conferences,omitempty"`
	Services    []Service    `yaml:"services,omitempty"`
	Switches    []Switch     `yaml:"switches,omitempty"`
	Hours       []Hours      `yaml:"hours,omitempty"`
	Features    Features     `yaml:"features"`
	Listening   Listening    `yaml:"listening,omitempty"`
	Parking     Parking      `yaml:"parking"`
	Recording   Recording    `yaml:"recording"`
	Voicemail   Voicemail    `yaml:"voicemail"`
	Mail        Mail         `yaml:"mail"`
	Alerts      Alerts       `yaml:"alerts"`
	Backup      Backup       `yaml:"backup"`
	Bulletins   []Bulletin   `yaml:"bulletins,omitempty"`
	Webhooks    []Webhook    `yaml:"webhooks,omitempty"`
	Music       []MusicClass `yaml:"music,omitempty"`
	// Tones replace the country's: dial, busy, congestion, ringback, waiting,
	// confirmation, stutter.
	Tones map[string]Tone `yaml:"tones,omitempty"`

	at map[string]int // where in Extensions a number was when the tree was read
}

// System is the box itself.
type System struct {
	Name     string   `yaml:"name"`     // shown on pages and phones
	Language Language `yaml:"language"` // of prompts and pages where nothing else is set
	TimeZone string   `yaml:"time_zone"`
	Country  string   `yaml:"country"` // ISO 3166-1 alpha-2: tones, ringing, numbering
	// MaxCalls limits the calls at one time; further ones are refused as overload.
	MaxCalls int `yaml:"max_calls"`
	// DNS are the name servers to ask for providers, addresses with a port or
	// without; empty: those that the network gives the box.
	DNS []string `yaml:"dns,omitempty"`
	// Emergency are numbers for help beside those of the country (see numbering), as
	// they are dialled at home. Every extension reaches them over the first route that
	// fits, whatever else it may dial, and no limit of calls turns them away.
	Emergency []string `yaml:"emergency,omitempty"`
	// SecurityContact is whom strangers tell of a weakness of the box, in its security.txt
	// (RFC 9116): a mail address, or an https address; empty: there is none.
	SecurityContact string `yaml:"security_contact,omitempty"`
}

// Language is a BCP 47 primary tag the box has prompts and pages for.
type Language string

// The languages that ship.
const (
	Persian Language = "fa"
	English Language = "en"
)

// SIP is the box's own SIP service. Listening addresses and ports are start
// flags, not configuration: they decide whether the page can be reached at all.
type SIP struct {
	Domain string `yaml:"domain"` // realm and host part of our addresses
	// MinExpires and MaxExpires clamp a registration's life, in seconds.
	MinExpires int `yaml:"min_expires"`
	MaxExpires int `yaml:"max_expires"`
	// MaxContacts limits the phones of one extension. One more takes the place of the
	// one that was refreshed longest ago.
	MaxContacts int `yaml:"max_contacts"`
	// MaxCallsPerSecond limits the new calls of phones and trunks together; further
	// ones are told to come back later. One extension or trunk gets more than half
	// of it only of what the others leave.
	MaxCallsPerSecond int `yaml:"max_calls_per_second"`
	// Trusted are networks ("192.168.1.0/24") that are slowed down after wrong
	// passwords, and never shut out. The box itself always is one.
	Trusted []string `yaml:"trusted,omitempty"`
}

// Media bounds the RTP engine.
type Media struct {
	// Timeout ends a call whose party has sent no RTP or RTCP for so long,
	// unless it is on hold. 5s to 1h.
	Timeout Duration `yaml:"timeout"`
	// PassThrough lets two phones talk in a codec that the box does not speak (Opus,
	// G.729): it passes their packets on. Off by default.
	PassThrough bool `yaml:"pass_through"`
	// VideoKbps is the most that each of two phones that see each other is asked to
	// send, kbit/s; 0: video is refused. Their packets are passed on. 0 or 64 to 8192.
	VideoKbps int      `yaml:"video_kbps"`
	Codecs    []string `yaml:"codecs"` // in order of preference: PCMA, PCMU, G722; a caller's own comes first
}

// Extension is a person's or a room's number.
type Extension struct {
	Number   string   `yaml:"number"`
	Name     string   `yaml:"name"`
	Language Language `yaml:"language,omitempty"`
	// Formerly are numbers that it had before: reports join their history with its own.
	// The ledger knows people and queues by their numbers; a new name changes nothing.
	Formerly []string `yaml:"formerly,omitempty"`
	Secret   Secret   `yaml:"secret,omitempty"` // SIP password; empty: no SIP phone may register
	Port     string   `yaml:"port,omitempty"`   // FXS port of an analog phone ("fxs1")
	// Group of extensions that may pick up each other's calls; empty: of all that have none.
	Group string `yaml:"group,omitempty"`
	// RingFor is how long its phones ring before the call counts as not answered.
	RingFor Duration `yaml:"ring_for"`
	// OutsideNumber is shown to those it calls outside, where the trunk lets it.
	OutsideNumber string `yaml:"outside_number,omitempty"`
	// NAT lets media follow the address that packets really come from.
	NAT bool `yaml:"nat,omitempty"`
	// Sources are the addresses or prefixes that its phones may come from; from
	// anywhere else its password is worth nothing. Empty: anywhere.
	Sources []string `yaml:"sources,omitempty"`
	// SRTP is the encryption of the sound; empty: off.
	SRTP SRTP `yaml:"srtp,omitempty"`
	// DTMF is how its phones tell of keys; empty: auto.
	DTMF   DTMF   `yaml:"dtmf,omitempty"`
	Record Record `yaml:"record,omitempty"` // whether its talks are recorded
	// Voicemail takes messages of those who do not reach it.
	Voicemail Mailbox `yaml:"voicemail,omitempty"`
	Music     string  `yaml:"music,omitempty"` // that it lets those hear whom it holds; empty: default
}

// DTMF is how keys go to and from a phone or a trunk. Keys that it sends by SIP INFO
// are always taken.
type DTMF string

// The choices.
const (
	DTMFAuto   DTMF = "auto"    // as telephone-events (RFC 4733) if it takes them, else as tones
	DTMFEvents DTMF = "rfc4733" // the same, but its tones are no keys
	DTMFInfo   DTMF = "info"    // by SIP INFO, application/dtmf-relay
	DTMFInband DTMF = "inband"  // as tones
)

// SRTP is whether the sound of a phone or a trunk is encrypted. Keys travel in the
// signalling (RFC 4568), so that it keeps out those who read along only over TLS.
type SRTP string

// The choices.
const (
	SRTPOff      SRTP = "off"
	SRTPOptional SRTP = "optional" // offered; without it calls are plain
	SRTPRequired SRTP = "required" // a call without it is refused
)

// Line is an analog line from the telephone company on an FXO port.
type Line struct {
	Port        string   `yaml:"port"` // "fxo1"
	Name        string   `yaml:"name"`
	Language    Language `yaml:"language,omitempty"`
	Destination string   `yaml:"destination"` // number that its callers reach
	Night       Night    `yaml:"night,omitempty"`
	// AnswerAfter is the number of rings before the box answers, 1 to 10. Caller
	// ID is sent between the first and the second ring, so less than 2 loses it.
	AnswerAfter int    `yaml:"answer_after"`
	Record      Record `yaml:"record,omitempty"` // whether its talks are recorded
}

// Menu is a voice menu.
type Menu struct {
	Number   string            `yaml:"number"`
	Name     string            `yaml:"name"`
	Greeting []string          `yaml:"greeting"` // prompt names, played in order
	Keys     map[string]string `yaml:"keys"`     // key -> number
	Timeout  Duration          `yaml:"timeout"`  // silence after the greeting before it is said again
	Tries    int               `yaml:"tries"`    // how often it is said
	// Otherwise is where the call goes after the last try. Key 0 reaches it too
	// unless set: 0 reaches a person from anywhere.
	Otherwise string `yaml:"otherwise"`
	// Night takes its callers instead, as of a queue.
	Night Night `yaml:"night,omitempty"`
}

// Queue is a line of callers served by agents.
type Queue struct {
	Number   string        `yaml:"number"`
	Name     string        `yaml:"name"`
	Formerly []string      `yaml:"formerly,omitempty"` // numbers that it had before, as of an extension
	Language Language      `yaml:"language,omitempty"`
	Strategy QueueStrategy `yaml:"strategy"`
	Agents   []QueueAgent  `yaml:"agents"` // in the order of the list
	Music    string        `yaml:"music"`
	// Weight is whose callers get an agent of several queues first: the higher. 0 to
	// 100; of equal queues the caller who has waited longest.
	Weight int `yaml:"weight,omitempty"`
	// TierWait opens tier n for callers who have waited n times as long; a tier opens
	// at once while nobody of those below is there. 1s to 1h; 0: all are open.
	TierWait Duration `yaml:"tier_wait,omitempty"`
	// Skills are what an agent must be able to do, by the caller's wait. At most 16.
	Skills []SkillNeed `yaml:"skills,omitempty"`
	// StickyFor keeps a caller for the agent who talked to him last. 1s to 1h; 0: no.
	StickyFor Duration  `yaml:"sticky_for,omitempty"`
	Rest      AgentRest `yaml:"rest,omitempty"`
	// AutoPause lets an agent rest in all his queues after so many calls in a row that
	// rang out, 1 to 20. 0: never.
	AutoPause int `yaml:"auto_pause,omitempty"`
	// JoinEmpty and LeaveEmpty are what an agent does (see AgentStates) who does not
	// count as being there: nobody can join, or stays in, a queue where nobody counts.
	// Left out: logged-out.
	JoinEmpty  []string `yaml:"join_empty,omitempty"`
	LeaveEmpty []string `yaml:"leave_empty,omitempty"`
	// DivertWait sends callers to OnDivert who would wait longer, 10s to 24h, and
	// DivertRatio those with whom there would be more callers for each agent, 1 to
	// 100. 0: nobody. Who finds nobody waiting always joins.
	DivertWait  Duration `yaml:"divert_wait,omitempty"`
	DivertRatio int      `yaml:"divert_ratio,omitempty"`
	// KeepPlace keeps the place of a caller whose line dropped until he calls again.
	// 10s to 1h; 0: no.
	KeepPlace Duration     `yaml:"keep_place,omitempty"`
	Callback  Callback     `yaml:"callback,omitempty"`
	Whisper   AgentWhisper `yaml:"whisper,omitempty"`
	Survey    Survey       `yaml:"survey,omitempty"`
	// Dispositions are what an agent can say that a call was: code of 1 to 4 digits ->
	// name. At most 200.
	Dispositions map[string]string `yaml:"dispositions,omitempty"`
	// HoldReminder thanks a caller for his patience each time that his agent has had him
	// on hold for so long. 10s to 10m; 0: never.
	HoldReminder Duration `yaml:"hold_reminder,omitempty"`
	// DispositionWait is how much longer wrap-up lasts, at most, until he has said it. 5s
	// to 1h; 0: he need not.
	DispositionWait Duration `yaml:"disposition_wait,omitempty"`
	// RingFor is how long one agent is rung before the next.
	RingFor Duration `yaml:"ring_for"`
	// WrapUp is the pause an agent gets after a call.
	WrapUp Duration `yaml:"wrap_up"`
	// AnnounceEvery repeats the position; it is also said on joining. 0: only then.
	AnnounceEvery Duration `yaml:"announce_every"`
	MaxCallers    int      `yaml:"max_callers"` // 0: no limit
	MaxWait       Duration `yaml:"max_wait"`    // 0: no limit
	// Otherwise takes callers who cannot join or waited too long; empty: they are told and hung up.
	Otherwise string `yaml:"otherwise,omitempty"`
	// OnFull, OnTimeout, OnEmpty and OnDivert take those whom MaxCallers, MaxWait, the
	// agents' absence and DivertWait or DivertRatio send away; empty: Otherwise.
	OnFull    string `yaml:"on_full,omitempty"`
	OnTimeout string `yaml:"on_timeout,omitempty"`
	OnEmpty   string `yaml:"on_empty,omitempty"`
	OnDivert  string `yaml:"on_divert,omitempty"`
	// OnLeaveEmpty takes those who wait when the last agent goes; empty: OnEmpty.
	OnLeaveEmpty string `yaml:"on_leave_empty,omitempty"`
	// Operator is reached by pressing 0 while waiting; empty: Otherwise.
	Operator string   `yaml:"operator,omitempty"`
	Announce Announce `yaml:"announce,omitempty"`
	Messages Messages `yaml:"messages,omitempty"`
	Collect  Collect  `yaml:"collect,omitempty"`
	// Keys are what keys do while waiting: the number they lead to, or one of KeyWords.
	Keys map[string]string `yaml:"keys,omitempty"`
	// RingTone is heard instead of music.
	RingTone bool `yaml:"ring_tone,omitempty"`
	// Prompts replace what the queue says, see QueuePrompts: {queue-full: come-back-later}.
	Prompts map[string]string `yaml:"prompts,omitempty"`
	Night   Night             `yaml:"night,omitempty"`
	Record  Record            `yaml:"record,omitempty"` // whether talks with its agents are recorded
	// Voicemail takes messages for whoever works here, by its code as any destination.
	Voicemail Mailbox `yaml:"voicemail,omitempty"`
}

// Conference is a room where several parties talk.
type Conference struct {
	Number     string `yaml:"number"`
	Name       string `yaml:"name"`
	MaxMembers int    `yaml:"max_members"`
	// PIN is asked of everybody who comes, ModeratorPIN makes a moderator of who knows
	// it. 4 to 12 digits; empty: nobody is asked, and there is no moderator.
	PIN          Secret `yaml:"pin,omitempty"`
	ModeratorPIN Secret `yaml:"moderator_pin,omitempty"`
	// WaitForModerator lets members wait with music while no moderator is there.
	WaitForModerator bool `yaml:"wait_for_moderator,omitempty"`
	// Quiet lets members come and go without a tone.
	Quiet  bool   `yaml:"quiet,omitempty"`
	Record Record `yaml:"record,omitempty"` // always: from its first member to its last
}

// Service is a number of the box's own.
type Service struct {
	Number string      `yaml:"number"`
	Kind   ServiceKind `yaml:"kind"`
}

// ServiceKind is what a Service does.
type ServiceKind string

// The services.
const (
	Echo  ServiceKind = "echo"  // plays back what the caller says
	Music ServiceKind = "music" // plays hold music
)
