package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// TestABackupRestoresTheBox makes one by the command line, loses an extension and a
// message, and has both back after the box has started anew by itself.
func TestABackupRestoresTheBox(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	folder := t.TempDir()
	d.configure(func(c *config.Config) {
		c.Backup = config.Backup{Every: config.BackupDaily, At: "03:30", Keep: 3, Passphrase: "twelve letters",
			Places: []config.BackupPlace{{Name: "here", Kind: config.BackupFolder, Path: folder}}}
	})
	message := filepath.Join(d.dir, "voicemail", "1001", "kept.txt")
	if err := os.MkdirAll(filepath.Dir(message), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, message, "a message")
	if out := d.cli("backup", "now"); !strings.Contains(out, "here") {
		t.Errorf("backup now: %s", out)
	}
	if out := d.cli("backup", "rehearse"); !strings.Contains(out, "can be restored") {
		t.Errorf("rehearsal: %s", out)
	}
	name, _, _ := strings.Cut(d.cli("backup", "list", "here"), " ")
	before := d.settings()
	d.configure(func(c *config.Config) { c.Services = nil; c.System.Name = "After" })
	if err := os.Remove(message); err != nil {
		t.Fatal(err)
	}
	if out := d.cli("backup", "prepare", "here", name); !strings.Contains(out, "prepared") {
		t.Errorf("prepare: %s", out)
	}
	if d.settings().System.Name != "After" {
		t.Error("a preview replaces")
	}
	d.cli("backup", "restore")
	eventually(t, 20*time.Second, "the old settings", func() bool {
		var text []byte
		return d.tryCall("GET", "/local/config", nil, &text) == nil && !strings.Contains(string(text), "name: After")
	})
	if c := d.settings(); len(c.Services) != len(before.Services) || c.System.Name != before.System.Name {
		t.Errorf("restored: %+v", c.System)
	}
	if text, err := os.ReadFile(message); err != nil || string(text) != "a message" {
		t.Errorf("the message: %q %v", text, err)
	}
}

// settings are those in force.
func (d *demo) settings() *config.Config {
	d.t.Helper()
	cfg, err := config.Parse("export", []byte(d.cli("config", "export")))
	if err != nil {
		d.t.Fatal(err)
	}
	return cfg
}
