package evidence

import (
	"path"
	"strings"
	"unicode"
)

// WithPlaces returns a program that also knows keys without a connector name:
// PAY-12 where some connector has the project PAY, acme/pay#7 where one has
// the repository acme/pay, and their URLs. Places are names as their service
// spells them, or patterns as connectors take them: acme/*, and !acme/old to
// take out. A place that two connectors have says nothing: the key alone does
// not tell which is meant.
func (p *Program) WithPlaces(places map[string][]string) *Program {
	q := *p
	q.places, q.patterns = make(map[string]place), make(map[string][]string)
	for connector, names := range places {
		for _, name := range names {
			if strings.ContainsAny(name, "*?!") {
				q.patterns[connector] = append(q.patterns[connector], foldPlace(name))
				continue
			}
			its := place{connector, name}
			if other, taken := q.places[foldPlace(name)]; taken && other != its {
				its = place{}
			}
			q.places[foldPlace(name)] = its
		}
	}
	return &q
}

// placeOf finds the place of a name, by name first, then by pattern; the zero
// place where there is none or more than one.
func (p *Program) placeOf(name string) place {
	folded := foldPlace(name)
	if its, named := p.places[folded]; named {
		return its
	}
	var found place
	for connector, patterns := range p.patterns {
		if !covers(patterns, folded) {
			continue
		}
		if found.connector != "" {
			return place{}
		}
		found = place{connector, name}
	}
	return found
}

// covers reports whether a pattern takes the name in and none takes it out.
func covers(patterns []string, name string) bool {
	in := false
	for _, pattern := range patterns {
		out := strings.HasPrefix(pattern, "!")
		if hit, err := path.Match(strings.TrimPrefix(pattern, "!"), name); err != nil || !hit {
			continue
		}
		if out {
			return false
		}
		in = true
	}
	return in
}

// place is a project or repository as its service spells it; the zero place
// stands for one that several connectors have.
type place struct{ connector, name string }

// foldPlace makes one spelling of a repository: services take acme/pay and
// Acme/Pay for the same. A project key stays: "pay-12" in a text is seldom
// meant as PAY-12.
func foldPlace(place string) string {
	if strings.Contains(place, "/") {
		return strings.ToLower(place)
	}
	return place
}

// mention is an exact reference in a text.
type mention struct {
	target, text string
}

// mentions returns the exact references of the text, in its order.
func (p *Program) mentions(text string) []mention {
	if !strings.ContainsAny(text, "-#/") {
		return nil // no key without one of these
	}
	var found []mention
	for _, token := range strings.FieldsFunc(text, func(r rune) bool { return !inKey(r) }) {
		token = strings.Trim(token, ".:/-_#")
		if target, ok := p.reference(token); ok {
			found = append(found, mention{target, token})
			continue
		}
		if strings.Contains(token, "://") {
			continue
		}
		for part := range strings.SplitSeq(token, "/") { // "PAY-12/PAY-13", "fix/PAY-12"
			if target, ok := p.bareKey(strings.Trim(part, ".:-_#")); ok {
				found = append(found, mention{target, part})
			}
		}
	}
	return found
}

func inKey(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._/#:-", r)
}

// reference reads a token as a full reference, a key, or a URL.
func (p *Program) reference(token string) (target string, ok bool) {
	if _, address, isURL := strings.Cut(token, "://"); isURL {
		return p.urlKey(address)
	}
	if connector, key, full := strings.Cut(token, ":"); full && p.connectors[connector] {
		name, number, ok := splitKey(key)
		if its := p.placeOf(name); its.connector == connector {
			name = its.name
		}
		return connector + ":" + name + number, ok
	}
	return p.bareKey(token)
}

// bareKey finds the connector of PAY-12 or acme/pay#7, and spells the place as
// the service does.
func (p *Program) bareKey(key string) (target string, ok bool) {
	name, number, ok := splitKey(key)
	its := p.placeOf(name)
	return its.connector + ":" + its.name + number, ok && its.connector != ""
}

// urlKey reads the address of an issue: …/browse/PAY-12 and
// …/acme/pay/issues/7.
func (p *Program) urlKey(address string) (target string, ok bool) {
	address, _, _ = strings.Cut(address, "#")
	steps := strings.Split(address, "/")
	switch n := len(steps); {
	case n >= 3 && steps[n-2] == "browse":
		return p.bareKey(steps[n-1])
	case n >= 5 && (steps[n-2] == "issues" || steps[n-2] == "pull"):
		return p.bareKey(steps[n-4] + "/" + steps[n-3] + "#" + steps[n-1])
	default:
		return "", false
	}
}

// splitKey cuts a key into its place and its number with the sign before it:
// PAY and -12, acme/pay and #7. A number starts with no zero and ends the key.
func splitKey(key string) (place, number string, ok bool) {
	end := strings.TrimRight(key, "0123456789")
	if len(end) < 2 || len(end) == len(key) || key[len(end)] == '0' {
		return "", "", false
	}
	place, number = key[:len(end)-1], key[len(end)-1:]
	sign := byte('-')
	if strings.Contains(place, "/") {
		sign = '#'
	}
	return place, number, number[0] == sign
}
