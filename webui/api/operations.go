package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/sip"
)

// Routes are the operations on the rooms. Those on sessions belong to package
// server, the stream to package live.
func (r *Rooms) Routes() []Route {
	routes := []Route{
		{Pattern: "GET /api/state", Right: identity.Own, Handle: r.getState,
			About: "The whole board as its viewer sees it: lines, phones, trunks, queues, calls, health.", Gives: State{}},
		{Pattern: "GET /api/health", Right: identity.Plant, Handle: r.getHealth,
			About: "What is wrong with the box and what to do about it.", Gives: []health.Problem{}},
		{Pattern: "GET /api/calls/{id}", Right: identity.Calls, Handle: r.getCall,
			About: "The story of a call, running or over: its steps, and a sentence for each.", Gives: Story{}},
		{Pattern: "GET /api/calls/{id}/sound", Right: identity.Calls, Handle: r.callSound,
			About: "What is measured of the sound of a running call, leg by leg.", Gives: CallSound{}},
		{Pattern: "GET /api/calls/{id}/explain", Right: identity.Calls, Handle: r.explainCall,
			About: "Why the box did with a call what it did: its decisions.", Gives: []ledger.Decision{}},
		{Pattern: "GET /api/calls/{id}/sip", Right: identity.Trace, Handle: r.getSIP,
			About: "The SIP messages of a call that are still in memory.", Gives: SIPTrace{}},
		{Pattern: "GET /api/calls/{id}/rtp.pcap", Right: identity.Trace, Stream: true, Handle: r.getWire,
			About: "Captures the sound of a running call, as packets. Only an owner may.", Query: []Param{whole("seconds", 1, int(mostWire/time.Second), "How long; 10 when it is not said.")}, Gives: pcapFile},
		{Pattern: "GET /api/calls/{id}/sip.pcap", Right: identity.Trace, Handle: r.getPCAP,
			About: "The SIP messages of a call, as packets for Wireshark.", Gives: pcapFile},
		{Pattern: "POST /api/calls/{id}/hangup", Right: identity.Act, Handle: r.hangup,
			About: "Hangs a running call up.", Gives: Done{}},
		{Pattern: "POST /api/calls/{id}/recording", Right: identity.Direct, Handle: r.recordCall,
			About: "Starts, stops or pauses the recording of a running call.", Takes: RecordCall{}, Gives: Done{}},
		{Pattern: "GET /api/recordings", Right: identity.Hear, Handle: r.getRecordings,
			About: "Recordings, newest first.", Gives: Recordings{},
			Query: []Param{
				moment("from", "Begun at or after."), moment("to", "Begun before."), text("number", "Of this other party."),
				text("agent", "Of this agent's extension."), whole("limit", 1, maxRecords, "How many at most; 50 when it is not said.")}},
		{Pattern: "GET /api/recordings/{id}/sound.wav", Right: identity.Hear, Stream: true, Handle: r.hear,
			About: "The sound of a recording. It can be asked for in ranges.", Query: []Param{saved}, Gives: wavFile},
		{Pattern: "POST /api/recordings/{id}/delete", Right: identity.Hear, Handle: r.deleteRecording,
			About: "Deletes a recording for good.", Gives: Done{}},
		{Pattern: "POST /api/sip/traces", Right: identity.Trace, Handle: r.startWatch,
			About: "Begins a live trace of SIP messages.", Takes: Watch{}, Gives: Watching{}},
		{Pattern: "GET /api/sip/traces/{id}/live", Right: identity.Trace, Stream: true, Handle: r.streamWatch,
			About: "Streams the messages of a live trace; Last-Event-ID goes on where a reader was.", Gives: EventStream{SIPMessage{}}},
		{Pattern: "GET /api/sip/traces/{id}/sip.pcap", Right: identity.Trace, Handle: r.watchPCAP,
			About: "What a live trace has seen, as packets for Wireshark.", Gives: pcapFile},
		{Pattern: "POST /api/sip/traces/{id}/stop", Right: identity.Trace, Handle: r.stopWatch,
			About: "Ends a live trace.", Gives: Done{}},
		{Pattern: "POST /api/calls/{id}/listen", Right: identity.Direct, Handle: r.listenIn,
			About: "Rings a supervisor, who then listens in on a call.", Takes: ListenIn{}, Gives: Done{}},
		{Pattern: "POST /api/conferences/{number}", Right: identity.Direct, Handle: r.confer,
			About: "Does something to a conference or somebody in it.", Takes: Confer{}, Gives: Done{}},
		{Pattern: "POST /api/conferences/{number}/recording", Right: identity.Direct, Handle: r.recordMeeting,
			About: "Starts, stops or pauses the recording of a conference.", Takes: RecordCall{}, Gives: Done{}},
		{Pattern: "POST /api/switches/{number}", Right: identity.Settings, Handle: r.turn,
			About: "Turns a switch between day and night.", Takes: Turn{}, Gives: Done{}},
		{Pattern: "GET /api/protection", Right: identity.Plant, Handle: r.getProtection,
			About: "Whom the box shuts out, and what its SIP ports refused.", Gives: sip.Protection{}},
		{Pattern: "POST /api/protection/lift", Right: identity.Plant, Handle: r.lift,
			About: "Lets in again who was shut out.", Takes: Lift{}, Gives: Done{}},
		{Pattern: "GET /api/config", Right: identity.Settings, Handle: r.getConfig,
			About: "The configuration in force as a file, secrets masked.", Gives: Media("application/yaml")},
	}
	routes = append(routes, r.referenceRoutes()...)
	routes = append(routes, r.securityRoutes()...)
	routes = append(routes, r.settingRoutes()...)
	routes = append(routes, r.thingRoutes()...)
	routes = append(routes, r.auditRoutes()...)
	routes = append(routes, r.changeRoutes()...)
	routes = append(routes, r.hourRoutes()...)
	routes = append(routes, r.setupRoutes()...)
	routes = append(routes, r.queueFormRoutes()...)
	routes = append(routes, r.certificateRoutes()...)
	routes = append(routes, r.trustRoutes()...)
	routes = append(routes, r.careRoutes()...)
	routes = append(routes, r.backupRoutes()...)
	routes = append(routes, r.soundRoutes()...)
	routes = append(routes, r.speechRoutes()...)
	routes = append(routes, r.flowRoutes()...)
	routes = append(routes, r.tryRoutes()...)
	routes = append(routes, r.voicemailRoutes()...)
	routes = append(routes, r.reportRoutes()...)
	routes = append(routes, r.recordRoutes()...)
	routes = append(routes, r.wallRoutes()...)
	routes = append(routes, r.bulletinRoutes()...)
	routes = append(routes, r.staffingRoutes()...)
	routes = append(routes, r.whatIfRoutes()...)
	routes = append(routes, r.callbackRoutes()...)
	routes = append(routes, r.superviseRoutes()...)
	if r.Chief != nil {
		routes = append(routes, appliance{r.Chief}.routes()...)
	}
	if r.Simulator != nil {
		routes = append(routes, simulation{r.Simulator}.routes()...)
	}
	return routes
}

func (r *Rooms) getState(w http.ResponseWriter, req *http.Request) error {
	return Send(w, r.State(Viewer(req.Context())))
}

func (r *Rooms) getHealth(w http.ResponseWriter, _ *http.Request) error {
	return Send(w, r.health())
}

// maxRecords is the most that one request may read.
const maxRecords = 500

func (r *Rooms) getCall(w http.ResponseWriter, req *http.Request) error {
	steps, err := r.story(req)
	if err != nil {
		return err
	}
	recordings, err := r.recordingsOf(req.Context(), call.ID(req.PathValue("id")), steps)
	if err != nil {
		return err
	}
	return Send(w, Story{Steps: steps, Lines: list(r.Explain(steps, string(Lang(req)), names(r.Config()))), Recordings: list(recordings)})
}

// explainCall is what was decided about a call, and why.
func (r *Rooms) explainCall(w http.ResponseWriter, req *http.Request) error {
	steps, err := r.story(req)
	if err != nil {
		return err
	}
	return Send(w, list(ledger.Decisions(steps, string(Lang(req)), names(r.Config()))))
}

// story is the steps of the call that a request names.
func (r *Rooms) story(req *http.Request) ([]call.Step, error) {
	steps, err := r.Steps(req.Context(), call.ID(req.PathValue("id")))
	if errors.Is(err, ledger.ErrUnknown) {
		return nil, ErrNoCall
	}
	if err == nil && !seesSteps(Viewer(req.Context()), steps) {
		return nil, ErrNoCall
	}
	return steps, err
}

// names are what a box's owner calls its numbers and ports.
func names(c *config.Config) ledger.Names {
	return func(number string) string {
		if l, ok := c.Line(number); ok {
			return l.Name
		}
		if e, ok := c.Extension(number); ok {
			return e.Name
		}
		if q, ok := c.Queue(number); ok {
			return q.Name
		}
		if m, ok := c.Menu(number); ok {
			return m.Name
		}
		if f, ok := c.Flow(number); ok {
			return f.Name
		}
		if r, ok := c.Conference(number); ok {
			return r.Name
		}
		if s, ok := c.Switch(number); ok {
			return s.Name
		}
		return ""
	}
}

func (r *Rooms) hangup(w http.ResponseWriter, req *http.Request) error {
	id := call.ID(req.PathValue("id"))
	if err := r.seesCall(req, id); err != nil {
		return err
	}
	if !r.Release(id) {
		return ErrNoCall
	}
	return Send(w, Done{true})
}

// getConfig exports the tree without its secrets. A file with secrets is made by
// the owner on the box itself.
func (r *Rooms) getConfig(w http.ResponseWriter, _ *http.Request) error {
	text, err := Masked(r.Config()).YAML()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/yaml; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="pasokh.yaml"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // the client has gone if this fails
	return nil
}
