package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

const (
	// mark begins every pseudonym.
	mark = "p-"
	// size is how many bytes of the hash a pseudonym shows; 16 letters.
	size = 10
)

// Pseudonym returns what stands for a name of some kind. Case and space around
// it do not matter. A pseudonym is returned as it is.
func (p *Policy) Pseudonym(kind, name string) string {
	if name == "" || IsPseudonym(name) {
		return name
	}
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(kind + "\x00" + strings.ToLower(strings.TrimSpace(name)))) // never fails
	return mark + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:size]))
}

// IsPseudonym reports whether the text looks like one.
func IsPseudonym(text string) bool {
	rest, ok := strings.CutPrefix(text, mark)
	return ok && len(rest) == 16 && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// id keys the ids that connectors make of what a row holds, such as who spoke
// and on which day: whoever guesses that could make the same hash. Ids that a
// source gave stay as they are.
func (p *Policy) id(text string) string {
	return p.made.ReplaceAllStringFunc(text, func(id string) string {
		kind, _, _ := strings.Cut(id, "-")
		return kind + "-" + p.Pseudonym("id", id)
	})
}

func (p *Policy) ref(r work.Ref) work.Ref {
	r.ID, r.Key = p.id(r.ID), p.id(r.Key)
	return r
}

// as returns what a mode leaves of a name.
func (p *Policy) as(mode work.PrivacyMode, kind, name string) string {
	switch mode {
	case work.Drop:
		return ""
	case work.Pseudonymise:
		return p.Pseudonym(kind, name)
	default:
		return name
	}
}

// named treats a name of a personal field; an e-mail address is one wherever it
// stands.
func (p *Policy) named(field, kind, name string) string {
	if mode := p.modes[field]; mode > work.Keep {
		if name != "" && p.email.FindString(name) == name {
			kind = "email"
		}
		return p.as(mode, kind, name)
	}
	if name != "" && p.email.FindString(name) == name {
		return p.as(p.modes["email"], "email", name)
	}
	return name
}

// person treats the tool's own id. Where it is one of the keys too, it gets the
// same pseudonym.
func (p *Policy) person(f work.Feedback) string {
	kind := "person of " + f.Connector
	for _, key := range slices.Sorted(maps.Keys(f.PersonKeys)) {
		if f.PersonKeys[key] == f.Person {
			kind = key
			break
		}
	}
	return p.named("person", kind, p.id(f.Person))
}

func (p *Policy) keys(all map[string]string) map[string]string {
	return each(all, func(key, value string) string {
		if key == "email" {
			return p.as(p.modes["email"], key, value)
		}
		return p.named("user_id", key, value)
	})
}

func (p *Policy) account(name string) string { return p.named("account", "account", name) }

func (p *Policy) accounts(all map[string]string) map[string]string {
	return each(all, func(key, value string) string { return p.named("account", key, value) })
}

// each treats every value, and leaves out those of which nothing is left.
func each(all map[string]string, treat func(key, value string) string) map[string]string {
	if len(all) == 0 {
		return all
	}
	kept := make(map[string]string, len(all))
	for key, value := range all {
		if value = treat(key, value); value != "" {
			kept[key] = value
		}
	}
	return kept
}
