package api

import (
	"net/http"

	"github.com/pasokh/pasokh/firmware/cert"
	"github.com/pasokh/pasokh/firmware/identity"
)

// Certificate is what the box proves with who it is. *cert.Holder is one.
type Certificate interface {
	View() cert.View
	Root() ([]byte, error)
	Renew() error
}

func (r *Rooms) certificateRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/certificate", Right: identity.Plant, Handle: r.getCertificate,
			About: "The certificate of the box.", Gives: cert.View{}},
		{Pattern: "GET /api/certificate/root.pem", Right: identity.Plant, Handle: r.getRoot,
			About: "The root of the box's own certificates, as PEM.", Gives: Media("application/x-pem-file")},
		{Pattern: "POST /api/certificate/renew", Right: identity.Plant, Handle: r.renew,
			About: "Makes a new certificate.", Gives: cert.View{}},
	}
}

func (r *Rooms) getCertificate(w http.ResponseWriter, _ *http.Request) error {
	return Send(w, r.Certificate.View())
}

// getRoot is what computers and phones are to trust: it is no secret.
func (r *Rooms) getRoot(w http.ResponseWriter, _ *http.Request) error {
	text, err := r.Certificate.Root()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Header().Set("Content-Disposition", `attachment; filename="pasokh-root.pem"`)
	_, err = w.Write(text)
	return err
}

// renew answers with the new certificate.
func (r *Rooms) renew(w http.ResponseWriter, _ *http.Request) error {
	if err := r.Certificate.Renew(); err != nil {
		return err
	}
	return Send(w, r.Certificate.View())
}
