package httpjson

import (
	"html"
	"strings"
)

// words returns the words of a piece of HTML: tags go, blocks become lines.
// It is for reading, not for showing: nothing of it is taken for safe.
func words(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		end := strings.IndexByte(s[open:], '>')
		if end < 0 || !tagStart(s[open:]) {
			b.WriteByte('<')
			s = s[open+1:]
			continue
		}
		name := strings.ToLower(strings.Trim(s[open+1:open+end], "/ "))
		name, _, _ = strings.Cut(name, " ")
		s = s[open+end+1:]
		switch name {
		case "p", "br", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote":
			b.WriteByte('\n')
		case "script", "style":
			if close := strings.Index(strings.ToLower(s), "</"+name); close >= 0 {
				s = s[close:]
			}
		}
	}
	var lines []string
	for line := range strings.SplitSeq(html.UnescapeString(b.String()), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// tagStart tells a tag from a lone less-than sign.
func tagStart(s string) bool {
	if len(s) < 2 {
		return false
	}
	c := s[1]
	return c == '/' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
