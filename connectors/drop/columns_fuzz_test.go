package drop

import "testing"

// Whatever stands in a column file, reading ends, and what it takes has bounds.
func FuzzColumnFiles(f *testing.F) {
	for _, seed := range []string{
		"", "A: at", "columns: {A: {person: x}}", "questions: {q: {type: rating, scale: 1-7, headers: [a]}}", "questions: {q: [a, b]}",
		"dates: {format: [DD.MM.YYYY], zone: Europe/Berlin}", "decimals: comma", "skip: -1", "rows: {a: b}", "a: &x {field: *x}", "columns: *y", "? [a]\n: b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		c, err := parseColumns("x", []byte(content))
		if err != nil {
			return
		}
		for header, q := range c.questions {
			if q.scale != "" && q.low >= q.high {
				t.Errorf("%q has the scale %q", header, q.scale)
			}
		}
	})
}
