package webtest

import (
	"context"
	"encoding/binary"
	"math"
	"os"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/telephony/sound"
)

// shelf is a room with a recording of every answered call of a Month that has a name:
// four seconds of two tones, the caller's in the first half, the other side's in the
// second.
type shelf struct{ box *Box }

const (
	shelfSeconds = 4
	shelfRate    = 8000
)

func (s shelf) entries() (list []record.Entry) {
	for _, r := range s.box.scene.Records {
		if r.From.Name == "" || r.Talk == 0 || len(r.Visits) == 0 {
			continue
		}
		list = append(list, record.Entry{ID: r.Started.UTC().Format("20060102-150405") + "-1a2b3c4d", Call: r.Call, Began: r.Started, From: r.From, To: r.To, Queue: r.Queue,
			With: []string{r.Agent}, State: record.Kept, Length: shelfSeconds * 1000, Size: 2 * shelfSeconds * shelfRate, Gaps: []record.Gap{}, Heard: []record.Act{}})
	}
	return list
}

func (s shelf) List(_ context.Context, q record.Query) ([]record.Entry, bool, error) {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	var found []record.Entry
	for _, e := range s.entries() {
		if e.Began.Before(q.From) || !q.To.IsZero() && !e.Began.Before(q.To) || q.Call != "" && e.Call != q.Call {
			continue
		}
		found = append(found, e)
	}
	return found, false, nil
}

func (s shelf) Of(ctx context.Context, id call.ID) ([]record.Entry, error) {
	found, _, err := s.List(ctx, record.Query{Call: id})
	return found, err
}

func (s shelf) Find(ctx context.Context, id string) (record.Entry, error) {
	found, _, err := s.List(ctx, record.Query{})
	for _, e := range found {
		if e.ID == id {
			return e, err
		}
	}
	return record.Entry{}, record.ErrUnknown
}

func (s shelf) Open(ctx context.Context, id, _ string) (*os.File, record.Entry, error) {
	e, err := s.Find(ctx, id)
	if err != nil {
		return nil, e, err
	}
	f, err := os.CreateTemp("", "pasokh-sound-*.wav")
	if err != nil {
		return nil, e, err
	}
	_ = os.Remove(f.Name()) // it lives as long as it is open
	frames := shelfSeconds * shelfRate
	data := sound.PCMHead(shelfRate, 2, int64(4*frames))
	for i := range frames {
		s := uint16(int16(12000 * math.Sin(2*math.Pi*440*float64(i)/shelfRate)))
		if i < frames/2 {
			data = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(data, s), 0)
		} else {
			data = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(data, 0), s)
		}
	}
	if _, err := f.Write(data); err != nil {
		return nil, e, err
	}
	_, err = f.Seek(0, 0)
	return f, e, err
}

func (shelf) Delete(context.Context, string, string) error { return record.ErrUnknown }

func (shelf) Space() record.Space { return record.Space{} }

func (s shelf) Peaks(ctx context.Context, id string) (record.Peaks, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return record.Peaks{}, err
	}
	p := record.Peaks{Length: shelfSeconds * 1000, Channels: make([][]int, 2)}
	for i := range 480 {
		caller, other := 20+i%37, 0
		if i >= 240 {
			caller, other = other, caller
		}
		p.Channels[0], p.Channels[1] = append(p.Channels[0], caller), append(p.Channels[1], other)
	}
	return p, nil
}
