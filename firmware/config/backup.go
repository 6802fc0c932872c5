package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Backup is when copies of the box are made, of what, and where they go.
type Backup struct {
	Every BackupEvery `yaml:"every"`
	At    string      `yaml:"at"`   // time of the day, "03:30"
	Keep  int         `yaml:"keep"` // of each place; older ones are deleted. 1 to 365
	// Recordings takes those of calls along, too; they may be many gigabytes.
	Recordings bool `yaml:"recordings,omitempty"`
	// Passphrase encrypts every backup, at least 12 characters. Without it nobody can
	// restore one, on this box or another: keep it elsewhere too.
	Passphrase Secret        `yaml:"passphrase,omitempty"`
	Places     []BackupPlace `yaml:"places,omitempty"` // at most 8
}

// BackupEvery is how often a backup is made.
type BackupEvery string

// The choices. Whichever it is, one can be made at any time by hand.
const (
	BackupNever  BackupEvery = "never"
	BackupDaily  BackupEvery = "daily"
	BackupWeekly BackupEvery = "weekly" // on Fridays
)

// BackupPlace is where backups go.
type BackupPlace struct {
	Name string     `yaml:"name"` // unique: small letters, digits, - and _
	Kind BackupKind `yaml:"kind"`
	// Path is the folder: absolute on the box (folder), on the stick (usb), of the
	// server (sftp), or how the names of objects begin (s3).
	Path string `yaml:"path,omitempty"`
	// Server is host or host:port of an SFTP server, or the address of an S3-compatible
	// one (https://s3.example.com).
	Server string `yaml:"server,omitempty"`
	User   string `yaml:"user,omitempty"` // or the access key of S3
	// Password is the password, or the secret key of S3.
	Password Secret `yaml:"password,omitempty"`
	// HostKey is the fingerprint of the SFTP server ("SHA256:..."), as it was seen at
	// first use if it is empty. A server with another key is refused.
	HostKey string `yaml:"host_key,omitempty"`
	Bucket  string `yaml:"bucket,omitempty"` // of S3
	Region  string `yaml:"region,omitempty"` // of S3; empty: us-east-1
}

// BackupKind is what kind of place it is.
type BackupKind string

// The kinds.
const (
	BackupFolder BackupKind = "folder"
	BackupUSB    BackupKind = "usb"
	BackupSFTP   BackupKind = "sftp"
	BackupS3     BackupKind = "s3"
)

// Place is the place of that name.
func (b *Backup) Place(name string) (BackupPlace, bool) {
	i := slices.IndexFunc(b.Places, func(p BackupPlace) bool { return p.Name == name })
	if i < 0 {
		return BackupPlace{}, false
	}
	return b.Places[i], true
}

func (v *validator) backup() {
	b := &v.cfg.Backup
	switch b.Every {
	case BackupNever, BackupDaily, BackupWeekly:
	default:
		v.add("backup.every", msgBackupEvery, b.Every)
	}
	if t, err := time.Parse("15:04", b.At); err != nil || t.Format("15:04") != b.At {
		v.add("backup.at", msgClock, b.At)
	}
	v.count("backup.keep", b.Keep, 1, 365)
	v.key("backup.passphrase", b.Passphrase, 12)
	if b.Every != BackupNever && b.Passphrase == "" {
		v.add("backup.passphrase", msgMissing)
	}
	if b.Every != BackupNever && len(b.Places) == 0 {
		v.add("backup.places", msgMissing)
	}
	if len(b.Places) > 8 {
		v.add("backup.places", msgTooMany, 8)
	}
	taken := make(map[string]string)
	for i := range b.Places {
		v.place(fmt.Sprintf("backup.places[%d]", i), taken, &b.Places[i])
	}
}

func (v *validator) place(path string, taken map[string]string, p *BackupPlace) {
	v.unique(taken, path, p.Name)
	v.optional(path+".path", p.Path, 500)
	v.optional(path+".user", p.User, 128)
	v.key(path+".password", p.Password, 1)
	if slices.Contains(strings.Split(filepath.ToSlash(p.Path), "/"), "..") {
		v.add(path+".path", msgFolder, p.Path)
	}
	need := func(field, value string) {
		if value == "" {
			v.add(path+"."+field, msgMissing)
		}
	}
	switch p.Kind {
	case BackupFolder:
		if !filepath.IsAbs(p.Path) {
			v.add(path+".path", msgFolder, p.Path)
		}
	case BackupUSB:
	case BackupSFTP:
		if _, ok := hostPort(p.Server); !ok {
			v.add(path+".server", msgServer, p.Server)
		}
		need("user", p.User)
		need("password", string(p.Password)) // only whether there is one
		if p.HostKey != "" && !strings.HasPrefix(p.HostKey, "SHA256:") {
			v.add(path+".host_key", msgHostKey, p.HostKey)
		}
	case BackupS3:
		if !isWeb(p.Server) {
			v.add(path+".server", msgWebhook, p.Server)
		}
		need("bucket", p.Bucket)
		need("user", p.User)
		need("password", string(p.Password)) // only whether there is one
		if strings.Trim(p.Bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || len(p.Bucket) > 63 {
			v.add(path+".bucket", msgName, p.Bucket)
		}
		if strings.Trim(p.Region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(p.Region) > 40 {
			v.add(path+".region", msgName, p.Region)
		}
	default:
		v.add(path+".kind", msgBackupKind, p.Kind)
	}
}
