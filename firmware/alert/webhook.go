package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// hookTime is how long a webhook may take to answer.
const hookTime = 15 * time.Second

// Told is the body that a webhook gets.
type Told struct {
	ID  string    `json:"id"` // of this message, the same at each try
	Box string    `json:"box"`
	At  time.Time `json:"at"`
	Notice
}

// Signature is the header that proves that a message is of this box and not of long ago:
// "t=UNIX-SECONDS,v1=HEX", the HMAC-SHA256 by the webhook's key of "UNIX-SECONDS.BODY".
const Signature = "Pasokh-Signature"

// Sign is the signature of a body sent at a time.
func Sign(key config.Secret, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key.Reveal())) // it never leaves: its digest does
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func newTold(box string, at time.Time, n Notice) (Told, []byte, error) {
	t := Told{ID: strings.ToLower(rand.Text()[:16]), Box: box, At: at.UTC(), Notice: n}
	body, err := json.Marshal(t)
	return t, body, err
}

// errRefused: the receiver does not want this message, now or later.
var errRefused = errors.New("refused")

// post sends a body once.
func (r *Room) post(ctx context.Context, a *config.Alerts, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, hookTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Webhook, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(Signature, Sign(a.WebhookKey, r.opts.Clock.Now(), body))
	resp, err := r.opts.Client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	switch code := resp.StatusCode; {
	case code/100 == 2:
		return nil
	case code/100 == 4 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return fmt.Errorf("%w: %s", errRefused, resp.Status)
	}
	return errors.New(resp.Status)
}
