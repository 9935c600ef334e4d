package connectors

import (
	"slices"
	"strings"
)

// Owner is who this Tandem is in the markers that it leaves, so that two of
// them in the same places find out. The zero value signs nothing and finds
// nothing foreign.
type Owner struct {
	// Instance is its name in the settings, Store the one of its memory.
	Instance, Store string
	// Former are names of stores that it took over from: alone, of this
	// instance; or as INSTANCE/STORE.
	Former []string
	// Pages is where people read why; empty where there are no pages.
	Pages string
}

// String is the signature in a marker, "acme-prod/K3TQ7A"; empty for the zero
// value.
func (o Owner) String() string {
	if o.Instance == "" || o.Store == "" {
		return ""
	}
	return o.Instance + "/" + o.Store
}

// Foreign reports whether a signature is of another Tandem. A marker without
// one is older than signatures.
func (o Owner) Foreign(signature string) bool {
	if signature == "" || o.String() == "" || signature == o.String() || slices.Contains(o.Former, signature) {
		return false
	}
	instance, store, _ := strings.Cut(signature, "/")
	return instance != o.Instance || !slices.Contains(o.Former, store)
}

// Refusal says why nothing is written where another Tandem left its signature.
func Refusal(signature string) string {
	clean := strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return '?'
		}
		return r
	}, signature)
	clean = clean[:min(len(clean), 120)]
	return "another Tandem, " + clean + ", writes here; give each its own places; or, if that one is gone for good, tandem resume --over " + clean +
		" and start the daemon anew"
}
