package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/webui/api"
)

// watch shows the SIP messages of a phone, trunk or address while they come.
func watch(ctx context.Context, args []string, out io.Writer) error {
	var ask api.Watch
	var file string
	last := time.Minute
	c, words, err := clientFlags("trace", args, out, func(f *flag.FlagSet) {
		f.StringVar(&ask.Phone, "phone", "", "`extension` whose phones to watch")
		f.StringVar(&ask.Trunk, "trunk", "", "`name` of the trunk to watch")
		f.StringVar(&ask.From, "from", "", "`address` or network to watch")
		f.StringVar(&file, "pcap", "", "`file` to write the messages to instead, for Wireshark")
		f.DurationVar(&last, "for", last, "how long, to one hour; Ctrl-C ends it before")
	})
	if err != nil {
		return err
	}
	if len(words) > 0 || ask.Phone == "" && ask.Trunk == "" && ask.From == "" || last < time.Second || last > trace.MaxCapture {
		return errors.New("usage: pasokh trace --phone NUMBER | --trunk NAME | --from ADDRESS [--pcap FILE] [--for 1s to 1h]")
	}
	ask.Seconds = int(last / time.Second)
	show := func(m api.SIPMessage) error { return printSIP(out, m) }
	if file != "" {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close() // every message is written at once
		if _, err := f.Write(trace.PCAPHeader()); err != nil {
			return err
		}
		show = func(m api.SIPMessage) error { return writeSIP(f, m) }
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	var begun api.Watching
	if err := c.do(ctx, http.MethodPost, "/api/sip/traces", body, &begun); err != nil {
		return err
	}
	path := "/api/sip/traces/" + url.PathEscape(begun.ID)
	defer func() {
		var done api.Done
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = c.do(bye, http.MethodPost, path+"/stop", []byte("{}"), &done) // it ends by itself if this fails
	}()
	fmt.Fprintf(out, "Watching for %v; Ctrl-C ends it.\n\n", last)
	v := &viewer{client: c, path: path + "/live", last: "-1", show: show, out: out}
	for over := false; !over; {
		over, err = v.read(ctx)
		if ctx.Err() != nil {
			return nil // Ctrl-C
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// viewer reads a live trace.
type viewer struct {
	client *client
	path   string
	last   string // number of the last message
	show   func(api.SIPMessage) error
	out    io.Writer
}

// read reads one stream; over is false when there is more to come in the next.
func (v *viewer) read(ctx context.Context) (over bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pasokh"+v.path, nil)
	if err != nil {
		return true, err
	}
	req.Header.Set("Last-Event-ID", v.last)
	stream := http.Client{Transport: v.client.http.Transport} // the daemon ends it in time
	resp, err := stream.Do(req)
	if err != nil {
		return true, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return true, errors.New(resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20) // a message is at most 64 KiB, before JSON escapes it
	event := ""
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "":
			event = ""
		case name == "event":
			event = value
		case name == "id":
			v.last = value
		case name != "data":
		case event == "end":
			return true, nil
		case event == "lost":
			fmt.Fprintln(v.out, value, "messages came too fast and are not shown")
		default:
			var m api.SIPMessage
			if err := json.Unmarshal([]byte(value), &m); err != nil {
				return true, err
			}
			if err := v.show(m); err != nil {
				return true, err
			}
		}
	}
	return false, lines.Err()
}

// printSIP prints a message for people.
func printSIP(out io.Writer, m api.SIPMessage) error {
	way := "to"
	if m.In {
		way = "from"
	}
	_, err := fmt.Fprintf(out, "%s %s %s %s\n\n%s\n", m.At.Local().Format("15:04:05.000"), way, m.Network, m.Peer, strings.ReplaceAll(m.Text, "\r\n", "\n"))
	return err
}

// writeSIP adds a message to a capture file.
func writeSIP(out io.Writer, m api.SIPMessage) error {
	local, err := netip.ParseAddrPort(m.Local)
	if err != nil {
		return err
	}
	peer, err := netip.ParseAddrPort(m.Peer)
	if err != nil {
		return err
	}
	_, err = out.Write(trace.AppendPCAP(nil, trace.Message{At: m.At, In: m.In, Network: m.Network, Local: local, Peer: peer, Text: []byte(m.Text)}))
	return err
}
