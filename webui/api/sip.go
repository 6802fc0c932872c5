package api

import (
	"net/http"
	"strconv"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/trace"
)

// messages are what is left of the SIP messages of a call.
func (r *Rooms) messages(req *http.Request) ([]trace.Message, error) {
	steps, err := r.story(req)
	if err != nil {
		return nil, err
	}
	var legs []call.LegID
	seen := map[call.LegID]bool{"": true}
	for _, s := range steps {
		if !seen[s.Leg] {
			seen[s.Leg] = true
			legs = append(legs, s.Leg)
		}
	}
	return r.Trace(legs), nil
}

func (r *Rooms) getSIP(w http.ResponseWriter, req *http.Request) error {
	messages, err := r.messages(req)
	if err != nil {
		return err
	}
	answer := SIPTrace{Messages: []SIPMessage{}}
	for _, m := range messages {
		answer.Messages = append(answer.Messages, said(m))
	}
	return Send(w, answer)
}

func said(m trace.Message) SIPMessage {
	return SIPMessage{At: m.At, In: m.In, Network: m.Network, Local: m.Local.String(), Peer: m.Peer.String(), Text: string(m.Text)}
}

// getPCAP gives the messages to other programs.
func (r *Rooms) getPCAP(w http.ResponseWriter, req *http.Request) error {
	messages, err := r.messages(req)
	if err != nil {
		return err
	}
	sendPCAP(w, "sip", messages)
	return nil
}

func sendPCAP(w http.ResponseWriter, name string, messages []trace.Message) {
	file := trace.PCAP(messages)
	h := w.Header()
	h.Set("Content-Type", "application/vnd.tcpdump.pcap")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.pcap"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = w.Write(file) // the client has gone if this fails
}
