package main

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/hooks"
)

// TestWebhookHearsOfACall: a receiver in another language, which checks signatures and does
// not take the first message, hears the story of a call in order; the page tells how it stands.
func TestWebhookHearsOfACall(t *testing.T) {
	needTool(t, need.Python)
	t.Parallel()
	d := startDemo(t)
	const key = "sixteen letters!"
	receiver := exec.CommandContext(t.Context(), need.Python, "../../webui/hooks/testdata/receiver.py", key)
	out, err := receiver.StdoutPipe()
	if err == nil {
		err = receiver.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = receiver.Wait() }) // it ends with the test's context
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("no receiver")
	}
	d.configure(func(c *config.Config) {
		c.Webhooks = []config.Webhook{{Name: "crm", URL: "http://127.0.0.1:" + lines.Text(), Key: key, Events: []string{"call"}}}
	})
	d.callIn("fxo1", api.SimCall{Number: "09121234567"})
	time.AfterFunc(time.Minute, func() { _ = receiver.Process.Kill() }) // a test that hears nothing ends
	var heard []string
	for !slices.Contains(heard, "answered") && lines.Scan() {
		var got struct {
			Good bool
			Told hooks.Told
		}
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil || !got.Good || got.Told.Event == nil {
			t.Fatalf("came %s: %v", lines.Text(), err)
		}
		heard = append(heard, string(got.Told.Event.Step.Type))
	}
	if !slices.Contains(heard, "answered") || heard[0] != "configured" && heard[0] != "arrived" {
		t.Errorf("heard %v", heard)
	}

	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.do(map[string]any{"do": "goto", "path": "/#/care"})
	p.do(map[string]any{"do": "click", "testid": "webhook-crm-test"})
	p.do(map[string]any{"do": "wait", "testid": "webhook-crm-tested", "contains": "It arrived."})
	p.do(map[string]any{"do": "goto", "path": "/#/settings/webhooks/crm"})
	p.do(map[string]any{"do": "wait", "testid": "thing-form", "contains": "Signing key"})
}
