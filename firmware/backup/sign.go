package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// sign signs a request as S3 asks for (AWS Signature Version 4): a chain of HMACs over
// its method, path, query, host, time and the digest of its body.
func sign(req *http.Request, body []byte, key string, secret config.Secret, region string, now time.Time) {
	now = now.UTC()
	at, day := now.Format("20060102T150405Z"), now.Format("20060102")
	digest := hexOf(sha256.Sum256(body))
	req.Header.Set("X-Amz-Date", at)
	req.Header.Set("X-Amz-Content-Sha256", digest)
	const signed = "host;x-amz-content-sha256;x-amz-date"
	canonical := strings.Join([]string{req.Method, req.URL.EscapedPath(), req.URL.RawQuery,
		"host:" + req.URL.Host, "x-amz-content-sha256:" + digest, "x-amz-date:" + at, "", signed, digest}, "\n")
	scope := day + "/" + region + "/s3/aws4_request"
	text := strings.Join([]string{"AWS4-HMAC-SHA256", at, scope, hexOf(sha256.Sum256([]byte(canonical)))}, "\n")
	mac := []byte("AWS4" + secret.Reveal()) // it never leaves: what is sent is made of it
	for _, part := range []string{day, region, "s3", "aws4_request", text} {
		h := hmac.New(sha256.New, mac)
		h.Write([]byte(part))
		mac = h.Sum(nil)
	}
	req.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x", key, scope, signed, mac))
}

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

// escape is the only form of a path or a parameter that is signed: all but letters,
// digits and -._~ in hex, and / in parameters too.
func escape(s string, slash bool) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 || c == '/' && !slash {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// canonicalQuery is a query in the order of its names.
func canonicalQuery(query url.Values) string {
	var parts []string
	for name, values := range query {
		for _, v := range values {
			parts = append(parts, escape(name, true)+"="+escape(v, true))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}
