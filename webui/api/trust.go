package api

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pasokh/pasokh/firmware/identity"
)

// The root of the box's own certificates in the forms that devices install. It is no
// secret, and who is warned by his browser has not signed in yet: both are public.

func (r *Rooms) trustRoutes() []Route {
	return []Route{
		{Pattern: "GET /api/trust/pasokh.crt", Right: identity.Public, Handle: r.getRootCRT,
			About: "The root of the box's own certificates, as DER, for who does not trust it yet.", Gives: Media("application/x-x509-ca-cert")},
		{Pattern: "GET /api/trust/pasokh.mobileconfig", Right: identity.Public, Handle: r.getRootProfile,
			About: "The root of the box's own certificates, as a profile for Apple's systems.", Gives: Media("application/x-apple-aspen-config")},
	}
}

// rootDER is the root; ErrNotFound when the box shows a certificate of somebody else.
func (r *Rooms) rootDER() ([]byte, error) {
	if !r.Certificate.View().Own {
		return nil, ErrNotFound
	}
	text, err := r.Certificate.Root()
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, ErrNotFound
	}
	return block.Bytes, nil
}

// getRootCRT is for Windows, Android, Linux and Firefox (RFC 2585: DER).
func (r *Rooms) getRootCRT(w http.ResponseWriter, _ *http.Request) error {
	der, err := r.rootDER()
	if err != nil {
		return err
	}
	return sendTrust(w, "application/x-x509-ca-cert", "pasokh.crt", der)
}

// getRootProfile is for macOS and iOS: a configuration profile with the root in it.
func (r *Rooms) getRootProfile(w http.ResponseWriter, _ *http.Request) error {
	der, err := r.rootDER()
	if err != nil {
		return err
	}
	return sendTrust(w, "application/x-apple-aspen-config", "pasokh.mobileconfig", fmt.Appendf(nil, profile,
		base64.StdEncoding.EncodeToString(der), uuid(der, "root"), uuid(der, "profile")))
}

func sendTrust(w http.ResponseWriter, kind, name string, file []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = w.Write(file) // the client has gone if this fails
	return nil
}

// uuid names a part of the profile of a root, the same each time (RFC 9562 5.5), so that a
// device that gets it again replaces it.
func uuid(der []byte, part string) string {
	sum := sha1.Sum(append([]byte(part), der...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// profile has places for the root and two names.
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadDisplayName</key><string>Pasokh root certificate</string>
<key>PayloadContent</key><data>%[1]s</data>
<key>PayloadIdentifier</key><string>org.pasokh.root.%[2]s</string>
<key>PayloadUUID</key><string>%[2]s</string>
</dict></array>
<key>PayloadDisplayName</key><string>Pasokh</string>
<key>PayloadIdentifier</key><string>org.pasokh.trust.%[3]s</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>%[3]s</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>
`
