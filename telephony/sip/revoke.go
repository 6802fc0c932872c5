package sip

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

// warrant is what a registration was let in with: it ends when its extension has
// another one. It is kept on the disk, where the password itself is too.
func warrant(ext *config.Extension) string {
	sum := sha256.Sum256([]byte("registration\n" + ext.Number + "\n" + ext.Secret.Reveal())) // to be compared
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

// revoke drops, at every change of the configuration, the phones of extensions that
// are gone, have another password or may not come from there, and what they watch. Their calls go on: whoever
// speaks now has been let in, and somebody else is at the other end.
func (s *Server) revoke(ctx context.Context) {
	news := s.opts.News.Subscribe(16)
	defer news.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case topic := <-news.C:
			if topic == event.Config || news.Lost() {
				s.dropRevoked()
			}
		}
	}
}

func (s *Server) dropRevoked() {
	cfg := s.opts.Config()
	dropped := s.registrar.drop(func(b *binding) bool {
		ext, known := cfg.Extension(b.extension)
		at, _ := netip.ParseAddrPort(b.flow.Addr)
		return !known || b.warrant != warrant(ext) || !ext.From(at.Addr())
	})
	gone := make(map[string]bool)
	for _, b := range dropped {
		gone[b.extension] = true
		s.log.Info("phone dropped: its extension was changed", "extension", b.extension, "contact", b.device())
	}
	s.watchers.Drop(func(watcher string) bool {
		_, known := cfg.Extension(watcher)
		return !known || gone[watcher]
	})
}
