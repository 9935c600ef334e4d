package github

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// nextOf returns the address with rel="next" in the Link headers; empty where
// there is none. Addresses may hold commas, a header may come in several
// lines, and a link may have several relations (RFC 8288).
func nextOf(h http.Header) string {
	for _, value := range h.Values("Link") {
		for value != "" {
			var address string
			var next bool
			if address, next, value = cutLink(value); next && address != "" {
				return address
			}
		}
	}
	return ""
}

// cutLink takes the first link off a header line.
func cutLink(s string) (address string, next bool, rest string) {
	_, s, found := strings.Cut(s, "<")
	if !found {
		return "", false, ""
	}
	address, s, found = strings.Cut(s, ">")
	if !found {
		return "", false, ""
	}
	for {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ";") {
			return address, next, s
		}
		var name, value string
		name, value, s = cutParameter(s[1:])
		if strings.EqualFold(name, "rel") {
			for relation := range strings.FieldsSeq(value) {
				next = next || strings.EqualFold(relation, "next")
			}
		}
	}
}

// cutParameter takes one parameter, name=token or name="text", off a link.
func cutParameter(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.TrimSpace(s), "", ""
	}
	name = strings.TrimSpace(s[:end])
	if s[end] != '=' {
		return name, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		if end = strings.IndexAny(s, ";,"); end < 0 {
			return name, strings.TrimSpace(s), ""
		}
		return name, strings.TrimSpace(s[:end]), s[end:]
	}
	var text strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			text.WriteByte(s[i])
		case s[i] == '"':
			return name, text.String(), s[i+1:]
		default:
			text.WriteByte(s[i])
		}
	}
	return name, text.String(), ""
}

// follow checks that a link stays at the service: credentials go with it.
func follow(base *url.URL, link string) (string, error) {
	u, err := base.Parse(link)
	if err != nil {
		return "", fmt.Errorf("the service linked to something that is no address: %w", err)
	}
	if u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
		return "", fmt.Errorf("the service linked to %s://%s, which is not %s; the walk stops there", u.Scheme, u.Host, base.Host)
	}
	return link, nil
}
