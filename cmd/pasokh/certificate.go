package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/cert"
)

// maxNames bounds the addresses of this machine that its certificate is for.
const maxNames = 64

// names are what people and phones call this box now: its certificate is for them.
func (b *box) names() []string {
	names := []string{"localhost", "pasokh.local", "127.0.0.1", "::1", b.config().SIP.Domain}
	if b.beacon != nil {
		if host := b.beacon.Host(); host != "" && !slices.Contains(names, host) {
			names = append(names, host) // pasokh-2.local: there is another box
		}
	}
	if !b.set.listen.IsUnspecified() {
		return append(names, b.set.listen.WithZone("").String())
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		b.log.Warn("no network addresses for the certificate", "err", err)
	}
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if ip := p.Addr(); err == nil && ip.IsGlobalUnicast() && len(names) < maxNames && !slices.Contains(names, ip.String()) {
			names = append(names, ip.String())
		}
	}
	return names
}

// shownCertificate is a certificate for the command line.
type shownCertificate struct {
	cert.View
	Root string `json:"root"` // of the box's own authority, PEM
}

func (b *box) showCertificate(w http.ResponseWriter, _ *http.Request) {
	root, err := b.certificate.Root()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, shownCertificate{b.certificate.View(), string(root)}, nil)
}

func (b *box) renewCertificate(w http.ResponseWriter, _ *http.Request) {
	answer(w, struct{}{}, b.certificate.Renew())
}

func (b *box) installCertificate(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxImport))
	if err == nil {
		err = b.certificate.Install(text)
	}
	answer(w, struct{}{}, err)
}

func (b *box) removeCertificate(w http.ResponseWriter, _ *http.Request) {
	answer(w, struct{}{}, b.certificate.Uninstall())
}

// answer writes a JSON answer to the command line, or why there is none.
func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		v = map[string]any{"error": map[string]string{"code": "refused", "message": err.Error()}}
	}
	json.NewEncoder(w).Encode(v)
}

func certificate(ctx context.Context, args []string, out io.Writer) error {
	c, words, err := clientFlags("cert", args, out, nil)
	if err != nil {
		return err
	}
	const path = "/local/certificate"
	var done struct{}
	switch {
	case len(words) == 1 && (words[0] == "show" || words[0] == "root"):
		var show shownCertificate
		if err := c.get(ctx, path, &show); err != nil {
			return err
		}
		if words[0] == "root" {
			fmt.Fprint(out, show.Root)
			return nil
		}
		fmt.Fprintf(out, "%s\nfor %s\nby %s\nuntil %s\n", show.Subject, strings.Join(show.Names, ", "), show.Issuer, show.Until.Local().Format("2006-01-02 15:04"))
		return nil
	case len(words) == 2 && words[0] == "install":
		text, err := os.ReadFile(words[1])
		if err != nil {
			return err
		}
		return c.do(ctx, http.MethodPut, path, text, &done)
	case len(words) == 1 && words[0] == "renew":
		return c.do(ctx, http.MethodPost, path, nil, &done)
	case len(words) == 1 && words[0] == "remove":
		return c.do(ctx, http.MethodDelete, path, nil, &done)
	}
	return errors.New("usage: pasokh cert show | root | renew | install FILE | remove (FILE: certificate, chain and key as PEM)")
}
