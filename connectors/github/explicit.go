package github

import "strings"

// explicitLinks are the references of a body that a person set on purpose: on
// a line of their own that begins with "Twin:" or "Tandem-Link:", a reference
// (jira:PAY-12) or an address, or several of them. Lines in code blocks are
// examples and do not count; nor does a mention in a text.
func explicitLinks(body string) []string {
	var links []string
	for line := range outsideCode(body) {
		name, rest, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || !strings.EqualFold(name, "twin") && !strings.EqualFold(name, "tandem-link") {
			continue
		}
		for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
			word = strings.Trim(word, "<>.;")
			if isReference(word) {
				links = append(links, word)
			}
		}
	}
	return links
}

// isReference tells connector:key and web addresses from other words.
func isReference(word string) bool {
	if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
		return true
	}
	connector, key, found := strings.Cut(word, ":")
	return found && connector != "" && key != "" && !strings.HasPrefix(key, "/") &&
		strings.Trim(connector, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// marker is what Tandem itself wrote to join twins, <!-- tandem: jira:10012 -->.
// The first one counts.
func marker(body string) string {
	for line := range outsideCode(body) {
		for {
			_, after, found := strings.Cut(line, "<!--")
			if !found {
				break
			}
			comment, rest, closed := strings.Cut(after, "-->")
			if name, ref, ok := strings.Cut(comment, ":"); closed && ok && strings.TrimSpace(name) == "tandem" {
				if ref = strings.TrimSpace(ref); isReference(ref) {
					return ref
				}
			}
			line = rest
		}
	}
	return ""
}

// outsideCode calls yield for each line that is not in a fenced code block.
func outsideCode(body string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		fence := ""
		for line := range strings.Lines(body) {
			text := strings.TrimSpace(line)
			switch {
			case fence != "":
				if strings.HasPrefix(text, fence) {
					fence = ""
				}
			case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "~~~"):
				fence = text[:3]
			case !yield(line):
				return
			}
		}
	}
}
