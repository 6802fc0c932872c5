package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/backup"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
)

// Backups are the copies of the box. *backup.Room is them.
type Backups interface {
	State() backup.State
	Make() error
	Rehearse() error
	List(ctx context.Context, place string) ([]backup.Stored, error)
	Prepare(place, name string, passphrase config.Secret, revision int) error
	Confirm() error
	Cancel() error
}

// BackupForm is when, what and where, as in config.Backup; also the body of POST
// /api/care/backup. "[secret]" is the secret that is set.
type BackupForm struct {
	Every      string            `json:"every"` // never, daily or weekly
	At         string            `json:"at"`
	Keep       int               `json:"keep"`
	Recordings bool              `json:"recordings"`
	Passphrase string            `json:"passphrase"`
	Places     []BackupPlaceForm `json:"places"`
}

// BackupPlaceForm is where backups go, as in config.BackupPlace.
type BackupPlaceForm struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"` // folder, usb, sftp or s3
	Path     string `json:"path"`
	Server   string `json:"server"`
	User     string `json:"user"`
	Password string `json:"password"`
	HostKey  string `json:"host_key"`
	Bucket   string `json:"bucket"`
	Region   string `json:"region"`
}

// BackupList is the answer of GET /api/care/backup/list?place=.
type BackupList struct {
	Backups []backup.Stored `json:"backups"`
}

// BackupDo is the body of POST /api/care/backup/do: make, rehearse or cancel.
type BackupDo struct {
	Do string `json:"do"`
}

// BackupPrepare is the body of POST /api/care/backup/prepare, which reads a backup and
// tells what it would replace.
type BackupPrepare struct {
	Place      string `json:"place"`
	Name       string `json:"name"`
	Passphrase string `json:"passphrase"` // of a backup of another box; empty: this one's
}

func backupForm(b *config.Backup) BackupForm {
	f := BackupForm{string(b.Every), b.At, b.Keep, b.Recordings, shown(b.Passphrase), []BackupPlaceForm{}}
	for _, p := range b.Places {
		f.Places = append(f.Places, BackupPlaceForm{p.Name, string(p.Kind), p.Path, p.Server, p.User, shown(p.Password), p.HostKey, p.Bucket, p.Region})
	}
	return f
}

func (f *BackupForm) config() config.Backup {
	b := config.Backup{Every: config.BackupEvery(f.Every), At: f.At, Keep: f.Keep, Recordings: f.Recordings, Passphrase: config.Secret(f.Passphrase)}
	for _, p := range f.Places {
		b.Places = append(b.Places, config.BackupPlace{Name: p.Name, Kind: config.BackupKind(p.Kind), Path: p.Path, Server: p.Server,
			User: p.User, Password: config.Secret(p.Password), HostKey: p.HostKey, Bucket: p.Bucket, Region: p.Region})
	}
	return b
}

func (r *Rooms) backupRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/care/backup", Right: identity.Keep, Handle: func(w http.ResponseWriter, _ *http.Request) error { return Send(w, r.Backups.State()) },
			About: "How backups stand, and what is going on.", Gives: backup.State{}},
		{Pattern: "POST /api/care/backup", Right: identity.Keep, Handle: r.setBackup,
			About: "Sets when, what and where is backed up.", Takes: BackupForm{}, Gives: CareSettings{}},
		{Pattern: "GET /api/care/backup/list", Right: identity.Keep, Handle: r.listBackups,
			About: "The backups at a place.", Query: []Param{needed("place", "The name of the place.")}, Gives: BackupList{}},
		{Pattern: "POST /api/care/backup/do", Right: identity.Keep, Handle: r.doBackup,
			About: "Makes a backup, rehearses restoring one, or cancels.", Takes: BackupDo{}, Gives: backup.State{}},
		{Pattern: "POST /api/care/backup/prepare", Right: identity.Keep, Handle: r.prepareBackup,
			About: "Reads a backup, to tell what it would replace.", Takes: BackupPrepare{}, Gives: backup.State{}},
		{Pattern: "POST /api/care/backup/restore", Right: identity.Keep, Handle: r.restoreBackup,
			About: "Puts the backup that was prepared in force. The box restarts.", Gives: Done{}},
	}
}

func (r *Rooms) setBackup(w http.ResponseWriter, req *http.Request) error {
	var f BackupForm
	if err := Decode(req, &f); err != nil {
		return err
	}
	if err := r.Propose(func(c *config.Config) { c.Backup = f.config() }, User(req.Context()), "backup"); err != nil {
		return wrongIn("backup.", err)
	}
	return r.getCare(w, req)
}

// listTime is how long a place may take to tell what it has.
const listTime = 25 * time.Second

func (r *Rooms) listBackups(w http.ResponseWriter, req *http.Request) error {
	ctx, cancel := context.WithTimeout(req.Context(), listTime)
	defer cancel()
	list, err := r.Backups.List(ctx, req.URL.Query().Get("place"))
	if err != nil {
		return backupRefusal(err)
	}
	return Send(w, BackupList{append([]backup.Stored{}, list...)})
}

func (r *Rooms) doBackup(w http.ResponseWriter, req *http.Request) error {
	var d BackupDo
	if err := Decode(req, &d); err != nil {
		return err
	}
	what, ok := map[string]func() error{"make": r.Backups.Make, "rehearse": r.Backups.Rehearse, "cancel": r.Backups.Cancel}[d.Do]
	if !ok {
		return ErrVerb
	}
	if err := what(); err != nil {
		return backupRefusal(err)
	}
	return Send(w, r.Backups.State())
}

func (r *Rooms) prepareBackup(w http.ResponseWriter, req *http.Request) error {
	var p BackupPrepare
	if err := Decode(req, &p); err != nil {
		return err
	}
	if err := r.Backups.Prepare(p.Place, p.Name, config.Secret(p.Passphrase), r.Revision()); err != nil {
		return backupRefusal(err)
	}
	return Send(w, r.Backups.State())
}

// restoreBackup puts what was prepared in place, and lets the box start with it.
func (r *Rooms) restoreBackup(w http.ResponseWriter, req *http.Request) error {
	if err := r.Backups.Confirm(); err != nil {
		return backupRefusal(err)
	}
	r.Restart()
	return Send(w, Done{true})
}

// backupRefusal is what the room of backups says, for people.
func backupRefusal(err error) error {
	switch {
	case errors.Is(err, backup.ErrPlace):
		return ErrNoPlace
	case errors.Is(err, backup.ErrBusy):
		return ErrBackupBusy
	case errors.Is(err, backup.ErrNoPassphrase):
		return ErrNoPassphrase
	case errors.Is(err, backup.ErrNothingPending):
		return ErrNotPrepared
	}
	e := *ErrPlaceFails
	e.en, e.fa = e.en+" "+err.Error(), e.fa+" "+err.Error()
	return &e
}
