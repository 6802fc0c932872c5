package config

import "time"

// Default is the tree of a box that nobody has set up: it answers nothing and
// rings nobody, and it is valid.
func Default() *Config {
	return &Config{
		Schema: Schema,
		System: System{Name: "Pasokh", Language: English, TimeZone: "UTC", Country: "IR", MaxCalls: 200},
		SIP:    SIP{Domain: "pasokh.local", MinExpires: 60, MaxExpires: 3600, MaxContacts: 5, MaxCallsPerSecond: 50},
		Media:  Media{Timeout: seconds(60), VideoKbps: 1024, Codecs: []string{"PCMA", "PCMU", "G722"}},
		Features: Features{Login: "*45", Pause: "*46", Pickup: "*8", Listen: "*90", Whisper: "*91", Barge: "*92", Take: "*93", TakeOver: "*94",
			WrapUp: "*47", Disposition: "*48", Help: "*0", Record: "*1", RecordPause: "*2",
			Voicemail: "*97", VoicemailAny: "*98", VoicemailTo: "*", Prompts: "*77"},
		Parking:   Parking{Slots: 10, TimeOut: seconds(120), Music: "default"},
		Recording: Recording{Announce: true, KeepDays: 90, WarnDays: 7},
		Voicemail: Voicemail{MaxLength: seconds(180), MaxMessages: 100},
		Mail:      Mail{Security: MailStartTLS},
		Alerts:    Alerts{Least: "warning", After: seconds(60), Again: seconds(24 * 3600)},
		Backup:    Backup{Every: BackupNever, At: "03:30", Keep: 7},
	}
}

func seconds(n int) Duration { return Duration(time.Duration(n) * time.Second) }

// What an entry has when its file does not say otherwise.

func (e *Extension) setDefaults() { e.RingFor = seconds(20) }

func (l *Line) setDefaults() { l.AnswerAfter = 2 }

func (m *Menu) setDefaults() { m.Timeout, m.Tries = seconds(5), 3 }

func (s *FlowStep) setDefaults() { s.Timeout, s.Tries = seconds(5), 3 }

func (q *Queue) setDefaults() {
	q.Strategy, q.Music = LongestIdle, "default"
	q.RingFor, q.WrapUp, q.AnnounceEvery = seconds(20), seconds(10), seconds(45)
}

func (c *Conference) setDefaults() { c.MaxMembers = 30 }
