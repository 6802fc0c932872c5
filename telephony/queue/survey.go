package queue

import (
	"errors"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// survey asks the caller, whose agent has hung up, what the queue wants to know. It is
// over with the first question that he does not answer.
func (v *visit) survey(agent string) {
	s := &v.queue.Survey
	if len(s.Questions) == 0 {
		return
	}
	c, lang := v.call, v.call.Language()
	c.Enter("survey " + v.queue.Number)
	c.ForgetTyped()
	var first call.Program
	if s.Prompt != "" {
		first = speech.Phrase(lang, s.Prompt)
	}
	for i, question := range s.Questions {
		answer, err := v.rate(speech.Sentences(first, speech.Phrase(lang, question)))
		if err != nil {
			return
		}
		first = call.Program{}
		v.note(call.Step{Type: call.StepSurvey, Agent: agent, Number: strconv.Itoa(i + 1), Value: string(rune(answer))})
	}
	// He has said what he had to, whether or not he hears it out.
	_ = c.Play(speech.Phrase(lang, "goodbye"))
}

// rate asks for a key from 1 to 5.
func (v *visit) rate(question call.Program) (byte, error) {
	tries, timeout := v.queue.Survey.Tries, v.queue.Survey.Timeout.D()
	if tries == 0 {
		tries = 2
	}
	if timeout == 0 {
		timeout = 5 * time.Second
	}
	for range tries {
		key, err := v.call.Ask(question, timeout)
		switch {
		case err == nil && key >= '1' && key <= '5':
			return key, nil
		case err == nil:
			v.call.ForgetTyped()
			question = speech.Sentences(speech.Phrase(v.call.Language(), "menu-invalid"), question)
		case !errors.Is(err, call.ErrTime):
			return 0, err
		}
	}
	return 0, call.ErrTime
}
