package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/pasokh/pasokh/webui/api"
)

// turnSwitch turns a switch for the night; status tells how all of them stand.
func turnSwitch(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("switch", args, out, nil)
	if err != nil {
		return err
	}
	if len(words) != 2 || words[1] != "on" && words[1] != "off" {
		return errors.New("usage: pasokh switch NUMBER on | off")
	}
	body, err := json.Marshal(api.Turn{On: words[1] == "on"})
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
