package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"tandem/internal/work"
)

// printer writes text for people. The first error of the stream ends it.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// table writes rows in columns.
func (p *printer) table(rows [][]string) {
	if p.err != nil {
		return
	}
	tw := tabwriter.NewWriter(p.w, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		if _, p.err = fmt.Fprintln(tw, "  "+strings.Join(row, "\t")); p.err != nil {
			return
		}
	}
	p.err = tw.Flush()
}

// printJSON writes one indented object.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.streams.Out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (a *app) printer() *printer { return &printer{w: a.streams.Out} }

// counts shows a map of counts, the largest first.
func counts[K ~string](m map[K]int) string {
	keys := slices.SortedFunc(maps.Keys(m), func(x, y K) int {
		if m[x] != m[y] {
			return m[y] - m[x]
		}
		return strings.Compare(string(x), string(y))
	})
	parts := make([]string, 0, len(keys))
	for _, k := range keys {
		if m[k] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", k, m[k]))
		}
	}
	return strings.Join(parts, ", ")
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// short cuts a text to n characters and takes control characters out, so that
// a text from outside cannot steer a terminal.
func short(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// change shows what an edit does.
func change(e work.Edit) string {
	switch e.Verb {
	case work.AddLabel:
		return "+ " + e.Target.Element
	case work.RemoveLabel:
		return "- " + e.Target.Element
	case work.MoveInBacklog:
		return "moves in backlog " + e.Target.Element
	default:
		return e.Expect.String() + " → " + e.Value.String()
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}
