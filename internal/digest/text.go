package digest

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a digest as a template wrote it, before any service's own form.
type Text struct {
	Subject string
	Lines   []Line
	// Link is the page that tells the rest; may be empty.
	Link string
}

// Line is one line of a text.
type Line struct {
	Kind  Kind
	Spans []Span
}

// Kind is what a line is.
type Kind uint8

// The kinds.
const (
	Plain Kind = iota
	Heading
	Bullet
)

// Span is a piece of a line; it is a link where it has an address.
type Span struct{ Text, URL string }

// Templates mark links by these, which no text from outside keeps.
const (
	linkBegins = '\uE000'
	linkText   = '\uE001'
	linkEnds   = '\uE002'
)

const (
	// mostTitle is how many characters of a title or a reason are told.
	mostTitle = 160
	// mostLine is how many characters a line may have.
	mostLine = 1500
	// mostLines is how many lines a digest may have.
	mostLines = 400
)

// clean makes a text from outside safe to be put anywhere: one line, without
// what steers terminals, reading direction or our own marks, and not too long.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || unicode.Is(unicode.Z, r):
			return ' '
		case unicode.Is(unicode.C, r) && r != '\u200D' || r == utf8.RuneError:
			return -1 // control, direction, private use; emoji are joined by the one kept
		default:
			return r
		}
	}, text)
	return cut(strings.Join(strings.Fields(text), " "), mostTitle)
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// webAddress returns an address that may be a link, as it is written in ASCII;
// empty where it may not.
func webAddress(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(text) > 1000 {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) { // which leaves queries as they are
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~:/?#[]@!$&*+,;=%", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// mark is the template function link.
func mark(address, text string) string {
	text = clean(text)
	if address = webAddress(address); address == "" || text == "" {
		return text
	}
	return string(linkBegins) + address + string(linkText) + text + string(linkEnds)
}

// lines reads what a template wrote: # begins a heading, - an entry of a list;
// links are marked. Empty lines only part the others.
func lines(written string) []Line {
	var all []Line
	for line := range strings.Lines(written) {
		line = strings.TrimSpace(line)
		l := Line{}
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			l.Kind, line = Heading, rest
		} else if rest, ok := strings.CutPrefix(line, "- "); ok {
			l.Kind, line = Bullet, rest
		}
		if l.Spans = spans(line); len(l.Spans) > 0 {
			all = append(all, l)
		}
	}
	if rest := len(all) - mostLines; rest > 0 {
		all = append(all[:mostLines:mostLines], more(rest))
	}
	return all
}

// more stands for lines that are left out.
func more(n int) Line {
	return Line{Kind: Plain, Spans: []Span{{Text: "… and " + plural(n, "more line", "more lines")}}}
}

// spans parts a line into links and what is between them, and cuts it.
func spans(line string) []Span {
	var all []Span
	left := mostLine
	add := func(s Span) {
		if s.Text = cut(s.Text, max(left, 1)); s.Text != "" && left > 0 {
			all = append(all, s)
			left -= utf8.RuneCountInString(s.Text)
		}
	}
	for line != "" {
		before, rest, found := strings.Cut(line, string(linkBegins))
		add(Span{Text: unmarked(before)})
		if !found {
			break
		}
		link, after, _ := strings.Cut(rest, string(linkEnds))
		address, text, _ := strings.Cut(link, string(linkText))
		add(Span{Text: unmarked(text), URL: address})
		line = after
	}
	return all
}

// unmarked takes out what is left of marks, and whatever a template wrote
// itself that no text may hold.
func unmarked(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) && r != '\u200D' {
			return -1
		}
		return r
	}, text)
}

// String returns the text as a terminal and a plain mail show it.
func (t *Text) String() string {
	var b strings.Builder
	b.WriteString(t.Subject + "\n")
	last := Heading
	for _, l := range t.Lines {
		if l.Kind == Heading || l.Kind == Plain && last == Bullet {
			b.WriteString("\n")
		}
		if last = l.Kind; last == Bullet {
			b.WriteString("- ")
		}
		for _, s := range l.Spans {
			b.WriteString(s.Text)
			if s.URL != "" && s.URL != s.Text {
				b.WriteString(" <" + s.URL + ">")
			}
		}
		b.WriteString("\n")
	}
	if t.Link != "" {
		b.WriteString("\n" + t.Link + "\n")
	}
	return b.String()
}

// fitting returns the text with as few of its last lines left out as fit.
func (t *Text) fitting(fits func(*Text) bool) *Text {
	if fits(t) {
		return t
	}
	left := sort.Search(len(t.Lines), func(left int) bool { return fits(t.shorter(len(t.Lines) - left)) })
	return t.shorter(len(t.Lines) - left)
}

// shorter returns the first n lines of the text, and how many are left out.
func (t *Text) shorter(n int) *Text {
	if n >= len(t.Lines) {
		return t
	}
	short := *t
	short.Lines = append(slices.Clone(t.Lines[:n]), more(len(t.Lines)-n))
	return &short
}
