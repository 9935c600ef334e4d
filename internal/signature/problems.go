package signature

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Problems returns every mistake in the spec, which stands at the pointer.
func (s Spec) Problems(at work.Pointer) []work.Problem {
	var problems []work.Problem
	add := func(key, what, remedy string) {
		problems = append(problems, work.Problem{At: at.Key(key), What: what, Remedy: remedy})
	}
	oneOf := func(key, got string, names ...string) {
		if got != "" && !slices.Contains(names, got) {
			add(key, strconv.Quote(got)+" is not known", work.Suggest(got, names))
		}
	}
	oneOf("preset", s.Preset, Presets()...)
	oneOf("kind", s.Kind, hmacSHA256, hmacSHA1, tokenKind, basicKind)
	oneOf("encoding", s.Encoding, hexCode, base64Code)
	oneOf("signs", s.Signs, signsBody, signsTime, signsTimeDot, signsFirst, signsNonce)
	oneOf("timestamp", s.Timestamp.Unit, unitSeconds, unitMillis, unitText)
	if len(problems) > 0 {
		return problems
	}
	w := s.whole()
	if !w.Secret.Set() {
		add("secret", "the secret is missing", "write secret: {env: NAME} or {file: PATH}")
	}
	signed := w.Kind == hmacSHA256 || w.Kind == hmacSHA1
	switch {
	case w.Kind == "":
		problems = append(problems, work.Problem{At: at, What: "nothing says how deliveries are signed", Remedy: "give a preset (" + strings.Join(Presets(), ", ") + ") or a kind"})
	case signed && w.Header == "":
		add("header", "the header of the signature is missing", "write for example header: X-Signature")
	case w.Kind == tokenKind && (w.Header == "") == (w.Field == ""):
		add("header", "a token stands in a header or in a field of the body", "give one of header and field")
	case w.Kind == basicKind && w.User == "":
		add("user", "the user is missing", "write user: NAME")
	case w.Signs == signsNonce && w.Nonce == "":
		add("nonce", "the header of the nonce is missing", "write for example nonce: X-Nonce")
	case signed && (w.Signs == signsTime || w.Signs == signsTimeDot) && !w.Timestamp.given():
		add("timestamp", "nothing says where the time stands that is signed", "write timestamp: {header: X-Timestamp, unit: s}")
	}
	return problems
}
