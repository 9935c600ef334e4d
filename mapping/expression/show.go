package expression

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// mention is one place of the text where a name stands.
type mention struct {
	end   int // byte offset behind the name
	value func(*Subject) work.Value
}

// mention remembers a name by the offset in characters behind it.
func (c *compiler) mention(end int, n named) {
	c.mentions = append(c.mentions, mention{end: len(string([]rune(c.source)[:end])), value: n.value})
}

// sortedMentions returns the mentions in the order of the text. The parser
// shares the middle of 1 < x < 3, so one may stand twice.
func (c *compiler) sortedMentions() []mention {
	slices.SortFunc(c.mentions, func(a, b mention) int { return a.end - b.end })
	return slices.CompactFunc(c.mentions, func(a, b mention) bool { return a.end == b.end })
}

// Show returns the text with the value of each name behind it:
//
//	item.severity (3) <= 2
func (p *Program) Show(s *Subject) string {
	if p == nil {
		return ""
	}
	var b strings.Builder
	from := 0
	for _, m := range p.mentions {
		b.WriteString(p.source[from:m.end])
		b.WriteString(" (" + shown(m.value(s)) + ")")
		from = m.end
	}
	b.WriteString(p.source[from:])
	return strings.TrimSpace(b.String())
}

// shown spells a value for people: texts in quotes and shortened, numbers with
// at most four decimals, days without a time.
func shown(v work.Value) string {
	const limit = 40
	s := v.String()
	if t, ok := v.Time(); ok && t.Equal(t.Truncate(24*time.Hour)) {
		s = t.Format(time.DateOnly)
	}
	if f, ok := v.Number(); ok {
		if rounded := math.Round(f*1e4) / 1e4; rounded != 0 && !math.IsInf(rounded, 0) {
			s = strconv.FormatFloat(rounded, 'f', -1, 64)
		}
	}
	if r := []rune(s); len(r) > limit {
		s = string(r[:limit]) + "…"
	}
	if v.Kind() == work.Text {
		return strconv.Quote(s)
	}
	return s
}
