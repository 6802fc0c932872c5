package call

import "strings"

// What is known of a call beside who called whom: what its caller keyed, what was
// looked up, what a flow set. Queues, agents and other flows see it.

// Bounds of what a call knows; more is left out.
const (
	maxValues = 100
	maxValue  = 500 // bytes
)

// Learn keeps a value of the call under a name. An empty one is forgotten.
func (c *Call) Learn(name, value string) {
	if c.learn(name, value) {
		c.note(Step{Type: StepLearnt, Number: name, Value: c.values[name]})
	}
}

// LearnSecret is Learn of something that must not be written down.
func (c *Call) LearnSecret(name, value string) {
	if c.learn(name, value) {
		c.note(Step{Type: StepLearnt, Number: name})
	}
}

func (c *Call) learn(name, value string) bool {
	if value == "" {
		delete(c.values, name)
		return false
	}
	if _, known := c.values[name]; !known && len(c.values) == maxValues {
		return false
	}
	if c.values == nil {
		c.values = make(map[string]string)
	}
	c.values[name] = strings.ToValidUTF8(value[:min(len(value), maxValue)], "")
	return true
}

// Value is what is known under a name, or "".
func (c *Call) Value(name string) string { return c.values[name] }
