package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// ears understand what the box says: they know every unit of the prompt pack, and write
// down which were said, in which order, from where to where.
type ears struct {
	units map[string]*unitHeard
	names []string          // in order, one for each sound
	alike map[string]string // the name of a unit that sounds the same
}

// unitHeard is a unit and its loudest eighth of a second, by which it is known at once.
type unitHeard struct {
	pcm  []int16
	core int // where that part begins
}

// utterance is a row of units, each of which began where the one before it ended, or a
// breath later.
type utterance struct {
	at    int // sample
	ends  int
	units []string
}

const (
	coreLength   = 1000
	breathLength = 2000
	knownBy      = 0.8 // correlation: music is under the words
)

func newEars() *ears {
	e := &ears{units: map[string]*unitHeard{}, alike: map[string]string{}}
	for name, pcm := range units() {
		u := &unitHeard{pcm: pcm}
		best := 0.0
		for at := 0; at+coreLength <= len(pcm); at += 100 {
			if p := power(pcm[at : at+coreLength]); p > best {
				best, u.core = p, at
			}
		}
		e.units[name] = u
	}
	for _, name := range slices.Sorted(maps.Keys(e.units)) {
		lang, _, _ := strings.Cut(name, "/")
		same := slices.IndexFunc(e.names, func(n string) bool {
			return strings.HasPrefix(n, lang) && slices.Equal(e.units[n].pcm, e.units[name].pcm)
		})
		if same >= 0 {
			e.alike[name] = e.names[same]
			continue
		}
		e.alike[name], e.names = name, append(e.names, name)
	}
	return e
}

// sounds are units by the names that ears give them.
func (e *ears) sounds(names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = cmp.Or(e.alike[n], n)
	}
	return list
}

// like is how much two equally long pieces of sound are alike.
//
//go:norace
func like(a, b []int16) float64 {
	dot, x, y := 0.0, 0.0, 0.0
	for i, v := range a {
		dot, x, y = dot+float64(v)*float64(b[i]), x+float64(v)*float64(v), y+float64(b[i])*float64(b[i])
	}
	if x == 0 || y == 0 {
		return 0
	}
	return dot / math.Sqrt(x*y)
}

// here is how well a unit is what is heard at a place, as far as the recording goes; 0 if
// it is not, or if the recording ends before it can be told.
func (e *ears) here(pcm []int16, at int, name string) float64 {
	u := e.units[name]
	n := min(coreLength, len(u.pcm))
	from := at + u.core
	if from < 0 || from+n > len(pcm) || like(pcm[from:from+n], u.pcm[u.core:u.core+n]) < knownBy {
		return 0
	}
	n = min(len(u.pcm), len(pcm)-at)
	return like(pcm[at:at+n], u.pcm[:n])
}

// whole tells whether nothing of a unit is missing: every eighth of a second of it that is
// loud enough to be heard over music is there.
func (e *ears) whole(pcm []int16, at int, name string) bool {
	u := e.units[name]
	loudest := power(u.pcm[u.core:min(u.core+coreLength, len(u.pcm))])
	for from := 0; from+coreLength <= len(u.pcm) && at+from+coreLength <= len(pcm); from += coreLength {
		part := u.pcm[from : from+coreLength]
		if power(part) > loudest/4 && like(pcm[at+from:at+from+coreLength], part) < 0.6 {
			return false
		}
	}
	return true
}

// understands finds what is said in a recording. What can be said first is given: programs
// begin with a packet, and the units after the first exactly where they must.
func (e *ears) understands(pcm []int16, openings []string) (heard []utterance) {
	for at := 0; at+coreLength < len(pcm); at += earFrame {
		first, how := "", 0.5
		for _, name := range openings {
			if r := e.here(pcm, at, name); r > how {
				first, how = name, r
			}
		}
		if first == "" || !e.whole(pcm, at, first) {
			continue
		}
		u := utterance{at: at, ends: at + len(e.units[first].pcm), units: []string{first}}
		for next, from := e.next(pcm, u.ends, first); next != ""; next, from = e.next(pcm, u.ends, next) {
			u.units, u.ends = append(u.units, next), from+len(e.units[next].pcm)
		}
		heard = append(heard, u)
		at = (u.ends - 1) / earFrame * earFrame
	}
	return heard
}

// next is the unit that begins at a place, or a breath later.
func (e *ears) next(pcm []int16, at int, after string) (name string, from int) {
	lang, _, _ := strings.Cut(after, "/")
	how := 0.5
	for _, gap := range []int{0, breathLength} {
		for _, n := range e.names {
			if !strings.HasPrefix(n, lang) {
				continue
			}
			if r := e.here(pcm, at+gap, n); r > how {
				name, from, how = n, at+gap, r
			}
		}
	}
	if name != "" && !e.whole(pcm, from, name) {
		return "", 0
	}
	return name, from
}

// spoken is something that the ledger says was said; cut tells that something came
// between before it can have been heard out.
type spoken struct {
	at    time.Time
	units []string
	cut   bool
}

// spokenTo is what the ledger says a caller heard, in words of the prompt pack.
func spokenTo(steps []call.Step, lang string) (list []spoken) {
	add := func(at time.Time, names []string, joins bool) {
		if n := len(list); joins && n > 0 && at.Sub(list[n-1].at) < 50*time.Millisecond {
			list[n-1].units = append(list[n-1].units, names...)
			return
		}
		list = append(list, spoken{at: at, units: names})
	}
	for _, s := range steps {
		switch s.Type {
		case call.StepSaid:
			add(s.At, strings.Fields(s.Value), false)
		case call.StepQueueAnnounced:
			add(s.At, announcement(s, lang), true)
		case call.StepPressed, call.StepQueueConnected, call.StepQueueLeft, call.StepEnded, call.StepUnbridged:
			for i := range list {
				list[i].cut = list[i].cut || s.At.Sub(list[i].at) < lengthOf(list[i].units)+time.Second
			}
		}
	}
	return list
}

// lengthOf is how long units last at most, said one after another.
func lengthOf(names []string) (d time.Duration) {
	return time.Duration(len(names)) * 3 * time.Second
}

// announcement is what a caller is to hear of his place and his wait.
func announcement(s call.Step, lang string) []string {
	var p call.Program
	switch {
	case s.Value == "1":
		p = speech.Phrase(lang, "queue-next")
	case s.Value != "":
		p = speech.Position(lang, number(s.Value))
	}
	if s.Minutes > 0 {
		p = speech.Sentences(p, speech.Wait(lang, s.Minutes))
	}
	p = speech.Sentences(p, speech.Phrase(lang, "thanks"))
	var names []string
	for _, x := range p.Sounds {
		if x.Prompt != "" {
			names = append(names, x.Prompt)
		}
	}
	return names
}

func number(text string) (n int) {
	for _, r := range text {
		n = 10*n + int(r-'0')
	}
	return n
}

// wantHeard compares what a customer heard with what the ledger says that he was told,
// piece by piece: what is cut short has its beginning, all else is there to the end, in
// its order, with nothing between its pieces and nothing besides. It returns how many
// pieces there were.
func (k *centre) wantHeard(e *ears, x contact, id call.ID) (pieces int) {
	t := k.d.t
	t.Helper()
	var story api.Story
	k.d.call("GET", "/api/calls/"+string(id), nil, &story)
	lang := map[string]string{centreSales: "fa", centreHelp: "en"}[x.queue]
	told := spokenTo(story.Steps, lang)
	for i := range told {
		told[i].units = e.sounds(told[i].units)
	}
	openings := []string{"/queue-joined", "/queue-next", "/position-before", "/wait-before", "/thanks", "/queue-kept", "/no-agents", "/call-later"}
	for i := range openings {
		openings[i] = lang + openings[i]
	}
	openings = e.sounds(openings)
	for _, s := range told {
		if len(s.units) > 0 && !slices.Contains(openings, s.units[0]) {
			openings = append(openings, s.units[0])
		}
	}
	pcm := x.ear.pcm
	if x.spoke > 0 {
		pcm = pcm[:x.spoke]
	}
	heard := e.understands(pcm, openings)
	fail := func(what string) {
		t.Helper()
		t.Errorf("%s (%s, %.1f s of sound): %s\nheard %+v\ntold  %+v\n%s", x.Number, x.outcome, float64(len(x.ear.pcm))/8000, what, heard, told, k.d.story(id))
	}
	for i, j := 0, 0; i < len(told) || j < len(heard); i++ {
		switch {
		case i == len(told):
			fail("something was heard that nobody said")
			return pieces
		case j < len(heard) && slices.Equal(told[i].units, heard[j].units):
			pieces += len(heard[j].units)
			j++
		case told[i].cut && j < len(heard) && heard[j].begins(told[i].units, len(pcm)):
			pieces += len(heard[j].units)
			j++
		case told[i].cut: // nothing of it, or not enough to be known
		default:
			fail("what was said was not heard: " + strings.Join(told[i].units, " "))
			return pieces
		}
	}
	return pieces
}

// begins tells whether an utterance is the beginning of what was said. Of the last unit
// that goes on beyond the end of the recording too little may have been heard to know it.
func (u utterance) begins(said []string, end int) bool {
	n := len(u.units)
	if u.ends > end {
		n--
	}
	return len(u.units) <= len(said) && slices.Equal(u.units[:n], said[:n])
}

// wantSound compares all customers' ears with the ledger.
func (k *centre) wantSound(all []contact, ids map[string]call.ID) {
	t := k.d.t
	t.Helper()
	e, pieces, deaf := newEars(), 0, 0
	for _, x := range all {
		if len(x.ear.ssrcs) != 1 || x.ear.lost() > 0 { // this machine has dropped something
			deaf++
			continue
		}
		if id, ok := ids[x.Number]; ok {
			pieces += k.wantHeard(e, x, id)
		}
	}
	t.Logf("%d pieces of prompts were said to %d callers and understood; %d callers lost a packet", pieces, len(all)-deaf, deaf)
	if pieces < len(all) || deaf > len(all)/5 {
		t.Errorf("that is too little to prove something")
	}
}
