package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/webui/api"
)

// turnSwitch turns a switch for the night; status tells how all of them stand.
func turnSwitch(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("switch", args, out, nil)
	if err != nil {
		return err
	}
	if len(words) != 2 || words[1] != "on" && words[1] != "off" && words[1] != "day" {
		return errors.New("usage: pasokh switch NUMBER on | off | day")
	}
	body, err := json.Marshal(api.Turn{On: words[1] == "on", Day: words[1] == "day"})
	if err != nil {
		return err
	}
	var done api.Done
	if err := c.do(ctx, http.MethodPost, "/api/switches/"+url.PathEscape(words[0]), body, &done); err != nil {
		return err
	}
	fmt.Fprintln(out, words[0], "is", words[1])
	return nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// position is how a switch stands: closed by hours while it is off is told too.
func position(k night.View) string {
	switch {
	case k.Day:
		return "day"
	case k.Closed && !k.On:
		return "off, closed by hours"
	}
	return onOff(k.On)
}

func openOr(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

// until is when hours change, and why they are closed.
func until(h api.HoursState) string {
	text := "for a year at least"
	if !h.Until.IsZero() {
		text = "until " + h.Until.Format("Monday 2006-01-02 15:04")
	}
	if h.Names.English != "" {
		text += " (" + h.Names.English + ")"
	}
	return text
}
