package sip

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// warrant is what a registration was let in with: it ends when its extension has
// another one. It is kept on the disk, where the password itself is too.
func warrant(ext *config.Extension) string {
	sum := sha256.Sum256([]byte("registration\n" + ext.Number + "\n" + ext.Secret.Reveal())) // to be compared
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

// warranted is what an extension's phone at an address is let in with now.
func (s *Server) warranted(number string, at dialog.Flow) (w string, ok bool) {
	ext, known := s.opts.Config().Extension(number)
	from, _ := netip.ParseAddrPort(at.Addr)
	if !known || !ext.From(from.Addr()) {
		return "", false
	}
	return warrant(ext), true
}

// revoke drops, at every change of the configuration, the phones of extensions that
// are gone, have another password or may not come from there, and ends what these
// watch, registered or not. Their calls go on: whoever speaks now has been let in, and
// somebody else is at the other end.
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
	dropped := s.registrar.drop(func(b *binding) bool {
		w, ok := s.warranted(b.extension, b.flow)
		return !ok || b.warrant != w
	})
	for _, b := range dropped {
		s.log.Info("phone dropped: its extension was changed", "extension", b.extension, "contact", b.device())
	}
	s.watchers.Drop()
}
