package api

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/upload"
	"github.com/pasokh/pasokh/telephony/jukebox"
)

// Sounds are the business's sounds; *jukebox.Jukebox is one. Its methods may wait for
// the disk, but for List.
type Sounds interface {
	List() []jukebox.Sound
	Receive(r io.Reader, size int64, name, unit string) (jukebox.Sound, error)
	Rename(id, name string) error
	Remove(id string) error
	Audio(id string) (io.ReadSeeker, error)
}

// SoundList is the answer of GET /api/sounds.
type SoundList struct {
	Sounds  []jukebox.Sound `json:"sounds"`
	Music   []MusicClass    `json:"music"`
	Prompts []Prompt        `json:"prompts"`
	// Uses is what names a class of music.
	Uses []config.MusicUse `json:"uses"`
}

// MusicClass is a class of hold music, and the body of POST /api/music.
type MusicClass struct {
	Name       string            `json:"name"`
	Files      []string          `json:"files"`
	Order      config.MusicOrder `json:"order"`
	Continuous bool              `json:"continuous"`
}

// Prompt is something that the box says, which a business can say itself.
type Prompt struct {
	Unit string `json:"unit"` // "fa/welcome"
	Text string `json:"text"`
	// Number finds it at a phone, after the code of the features for prompts.
	Number  string `json:"number"`
	Missing bool   `json:"missing"` // it has no sound
}

// Rename is the body of POST /api/sounds/{id}/rename.
type Rename struct {
	Name string `json:"name"`
}

func (r *Rooms) soundRoutes() []Route {
	if r.Sounds == nil {
		return nil
	}
	return []Route{
		{Pattern: "GET /api/sounds", Right: identity.Settings, Handle: r.getSounds,
			About: "The business's sounds, its music, and the prompts that it can replace.", Gives: SoundList{}},
		{Pattern: "POST /api/sounds", Right: identity.Settings, Stream: true, Handle: r.upload,
			About: "Takes a sound file; it plays when the answer has come.", Takes: Media("application/octet-stream"), Gives: jukebox.Sound{},
			Query: []Param{
				text("name", "What people call it."), text("prompt", "The prompt that it replaces, as fa/welcome.")}},
		{Pattern: "GET /api/sounds/{id}/audio.wav", Right: identity.Settings, Stream: true, Handle: r.hearSound,
			About: "A sound.", Query: []Param{saved}, Gives: wavFile},
		{Pattern: "POST /api/sounds/{id}/rename", Right: identity.Settings, Handle: r.renameSound,
			About: "Gives a sound another name.", Takes: Rename{}, Gives: SoundList{}},
		{Pattern: "POST /api/sounds/{id}/delete", Right: identity.Settings, Handle: r.deleteSound,
			About: "Deletes a sound that nothing plays.", Gives: SoundList{}},
		{Pattern: "POST /api/music", Right: identity.Settings, Handle: r.setMusic,
			About: "Makes a class of hold music, or changes the one of its name.", Takes: MusicClass{}, Gives: SoundList{}},
		{Pattern: "POST /api/music/{name}/delete", Right: identity.Settings, Handle: r.deleteMusic,
			About: "Deletes a class of hold music that nothing plays.", Gives: SoundList{}},
	}
}

func (r *Rooms) getSounds(w http.ResponseWriter, _ *http.Request) error {
	l := SoundList{Sounds: list(r.Sounds.List()), Prompts: list(r.Prompts()), Music: []MusicClass{}, Uses: list(r.Config().MusicUses())}
	for _, m := range r.Config().Music {
		l.Music = append(l.Music, MusicClass{m.Name, list(m.Files), m.Order, m.Continuous})
	}
	return Send(w, l)
}

// upload takes a file as the body, ?name= for people and ?prompt= for the prompt that
// it replaces.
func (r *Rooms) upload(w http.ResponseWriter, req *http.Request) error {
	q := req.URL.Query()
	var s jukebox.Sound
	err := upload.Take(w, req, jukebox.MaxUpload, func(body io.Reader) (err error) {
		s, err = r.Sounds.Receive(body, req.ContentLength, q.Get("name"), q.Get("prompt"))
		return err
	})
	if err != nil {
		return err
	}
	return Send(w, s)
}

func (r *Rooms) hearSound(w http.ResponseWriter, req *http.Request) error {
	file, err := r.Sounds.Audio(req.PathValue("id"))
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(20 * upload.Patience))
	return sendWAV(w, req, req.PathValue("id"), file)
}

func (r *Rooms) renameSound(w http.ResponseWriter, req *http.Request) error {
	var n Rename
	if err := Decode(req, &n); err != nil {
		return err
	}
	if err := r.Sounds.Rename(req.PathValue("id"), n.Name); err != nil {
		return err
	}
	return r.getSounds(w, req)
}

func (r *Rooms) deleteSound(w http.ResponseWriter, req *http.Request) error {
	if err := r.Sounds.Remove(req.PathValue("id")); err != nil {
		return err
	}
	return r.getSounds(w, req)
}

// setMusic makes or changes a class of music.
func (r *Rooms) setMusic(w http.ResponseWriter, req *http.Request) error {
	var m MusicClass
	if err := Decode(req, &m); err != nil {
		return err
	}
	at := 0 // in the list
	err := r.Propose(func(c *config.Config) {
		class := config.MusicClass{Name: m.Name, Files: m.Files, Order: m.Order, Continuous: m.Continuous}
		c.Music = slices.Clone(c.Music)
		if at = slices.IndexFunc(c.Music, m.is); at < 0 {
			at = len(c.Music)
			c.Music = append(c.Music, class)
		}
		c.Music[at] = class
	}, User(req.Context()), "music "+m.Name)
	if err != nil {
		return wrongIn(fmt.Sprintf("music[%d].", at), err)
	}
	return r.getSounds(w, req)
}

func (m *MusicClass) is(c config.MusicClass) bool { return c.Name == m.Name }

// deleteMusic deletes a class that nothing plays. Without the default one the box's own
// pieces are heard again.
func (r *Rooms) deleteMusic(w http.ResponseWriter, req *http.Request) error {
	m := MusicClass{Name: req.PathValue("name")}
	if !slices.ContainsFunc(r.Config().Music, m.is) {
		return ErrNotFound
	}
	if m.Name != config.DefaultMusic && slices.ContainsFunc(r.Config().MusicUses(), func(u config.MusicUse) bool { return u.Class == m.Name }) {
		return ErrMusicUsed
	}
	err := r.Propose(func(c *config.Config) { c.Music = slices.DeleteFunc(slices.Clone(c.Music), m.is) },
		User(req.Context()), "music "+m.Name+" deleted")
	if err != nil {
		return refused(err)
	}
	return r.getSounds(w, req)
}
