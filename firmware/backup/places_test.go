package backup

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	mrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/need"
)

const loginPassword = "of the server"

// sshServer lets in who knows the password, and hands him OpenSSH's own sftp-server.
func sshServer(t *testing.T, dir string, key ssh.Signer, at string) (address string) {
	t.Helper()
	program := need.Program(t, "/usr/lib/openssh/sftp-server")
	rules := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if string(password) != loginPassword {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	rules.AddHostKey(key)
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			go serveSSH(raw, rules, program, dir)
		}
	}()
	return l.Addr().String()
}

func serveSSH(raw net.Conn, rules *ssh.ServerConfig, program, dir string) {
	_, chans, requests, err := ssh.NewServerConn(raw, rules)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range chans {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			if r.Type != "subsystem" {
				_ = r.Reply(false, nil)
				continue
			}
			_ = r.Reply(true, nil)
			cmd := exec.Command(program, "-d", dir)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = channel, channel, io.Discard
			_ = cmd.Run()
			channel.Close()
			break
		}
	}
}

func signer(t *testing.T) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBackupsOnAnSFTPServer with its key learnt at first use, and refused when another
// one has it.
func TestBackupsOnAnSFTPServer(t *testing.T) {
	dir, key := t.TempDir(), signer(t)
	address := sshServer(t, dir, key, "127.0.0.1:0")
	s := newShop(t, t.TempDir())
	s.to(config.BackupPlace{Name: "nas", Kind: config.BackupSFTP, Server: address, User: "box", Password: loginPassword, Path: "pasokh/shop"})
	s.write("sounds/large.wav", strings.Repeat("sound", 500_000))
	s.run()
	s.good(s.Make())
	if p, _ := s.cfg.Load().Backup.Place("nas"); p.HostKey != ssh.FingerprintSHA256(key.PublicKey()) {
		t.Errorf("kept as its key: %q", p.HostKey)
	}
	time.Sleep(1100 * time.Millisecond) // names are by the second
	s.good(s.Make())
	time.Sleep(1100 * time.Millisecond)
	s.good(s.Make())
	if list := s.list("nas"); len(list) != 2 || list[0].Size < 1000 {
		t.Errorf("kept: %+v", list)
	}
	s.good(s.Rehearse())
	s.good(s.Prepare("nas", s.list("nas")[0].Name, "", 1))
	if files, err := filepath.Glob(filepath.Join(dir, "pasokh/shop/*")); err != nil || len(files) != 2 {
		t.Errorf("on the server: %v %v", files, err)
	}

	s.set(func(b *config.Backup) {
		b.Places = append([]config.BackupPlace{}, b.Places...)
		b.Places[0].Server = sshServer(t, dir, signer(t), "127.0.0.1:0")
	})
	if j := s.job(s.Make()); !strings.Contains(j.Fault, ErrHostKey.Error()) {
		t.Errorf("another server: %+v", j)
	}
	s.set(func(b *config.Backup) {
		b.Places = append([]config.BackupPlace{}, b.Places...)
		b.Places[0].Server, b.Places[0].Password = address, "another"
	})
	if j := s.job(s.Make()); !strings.Contains(j.Fault, "unable to authenticate") || strings.Contains(j.Fault, "another") {
		t.Errorf("a wrong password: %+v", j)
	}
}

// gateway is an S3 server of another make (versitygw) over a folder, which checks every
// signature.
func gateway(t *testing.T) (address, dir string) {
	t.Helper()
	program := need.Program(t, "versitygw")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address, dir = l.Addr().String(), t.TempDir()
	l.Close()
	if err := os.Mkdir(filepath.Join(dir, "shop"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--port", address, "--region", "us-east-1", "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=box", "ROOT_SECRET_KEY=secret-of-the-bucket")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
	for range 100 {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return address, dir
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the gateway does not listen")
	return "", ""
}

// TestBackupsOnAnS3Server in several parts, listed, proved, deleted.
func TestBackupsOnAnS3Server(t *testing.T) {
	address, dir := gateway(t)
	s := newShop(t, t.TempDir())
	s.to(config.BackupPlace{Name: "cloud", Kind: config.BackupS3, Server: "http://" + address, Bucket: "shop", User: "box", Password: "secret-of-the-bucket", Path: "boxes/a b+c"})
	noise := make([]byte, 2*partSize+1000) // nothing packs it
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	s.write("sounds/large.wav", string(noise))
	s.run()
	for range 3 {
		s.good(s.Make())
		time.Sleep(1100 * time.Millisecond) // names are by the second
	}
	if list := s.list("cloud"); len(list) != 2 || list[0].Size < 2*partSize || !list[0].Own {
		t.Errorf("kept: %+v", list)
	}
	s.good(s.Rehearse())
	if files, err := filepath.Glob(filepath.Join(dir, "shop/boxes/a b+c/*")); err != nil || len(files) != 2 {
		t.Errorf("on the server: %v %v", files, err)
	}
	if j := s.job(s.Prepare("cloud", nameOf(s.id, made), "", 1)); !strings.Contains(j.Fault, ErrUnknown.Error()) {
		t.Errorf("one that is not there: %+v", j)
	}
	s.set(func(b *config.Backup) {
		b.Places = append([]config.BackupPlace{}, b.Places...)
		b.Places[0].Password = "another"
	})
	if j := s.job(s.Make()); !strings.Contains(j.Fault, "SignatureDoesNotMatch") {
		t.Errorf("a wrong key: %+v", j)
	}
}

// TestNamesAreEscapedAsTheyAreSigned: a server would refuse any other form.
func TestNamesAreEscapedAsTheyAreSigned(t *testing.T) {
	if newBucket(config.BackupPlace{}, clock.System()).Region != "us-east-1" || escape("a b/ü+", false) != "a%20b/%C3%BC%2B" || escape("a/b", true) != "a%2Fb" {
		t.Error("another form")
	}
}

const childEnv = "PASOKH_BACKUP_CHILD"

// backUpForEver is the box that the test below kills: it makes one backup after another
// while it is written.
func backUpForEver(t *testing.T, dir string) {
	s := newShop(t, filepath.Join(dir, "data"))
	s.to(at(filepath.Join(dir, "backups")))
	s.run()
	for {
		if err := s.Make(); err != nil && !errors.Is(err, ErrBusy) {
			t.Fatal(err)
		}
		if err := s.store.Put("b", "k", make([]byte, mrand.IntN(5000))); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilledAtAnyMomentOnlyWholeBackupsAreThere kills a box in the middle of its work.
// The box is this test, run again as a child.
func TestKilledAtAnyMomentOnlyWholeBackupsAreThere(t *testing.T) {
	if dir := os.Getenv(childEnv); dir != "" {
		backUpForEver(t, dir)
	}
	dir := t.TempDir()
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	seen := 0
	for range rounds {
		cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), childEnv+"="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(400+mrand.IntN(600)) * time.Millisecond) // anywhere
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		s := newShop(t, filepath.Join(dir, "data"))
		s.to(at(filepath.Join(dir, "backups")))
		s.sweep()
		for _, b := range s.list("here") {
			file, err := os.Open(filepath.Join(dir, "backups", b.Name))
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := readArchive(file, passphrase, into(t.TempDir())); err != nil {
				t.Errorf("%s: %v", b.Name, err)
			}
			file.Close()
			seen++
		}
		for _, name := range []string{copyName, rehearsalDir, preparedDir} {
			wantFile(t, filepath.Join(dir, "data", name), "")
		}
		s.store.Close()
	}
	if seen == 0 {
		t.Error("no backup was ever made")
	}
}

// TestAFullDiskIsTold: the backup fails by name, leaves nothing behind, and the box goes on.
func TestAFullDiskIsTold(t *testing.T) {
	s := newShop(t, t.TempDir())
	s.run()
	s.set(func(b *config.Backup) { b.Places = nil })
	full := &fullPlace{left: 100}
	f := &fan{ways: []*way{{name: "full", place: folder{t.TempDir()}, writer: full}}}
	err := s.begin(Making, func(ctx context.Context) error { return s.fill(ctx, f, s.cfg.Load(), time.Now()) })
	if j := s.job(err); j.Fault == "" || f.ways[0].err == nil {
		t.Errorf("%+v", j)
	}
	if err := s.store.Put("b", "after", nil); err != nil {
		t.Error(err)
	}
	wantFile(t, filepath.Join(s.dir, copyName), "")
}

// fullPlace has so many bytes left.
type fullPlace struct{ left int }

func (f *fullPlace) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}
func (*fullPlace) commit() error { return nil }
func (*fullPlace) abort()        {}
