package signature

import (
	"time"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// Spec says how deliveries are signed. A preset fills in what is not given.
type Spec struct {
	// Preset is the name of a service whose form is known.
	Preset string `yaml:"preset"`
	// Kind is hmac_sha256, hmac_sha1, token or basic.
	Kind string `yaml:"kind"`
	// Header carries the signature or the token.
	Header string `yaml:"header"`
	// Encoding of a signature is hex or base64.
	Encoding string `yaml:"encoding"`
	// Prefix stands before the signature or token, such as sha256=.
	Prefix string `yaml:"prefix"`
	// Element is the name of the signature in a header such as t=17,v1=ab.
	Element string `yaml:"element"`
	// Signs is body, timestamp_body (one behind the other),
	// timestamp_dot_body, body_or_first (of a batch only the first event is
	// signed) or nonce.
	Signs string `yaml:"signs"`
	// Nonce is the header that carries a nonce.
	Nonce string `yaml:"nonce"`
	// Timestamp says where the time of the delivery stands.
	Timestamp Timestamp `yaml:"timestamp"`
	// Window is how old a delivery may be, 5m by default.
	Window work.Span `yaml:"window"`
	// Skew is how far the sender's clock may be ahead, 1m by default.
	Skew work.Span `yaml:"skew"`
	// Field is where a token stands in the JSON body, such as meta.token, for
	// services that send it there.
	Field string `yaml:"field"`
	// User is the user of basic.
	User string `yaml:"user"`
	// Secret is the key, token or password.
	Secret secret.Secret `yaml:"secret"`
}

// Timestamp says where a delivery tells its time.
type Timestamp struct {
	// Header carries it; empty where it is an element of the signature's own.
	Header string `yaml:"header"`
	// Element is its name in a header such as t=17,v1=ab.
	Element string `yaml:"element"`
	// Unit is s (default), ms or rfc3339.
	Unit string `yaml:"unit"`
}

func (t Timestamp) given() bool { return t.Header != "" || t.Element != "" }

// The kinds, encodings and things signed, as settings name them.
const (
	hmacSHA256 = "hmac_sha256"
	hmacSHA1   = "hmac_sha1"
	tokenKind  = "token"
	basicKind  = "basic"

	hexCode    = "hex"
	base64Code = "base64"

	signsBody    = "body"
	signsTime    = "timestamp_body"
	signsTimeDot = "timestamp_dot_body"
	signsFirst   = "body_or_first"
	signsNonce   = "nonce"

	unitSeconds = "s"
	unitMillis  = "ms"
	unitText    = "rfc3339"
)

// The defaults of a Spec.
const (
	usualWindow = work.Span(5 * time.Minute)
	usualSkew   = work.Span(time.Minute)
)

// Set reports whether anything is given at all.
func (s Spec) Set() bool { return s.Preset != "" || s.Kind != "" || s.Secret.Set() }

// whole returns the spec with preset and defaults filled in.
func (s Spec) whole() Spec {
	p := preset(s.Preset)
	for _, f := range []struct{ into, from *string }{
		{&s.Kind, &p.Kind},
		{&s.Header, &p.Header},
		{&s.Encoding, &p.Encoding},
		{&s.Prefix, &p.Prefix},
		{&s.Element, &p.Element},
		{&s.Signs, &p.Signs},
		{&s.Nonce, &p.Nonce},
	} {
		if *f.into == "" {
			*f.into = *f.from
		}
	}
	if !s.Timestamp.given() {
		s.Timestamp.Header, s.Timestamp.Element = p.Timestamp.Header, p.Timestamp.Element
	}
	if s.Timestamp.Unit == "" {
		s.Timestamp.Unit = p.Timestamp.Unit
	}
	if s.Timestamp.Unit == "" {
		s.Timestamp.Unit = unitSeconds
	}
	if s.Signs == "" {
		s.Signs = signsBody
	}
	if s.Encoding == "" {
		s.Encoding = hexCode
	}
	if s.Window == 0 {
		s.Window = usualWindow
	}
	if s.Skew == 0 {
		s.Skew = usualSkew
	}
	return s
}

// Vouches returns how much of a body such a delivery can prove at most.
func (s Spec) Vouches() Trust {
	w := s.whole()
	if w.Signs == signsNonce || w.Kind != hmacSHA256 && w.Kind != hmacSHA1 {
		return Nothing
	}
	return Whole
}
