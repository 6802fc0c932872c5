package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/whatif"
)

// Param is what a route reads of a request beside its path and its body.
type Param struct {
	Name, About string
	In          string // "query" or "header"
	Type        string // "string", "integer" or "boolean", as JSON Schema has it
	Format      string // "date-time", or empty
	Least, Most int    // of an integer
	OneOf       []string
	Needed      bool
}

// Media is the type of a body that is no JSON.
type Media string

// EventStream is an answer of server-sent events (HTML standard, 9.2), each with a value as
// JSON; nil where the events' names tell what theirs are.
type EventStream struct{ Of any }

const (
	wavFile  = Media("audio/wav")
	pcapFile = Media("application/vnd.tcpdump.pcap")

	csvFile  = Media("text/csv")
	xlsxFile = Media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
)

func text(name, about string) Param {
	return Param{Name: name, About: about, In: "query", Type: "string"}
}

func needed(name, about string) Param {
	p := text(name, about)
	p.Needed = true
	return p
}

func oneOf(name, about string, values ...string) Param {
	p := text(name, about)
	p.OneOf = values
	return p
}

func moment(name, about string) Param {
	p := text(name, about)
	p.Format = "date-time"
	return p
}

func whole(name string, least, most int, about string) Param {
	return Param{Name: name, About: about, In: "query", Type: "integer", Least: least, Most: most}
}

// What several routes read.
var (
	saved   = text("save", "There at all: the browser saves the sound instead of playing it.")
	ifMatch = Param{Name: "If-Match", About: "The revision that was looked at, from the answer to GET.", In: "header", Type: "string", Needed: true}

	// sayable is a value to say.
	sayable = []Param{needed("value", "What to say."), oneOf("in", "The language.", "fa", "en"), needed("as", "What it is: "+kinds()+".")}

	// trying is a call that is tried out.
	trying = []Param{
		needed("to", "The number that is called: one of ours, a trunk's or a line's."), text("from", "Who calls."),
		text("at", "When: 18:40, Friday 18:40 or 2026-11-27 18:40; now when it is not said."), text("keys", "What the caller dials, a comma waits."),
		text("phones", "What phones do, as 1002=4s, 1003=busy or 1004=never."), text("on", "Switches that are on, with commas between them."), text("day", "Switches that keep open what has hours."),
		text("patience", "How long the caller waits, as 2m."), text("found", "What look-ups find, as JSON."), text("draft", "There at all: with the drafts of menus."),
	}

	// period is a time to report of.
	period = []Param{
		oneOf("period", "A time by its name. One of period, month and from is needed.", "today", "yesterday", "week", "month"),
		text("month", "2026-11 or 1405-08."), text("from", "A day of either calendar, or RFC 3339."),
		text("to", "A day of either calendar, which belongs to it, or RFC 3339."),
		whole("elapsed", 1, int(longestPeriod/time.Second), "Only so many seconds of it."),
	}
	// reported is a report that is asked for.
	reported = slices.Concat(period, []Param{
		text("queue", "Of this queue."), text("agent", "Of this agent's extension."), text("number", "Of this number that was called."),
		text("way", "Of the line or trunk of this name."),
		oneOf("by", "A row for each of these.", "hour", "day", "weekday", "week-hour", "queue", "agent", "number", "way"),
		text("row", "Only the contacts of the row of this key."), whole("t", 1, 3600, "Seconds within which an answer is in time."),
		whole("short", 1, 3600, "Seconds below which who gives up does not count."), whole("days", 1, figures.MostDays, "Days in which a customer must not come back for a contact to be solved; 7 when it is not said.")})

	// listed are calls of the list.
	listed = []Param{
		text("from", "A day of either calendar, or RFC 3339."), text("to", "A day of either calendar, which belongs to it, or RFC 3339."),
		moment("before", "Begun before: the start of the last one of the page before."), text("number", "Of this other party, in any form."),
		text("q", "With this in a number or name."), oneOf("direction", "Which way.", "in", "out", "inside"), text("queue", "That was in this queue."),
		text("agent", "That this extension answered."), oneOf("result", "How it ended.", "answered", "abandoned", "missed", "served", "refused", "interrupted"), text("cause", "Why it ended, a name of GET /api/causes."),
		whole("least", 0, 1<<24, "Seconds of talk, at least."), whole("most", 0, 1<<24, "Seconds of talk, at most."),
		oneOf("recorded", "With a recording or without.", "yes", "no"), whole("limit", 1, maxRecords, "How many at most; 50 when it is not said."),
	}

	// playing is a recorded day that is played again.
	playing = []Param{
		needed("day", "2026-11-20, 1405/8/29, today or yesterday."), text("queue", "Its number. Who sees some queues only must name one."),
		whole("runs", 1, whatif.MostRuns, "How often it is played."), whole("t", 1, 3600, "Seconds within which an answer is in time."),
		whole("short", 1, 3600, "Seconds below which who gives up does not count."),
	}
	// wishes are what is to be different.
	wishes = []Param{
		text("strategy", "Of the queue."), text("agents", "More or fewer: +1, or -1001."), text("hours", "Of agents: 1001=09:00-13:30."),
		text("wrap-up", "As 10s."), text("max-wait", "As 2m."), text("tiers", "Of agents: 1001=1."), text("skills", "Of agents: 1001=en:80."),
		oneOf("callback", "Whether callers may be called back.", "on", "off"), text("callback-after", "As 1m."), text("accept", "Percent who take that offer."),
	}
)

// Refusals that tell of fields, and of what somebody else changed.
var (
	wrong = map[int]any{http.StatusUnprocessableEntity: Wrong{}}
	late  = map[int]any{http.StatusUnprocessableEntity: Wrong{}, http.StatusPreconditionFailed: Overtaken{}}
)
