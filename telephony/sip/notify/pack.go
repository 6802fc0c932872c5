package notify

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// pack is an event package.
type pack struct {
	name  string
	media string // type of its documents
	own   bool   // an extension may watch only itself
	// write makes the document with the full state; version counts up from 0.
	write func(entity string, user string, version uint32, s State) []byte
	// differ tells whether the document for b says something else than that for a.
	differ func(a, b State) bool
}

var packs = []pack{
	{name: "dialog", media: "application/dialog-info+xml", write: dialogInfo, differ: func(a, b State) bool { return !slices.Equal(a.Calls, b.Calls) }},
	{name: "presence", media: "application/pidf+xml", write: pidf, differ: func(a, b State) bool { return a.Reachable != b.Reachable || a.Busy() != b.Busy() }},
	{name: "message-summary", media: "application/simple-message-summary", own: true, write: messages, differ: func(a, b State) bool { return a.Mailbox != b.Mailbox }},
}

// Events lists the packages, for Allow-Events (RFC 6665 8.2.2).
func Events() sip.Header {
	var names []string
	for _, p := range packs {
		names = append(names, p.name)
	}
	return sip.NewHeader("Allow-Events", strings.Join(names, ", "))
}

// packOf finds the package of an Event header field, and its id parameter.
func packOf(event string) (p *pack, id string) {
	name, params, _ := strings.Cut(event, ";")
	for param := range strings.SplitSeq(params, ";") {
		if k, v, _ := strings.Cut(param, "="); strings.EqualFold(strings.TrimSpace(k), "id") {
			id = strings.TrimSpace(v)
		}
	}
	name = strings.ToLower(strings.TrimSpace(name))
	i := slices.IndexFunc(packs, func(p pack) bool { return p.name == name })
	if i < 0 {
		return nil, ""
	}
	return &packs[i], id
}

// The documents of RFC 4235 4.
type (
	infoDocument struct {
		XMLName xml.Name     `xml:"urn:ietf:params:xml:ns:dialog-info dialog-info"`
		Version uint32       `xml:"version,attr"`
		State   string       `xml:"state,attr"`
		Entity  string       `xml:"entity,attr"`
		Dialogs []infoDialog `xml:"dialog"`
	}
	infoDialog struct {
		ID        string     `xml:"id,attr"`
		CallID    string     `xml:"call-id,attr,omitempty"`
		LocalTag  string     `xml:"local-tag,attr,omitempty"`
		RemoteTag string     `xml:"remote-tag,attr,omitempty"`
		Direction string     `xml:"direction,attr,omitempty"`
		State     string     `xml:"state"`
		Local     *infoParty `xml:"local"`
		Remote    *infoParty `xml:"remote"`
	}
	infoParty struct {
		Identity infoIdentity `xml:"identity"`
		Target   infoTarget   `xml:"target"`
	}
	infoIdentity struct {
		Display string `xml:"display,attr,omitempty"`
		URI     string `xml:",chardata"`
	}
	infoTarget struct {
		URI    string      `xml:"uri,attr"`
		Params []infoParam `xml:"param"`
	}
	infoParam struct {
		Name  string `xml:"pname,attr"`
		Value string `xml:"pval,attr"`
	}
)

// dialogInfo lists the calls of an extension. One that has none is told of as a
// terminated dialog: some phones keep the lamp of an empty list as it was.
func dialogInfo(entity, user string, version uint32, s State) []byte {
	d := infoDocument{Version: version, State: "full", Entity: entity}
	_, domain, _ := strings.Cut(entity, "@")
	for _, c := range s.Calls {
		remote := sip.Uri{Scheme: "sip", User: c.Remote.Number, Host: domain}
		if c.Remote.Number == "" {
			remote = sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"} // RFC 3323 4.1.1.3
		}
		i := infoDialog{ID: string(c.ID), Direction: "recipient", State: "early",
			Local:  &infoParty{infoIdentity{URI: entity}, infoTarget{URI: entity}},
			Remote: &infoParty{infoIdentity{c.Remote.Name, remote.String()}, infoTarget{URI: remote.String()}}}
		if c.Made {
			i.Direction = "initiator"
		}
		switch {
		case c.Up:
			i.State = "confirmed"
		case c.Dialog.Theirs != "": // who knows its name may pick it up (RFC 3891)
			i.CallID, i.LocalTag, i.RemoteTag = c.Dialog.CallID, c.Dialog.Theirs, c.Dialog.Ours
		}
		if c.Held {
			i.Local.Target.Params = []infoParam{{"+sip.rendering", "no"}} // RFC 4235 4.1.7
		}
		d.Dialogs = append(d.Dialogs, i)
	}
	if len(d.Dialogs) == 0 {
		d.Dialogs = []infoDialog{{ID: user, State: "terminated"}}
	}
	return document(d)
}

// The document of RFC 3863 4.
type (
	presenceDocument struct {
		XMLName xml.Name      `xml:"urn:ietf:params:xml:ns:pidf presence"`
		Entity  string        `xml:"entity,attr"`
		Tuple   presenceTuple `xml:"tuple"`
	}
	presenceTuple struct {
		ID     string         `xml:"id,attr"`
		Status presenceStatus `xml:"status"`
		Note   string         `xml:"note,omitempty"`
	}
	presenceStatus struct {
		Basic string `xml:"basic"`
	}
)

func pidf(entity, user string, _ uint32, s State) []byte {
	d := presenceDocument{Entity: entity, Tuple: presenceTuple{ID: "t" + user, Status: presenceStatus{"closed"}}}
	if s.Reachable {
		d.Tuple.Status.Basic = "open"
	}
	if s.Busy() {
		d.Tuple.Note = "On the phone"
	}
	return document(d)
}

// messages is the summary of a mailbox (RFC 3842 5.2). None of them is urgent.
func messages(entity, _ string, _ uint32, s State) []byte {
	waiting, m := "no", s.Mailbox
	if m.New > 0 {
		waiting = "yes"
	}
	text := "Messages-Waiting: " + waiting + "\r\nMessage-Account: " + entity + "\r\n"
	if m.Has {
		text += fmt.Sprintf("Voice-Message: %d/%d (0/0)\r\n", m.New, m.Old)
	}
	return []byte(text)
}

func document(v any) []byte {
	b, err := xml.Marshal(v)
	if err != nil {
		panic(err) // structs of strings and numbers always encode
	}
	return append([]byte(xml.Header), b...)
}
