package api

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/record"
)

// RecordingsRoom keeps recordings. *record.Room is one.
type RecordingsRoom interface {
	List(ctx context.Context, q record.Query) (list []record.Entry, more bool, err error)
	Of(ctx context.Context, id call.ID) ([]record.Entry, error)
	Find(ctx context.Context, id string) (record.Entry, error)
	Open(ctx context.Context, id, by string) (*os.File, record.Entry, error)
	Delete(ctx context.Context, id, by string) error
	Peaks(ctx context.Context, id string) (record.Peaks, error)
	Space() record.Space
}

// Recordings is the answer of GET /api/recordings.
type Recordings struct {
	Recordings []record.Entry `json:"recordings"` // newest first
	More       bool           `json:"more"`       // older ones fit too
	Space      record.Space   `json:"space"`
}

// RecordCall is the body of POST /api/calls/{id}/recording, and of conferences'.
type RecordCall struct {
	Do call.RecordDo `json:"do"` // start, stop, pause or resume
}

// getRecordings lists recordings by ?from and ?to (RFC 3339, of their beginning),
// ?number that took part, ?agent and ?limit.
func (r *Rooms) getRecordings(w http.ResponseWriter, req *http.Request) error {
	limit, err := limitOf(req, Recent, maxRecords)
	if err != nil {
		return err
	}
	q, v := record.Query{Limit: limit}, req.URL.Query()
	if q.From, err = timeOf(req, "from"); err != nil {
		return err
	}
	if q.To, err = timeOf(req, "to"); err != nil {
		return err
	}
	q.Number, q.Agent = v.Get("number"), v.Get("agent")
	if !oneLine(q.Number, maxName) {
		return ErrValue.Of("number")
	}
	if !oneLine(q.Agent, maxName) {
		return ErrValue.Of("agent")
	}
	found, more, err := r.recordingsSeen(req.Context(), q)
	if err != nil {
		return err
	}
	return Send(w, Recordings{Recordings: list(found), More: more, Space: r.Recordings.Space()})
}

// recordingsSeen lists those that the asker sees.
func (r *Rooms) recordingsSeen(ctx context.Context, q record.Query) ([]record.Entry, bool, error) {
	who := Viewer(ctx)
	if who.All() {
		return r.Recordings.List(ctx, q)
	}
	limit := q.Limit
	q.Limit = maxRecords
	return sift(limit, func(last *record.Entry) ([]record.Entry, bool, error) {
		if last != nil {
			q.To = last.Began
		}
		return r.Recordings.List(ctx, q)
	}, func(e *record.Entry) bool { return who.Sees(e.Queue) })
}

// hear sends a recording.
func (r *Rooms) hear(w http.ResponseWriter, req *http.Request) error {
	if err := r.seesRecording(req, req.PathValue("id")); err != nil {
		return err
	}
	f, e, err := r.Recordings.Open(req.Context(), req.PathValue("id"), User(req.Context()))
	if errors.Is(err, record.ErrUnknown) {
		return ErrNoRecording
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return sendWAV(w, req, e.ID, f)
}

func (r *Rooms) deleteRecording(w http.ResponseWriter, req *http.Request) error {
	if err := r.seesRecording(req, req.PathValue("id")); err != nil {
		return err
	}
	err := r.Recordings.Delete(req.Context(), req.PathValue("id"), User(req.Context()))
	if errors.Is(err, record.ErrUnknown) {
		return ErrNoRecording
	}
	if err != nil {
		return err
	}
	return Send(w, Done{true})
}

// recordingsOf are the recordings of a call, and of the conferences that it was in, as far
// as the asker may hear them.
func (r *Rooms) recordingsOf(ctx context.Context, id call.ID, steps []call.Step) ([]record.Entry, error) {
	who := Viewer(ctx)
	if !who.May(identity.Hear) {
		return nil, nil
	}
	own, err := r.Recordings.Of(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		has := func(e record.Entry) bool { return e.ID == s.Number }
		if s.Type != call.StepRecording || s.Number == "" || slices.ContainsFunc(own, has) {
			continue
		}
		if e, err := r.Recordings.Find(ctx, s.Number); err == nil {
			own = append(own, e)
		}
	}
	return slices.DeleteFunc(own, func(e record.Entry) bool { return !who.Sees(e.Queue) }), nil
}

// recordCall begins, stops, pauses or resumes the recording of a running call.
func (r *Rooms) recordCall(w http.ResponseWriter, req *http.Request) error {
	do, err := recordDo(req)
	if err != nil {
		return err
	}
	if err := r.seesCall(req, call.ID(req.PathValue("id"))); err != nil {
		return err
	}
	if !r.Record(call.ID(req.PathValue("id")), do, User(req.Context())) {
		return ErrNotRecorded
	}
	return Send(w, Done{true})
}

// recordMeeting does the same for a conference.
func (r *Rooms) recordMeeting(w http.ResponseWriter, req *http.Request) error {
	do, err := recordDo(req)
	if err != nil {
		return err
	}
	if err := wholeOnly(req); err != nil {
		return err
	}
	if !r.RecordMeeting(req.PathValue("number"), do, call.Party{Name: User(req.Context())}) {
		return ErrNotRecorded
	}
	return Send(w, Done{true})
}

func recordDo(req *http.Request) (call.RecordDo, error) {
	var c RecordCall
	if err := Decode(req, &c); err != nil {
		return "", err
	}
	switch c.Do {
	case call.RecordStart, call.RecordStop, call.RecordPause, call.RecordResume:
		return c.Do, nil
	}
	return "", ErrValue.Of("do")
}
