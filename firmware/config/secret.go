package config

import "log/slog"

// Secret is a password. It prints, logs and marshals to JSON as "[secret]";
// only Reveal and the YAML export give its text.
type Secret string

const masked = "[secret]"

// Reveal is the text. Name the reason in a comment where you call it.
func (s Secret) Reveal() string { return string(s) }

// String masks the secret.
func (s Secret) String() string { return masked }

// GoString masks the secret under %#v.
func (s Secret) GoString() string { return masked }

// LogValue masks the secret in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalJSON masks the secret: pages never read a password back.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }
