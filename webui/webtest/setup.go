package webtest

import (
	"time"

	"github.com/pasokh/pasokh/firmware/setup"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/exchange"
	"github.com/pasokh/pasokh/webui/api"
)

// memory forgets when the test is over.
type memory map[string][]byte

func (m memory) Get(bucket, key string) ([]byte, error) { return m[bucket+key], nil }
func (m memory) Put(bucket, key string, v []byte) error { m[bucket+key] = v; return nil }

// setUp is the set-up of the box, in which every test call is answered and heard, but for
// those to extensions that are not there or have the name "away".
func (b *Box) setUp() api.Setup {
	providers, _ := setup.Providers("") // the box's own, which its tests read
	return api.Setup{Room: b.Setup, Providers: providers, SIPPort: 5060, SIPSPort: 5061, Greet: func(ext string, _ call.Program) (call.ID, error) {
		e, ok := b.current().Extension(ext)
		if !ok || e.Name == "away" {
			return "", exchange.ErrNoPhone
		}
		id := call.NewID(b.Clock.Now())
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.scene.Steps == nil {
			b.scene.Steps = make(map[call.ID][]call.Step)
		}
		for _, step := range []call.StepType{call.StepRinging, call.StepAnswered, call.StepEnded} {
			b.scene.Steps[id] = append(b.scene.Steps[id], call.Step{Call: id, At: time.Now(), Type: step, Cause: call.Normal.String()})
		}
		return id, nil
	}}
}
