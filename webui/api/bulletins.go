package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/mail"
	"github.com/pasokh/pasokh/telephony/bulletin"
)

// Bulletins sends reports by mail. *bulletin.Room is one.
type Bulletins interface {
	Views() []bulletin.Standing
	SendNow(ctx context.Context, name string) error
}

// BulletinForm is a report that goes out by mail, as in config.Bulletin; also the body of
// POST /api/bulletins, which adds one or replaces the one of its name.
type BulletinForm struct {
	Name     string   `json:"name"`
	To       []string `json:"to"`
	Every    string   `json:"every"`    // day, week or month
	Calendar string   `json:"calendar"` // jalali or gregorian
	At       string   `json:"at"`       // "07:00"
	By       string   `json:"by"`
	Queue    string   `json:"queue"`
	Language string   `json:"language"` // empty: the box's
}

// BulletinList is the answer of GET /api/bulletins, and of what changes them.
type BulletinList struct {
	Bulletins []BulletinForm      `json:"bulletins"`
	States    []bulletin.Standing `json:"states"` // in the same order
	Mail      bool                `json:"mail"`   // a mail server is set
}

// BulletinName is the body of POST /api/bulletins/delete and /send.
type BulletinName struct {
	Name string `json:"name"`
}

func (r *Rooms) bulletinRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/bulletins", Right: identity.Keep, Handle: r.getBulletins,
			About: "The reports that go out by mail.", Gives: BulletinList{}},
		{Pattern: "POST /api/bulletins", Right: identity.Keep, Handle: r.setBulletin,
			About: "Makes a report that goes out by mail, or changes the one of its name.", Takes: BulletinForm{}, Gives: BulletinList{}},
		{Pattern: "POST /api/bulletins/delete", Right: identity.Keep, Handle: r.deleteBulletin,
			About: "Deletes a report that goes out by mail.", Takes: BulletinName{}, Gives: BulletinList{}},
		{Pattern: "POST /api/bulletins/send", Right: identity.Keep, Handle: r.sendBulletin,
			About: "Sends a report now.", Takes: BulletinName{}, Gives: Outcome{}},
	}
}

func (r *Rooms) getBulletins(w http.ResponseWriter, _ *http.Request) error {
	c := r.Config()
	out := BulletinList{Bulletins: []BulletinForm{}, States: list(r.Bulletins.Views()), Mail: c.Mail.Server != ""}
	for _, b := range c.Bulletins {
		out.Bulletins = append(out.Bulletins, BulletinForm{b.Name, append([]string{}, b.To...), string(b.Every), string(b.Calendar), b.At, b.By, b.Queue, string(b.Language)})
	}
	return Send(w, out)
}

func (r *Rooms) setBulletin(w http.ResponseWriter, req *http.Request) error {
	var f BulletinForm
	if err := Decode(req, &f); err != nil {
		return err
	}
	b := config.Bulletin{Name: f.Name, To: f.To, Every: config.BulletinEvery(f.Every), Calendar: config.BulletinCalendar(f.Calendar), At: f.At, By: f.By, Queue: f.Queue,
		Language: config.Language(f.Language)}
	at := 0
	err := r.Propose(func(c *config.Config) {
		c.Bulletins = slices.Clone(c.Bulletins)
		if at = slices.IndexFunc(c.Bulletins, func(o config.Bulletin) bool { return o.Name == b.Name }); at >= 0 {
			c.Bulletins[at] = b
			return
		}
		at = len(c.Bulletins)
		c.Bulletins = append(c.Bulletins, b)
	}, User(req.Context()), "report by mail: "+f.Name)
	if err != nil {
		return wrongIn(bulletinPath(at), err)
	}
	return r.getBulletins(w, req)
}

// bulletinPath is where the problems of a bulletin are found.
func bulletinPath(i int) string { return "bulletins[" + strconv.Itoa(i) + "]." }

func (r *Rooms) deleteBulletin(w http.ResponseWriter, req *http.Request) error {
	var n BulletinName
	if err := Decode(req, &n); err != nil {
		return err
	}
	err := r.Propose(func(c *config.Config) {
		c.Bulletins = slices.DeleteFunc(slices.Clone(c.Bulletins), func(b config.Bulletin) bool { return b.Name == n.Name })
	}, User(req.Context()), "no report by mail: "+n.Name)
	if err != nil {
		return wrongIn("bulletins", err)
	}
	return r.getBulletins(w, req)
}

// sendTime is how long a letter may take while somebody waits.
const sendTime = 30 * time.Second

// sendBulletin sends the latest issue now, and answers with the server's words.
func (r *Rooms) sendBulletin(w http.ResponseWriter, req *http.Request) error {
	var n BulletinName
	if err := Decode(req, &n); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(req.Context(), sendTime)
	defer cancel()
	switch err := r.Bulletins.SendNow(ctx, n.Name); {
	case errors.Is(err, bulletin.ErrUnknown):
		return ErrValue.Of("name")
	case errors.Is(err, mail.ErrOff):
		return ErrNoMail
	case err != nil:
		return Send(w, Outcome{Detail: err.Error()})
	}
	return Send(w, Outcome{OK: true})
}
