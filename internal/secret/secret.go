// Package secret holds values that must never be seen: tokens, keys,
// passwords. A Secret prints as [redacted] wherever it is printed, logged or
// encoded (promise S11). Only Reveal returns the content.
package secret

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// redacted is what everybody sees.
const redacted = "[redacted]"

// Secret is given in YAML as {env: NAME} or {file: PATH}; a literal is refused
// by the reader because Secret has no scalar form.
type Secret struct {
	Env  string `yaml:"env"`
	File string `yaml:"file"`

	content string
}

// FromText wraps a content that is already known, for tests and stand-ins.
func FromText(content string) Secret { return Secret{content: content} }

// Set reports whether the admin named a source.
func (s Secret) Set() bool { return s.Env != "" || s.File != "" || s.content != "" }

// Source says where the content comes from, for messages.
func (s Secret) Source() string {
	switch {
	case s.Env != "":
		return "environment variable " + s.Env
	case s.File != "":
		return "file " + s.File
	default:
		return "nothing"
	}
}

// Reveal reads the content: the one way out. It reads the environment or the
// file at each call, so that a rotated secret is seen.
func (s Secret) Reveal() (string, error) {
	if s.content != "" {
		return s.content, nil
	}
	switch {
	case s.Env != "" && s.File != "":
		return "", fmt.Errorf("secret has both env and file; keep one")
	case s.Env != "":
		v := os.Getenv(s.Env)
		if v == "" {
			return "", &MissingError{fmt.Sprintf("environment variable %s is not set; set it, or use {file: PATH}", s.Env)}
		}
		return v, nil
	case s.File != "":
		b, err := os.ReadFile(s.File)
		if err != nil {
			return "", fmt.Errorf("read secret: %w", err)
		}
		v := strings.TrimSpace(string(b))
		if v == "" {
			return "", &MissingError{fmt.Sprintf("secret file %s is empty", s.File)}
		}
		return v, nil
	default:
		return "", fmt.Errorf("secret is not given; write {env: NAME} or {file: PATH}")
	}
}

// String returns [redacted].
func (s Secret) String() string { return redacted }

// GoString returns [redacted].
func (s Secret) GoString() string { return redacted }

// Format writes [redacted] for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue logs [redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText encodes [redacted].
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MissingError says that a secret is not where the settings say that it is: no
// service was asked.
type MissingError struct{ what string }

// Error says what is missing, and what to do.
func (e *MissingError) Error() string { return e.what }
