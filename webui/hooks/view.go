package hooks

import (
	"slices"
	"time"
)

// View is how a webhook stands.
type View struct {
	Name    string     `json:"name"`
	Waiting int        `json:"waiting"`
	Since   time.Time  `json:"since,omitzero"` // it takes nothing
	Off     bool       `json:"off"`            // it took nothing for a day, and is told nothing any more
	Told    []Delivery `json:"told"`           // the one that is being tried and those that are over, newest first
}

// Views are all that are set, in order.
func (r *Room) Views() []View {
	views := []View{}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.opts.Config().Webhooks {
		v := View{Name: w.Name, Told: []Delivery{}}
		if h := r.book[w.Name]; h != nil {
			v.Waiting, v.Since, v.Off, v.Told = len(h.Waiting), h.Since, h.Off, append(v.Told, h.Told...)
			if len(h.Waiting) > 0 && h.Waiting[0].Tries > 0 {
				d := h.Waiting[0]
				d.Body = nil
				v.Told = append(v.Told, d)
			}
			slices.Reverse(v.Told)
		}
		views = append(views, v)
	}
	return views
}

// On switches a webhook on again that had been switched off; ErrUnknown.
func (r *Room) On(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.book[name]
	if h == nil {
		return ErrUnknown
	}
	h.Off, h.Since = false, time.Time{}
	r.warn()
	select {
	case r.look <- struct{}{}:
	default:
	}
	return nil
}
