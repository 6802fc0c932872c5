package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"path"
	"strconv"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/pasokh/pasokh/firmware/config"
)

// dialTime is how long a server may take to let us in, stallTime to take or give a piece.
const (
	dialTime  = 20 * time.Second
	stallTime = time.Minute
)

// remote is a place on an SFTP server. Its host key is the one that was seen first.
type remote struct {
	client *sftp.Client
	conn   io.Closer
	stop   func() bool
	path   string
}

func (r *Room) dialSFTP(ctx context.Context, p config.BackupPlace) (place, error) {
	host, port, err := net.SplitHostPort(p.Server)
	if err != nil {
		host, port = p.Server, "22"
	}
	seen := ""
	secret := p.Password.Reveal() // the server asks for it
	card := &ssh.ClientConfig{User: p.User, Timeout: dialTime,
		Auth: []ssh.AuthMethod{ssh.Password(secret), ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
			answers := make([]string, len(questions))
			for i := range answers {
				answers[i] = secret
			}
			return answers, nil
		})},
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if seen = ssh.FingerprintSHA256(key); p.HostKey != "" && seen != p.HostKey {
				return fmt.Errorf("%w: %s", ErrHostKey, seen)
			}
			return nil
		}}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, err
	}
	dialing, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(dialing, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	raw = &patient{Conn: raw}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	fail := func(err error) (place, error) {
		stop()
		_ = raw.Close()
		return nil, err
	}
	conn, chans, requests, err := ssh.NewClientConn(raw, p.Server, card)
	if err != nil {
		return fail(err)
	}
	client, err := sftp.NewClient(ssh.NewClient(conn, chans, requests))
	if err != nil {
		return fail(err)
	}
	if p.HostKey == "" {
		if err := r.opts.Pin(p.Name, seen); err != nil {
			return fail(fmt.Errorf("keep its key: %w", err))
		}
	}
	return &remote{client: client, conn: conn, stop: stop, path: p.Path}, nil
}

// patient gives its peer so long for each piece, and no longer.
type patient struct{ net.Conn }

func (p *patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

func (r *remote) close() {
	r.stop()
	_ = errors.Join(r.client.Close(), r.conn.Close()) // what was written is committed
}

func (r *remote) at(name string) string { return path.Join(r.path, name) }

func (r *remote) list(context.Context) ([]Stored, error) {
	infos, err := r.client.ReadDir(r.at("."))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Stored
	for _, info := range infos {
		if info.Mode().IsRegular() {
			list = append(list, Stored{Name: info.Name(), Size: info.Size()})
		}
	}
	return list, err
}

func (r *remote) create(_ context.Context, name string) (writer, error) {
	if r.path != "" {
		if err := r.client.MkdirAll(r.path); err != nil {
			return nil, err
		}
	}
	f, err := r.client.Create(r.at(name) + ".part")
	if err != nil {
		return nil, err
	}
	return &remoteFile{File: f, to: r, name: name}, nil
}

func (r *remote) open(_ context.Context, name string) (io.ReadCloser, error) {
	return r.client.Open(r.at(name))
}

func (r *remote) remove(_ context.Context, name string) error { return r.client.Remove(r.at(name)) }

// remoteFile gets its name when it is whole.
type remoteFile struct {
	*sftp.File
	to   *remote
	name string
}

func (f *remoteFile) commit() error {
	err := f.Sync()
	var status *sftp.StatusError
	if errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxOpUnsupported {
		err = nil // fsync@openssh.com is an extension
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return f.to.client.Rename(f.to.at(f.name)+".part", f.to.at(f.name))
}

func (f *remoteFile) abort() {
	_ = f.Close()
	_ = f.to.client.Remove(f.to.at(f.name) + ".part") // a half backup is none
}
