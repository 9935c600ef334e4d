package table_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/table"
)

func TestTheDelimiterIsTheOneThatMostRowsAgreeOn(t *testing.T) {
	t.Parallel()
	for sample, want := range map[string]byte{
		"a,b\n1,2\n":      ',',
		"a;b\n1,5;2,5\n":  ';',
		"a\tb\n1, 2\t3\n": '\t',
		"a|b\n1|2\n":      '|',
		"Nr;Gut, oder nicht, sagen Sie, bitte?\n1;ja\n":  ';',
		"Number,\"Good; or bad; or\n; neither?\"\n1,x\n": ',',
		"alone\n1\n": ',',
		"":           ',',
		"a;b;c":      ';',
	} {
		if got := table.Sniff([]byte(sample)); got != want {
			t.Errorf("%q: %q, want %q", sample, got, want)
		}
	}
}

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	cases := []struct{ format, zone, text, want string }{
		{"", "", "2026-07-01", "2026-07-01T00:00:00Z"},
		{"", "Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"},
		{"", "Europe/Berlin", "2026-07-01 09:30", "2026-07-01T07:30:00Z"},
		{"", "Europe/Berlin", "2026-07-01T09:30:00+05:00", "2026-07-01T04:30:00Z"},
		{"", "", "2026-07-01 09:30:00.25", "2026-07-01T09:30:00Z"},
		{"DD.MM.YYYY", "", "1.7.2026", "2026-07-01T00:00:00Z"},
		{"DD.MM.YYYY HH:mm", "Europe/Berlin", "01.12.2026 9:05", "2026-12-01T08:05:00Z"},
		{"M/D/YY h:mm A", "America/New_York", "7/4/26 3:05 PM", "2026-07-04T19:05:00Z"},
		{"D MMM YYYY", "", "3 Oct 2026", "2026-10-03T00:00:00Z"},
		{"YYYY-MM-DDTHH:mm:ssZ", "", "2026-07-01T09:30:00+02:00", "2026-07-01T07:30:00Z"},
		{"DD.MM.YYYY HH:mm", "Europe/Berlin", "25.10.2026 02:30", "2026-10-25T00:30:00Z"}, // twice: the first
		{"DD.MM.YYYY HH:mm", "Europe/Berlin", "29.03.2026 02:30", "! clocks were set forward"},
		{"DD.MM.YYYY", "", "31.04.2026", "! day out of range"},
		{"DD.MM.YYYY", "", "2026-07-01", "! is not written as DD.MM.YYYY"},
		{"", "", "03/04/2026", "! may be more than one day"},
		{"", "", "3.4.2026", "! may be more than one day"},
		{"", "", "soon", "! is no time"},
	}
	for _, c := range cases {
		var formats []string
		if c.format != "" {
			formats = []string{c.format}
		}
		d, err := table.NewDates(formats, c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Read(c.text)
		if bad, isBad := strings.CutPrefix(c.want, "! "); isBad {
			if err == nil || !strings.Contains(err.Error(), bad) {
				t.Errorf("%q as %q: %v, want an error that says %q", c.text, c.format, err, bad)
			}
			continue
		}
		if spelled := got.Format("2006-01-02T15:04:05Z07:00"); err != nil || spelled != c.want {
			t.Errorf("%q as %q in %q: %s %v, want %s", c.text, c.format, c.zone, spelled, err, c.want)
		}
	}
	for format, want := range map[string]string{"DD.MM": "no year", "YYYY-MM-DD x": "means nothing", "DD.MM.YYYY hh:mm": "goes with A"} {
		if _, err := table.NewDates([]string{format}, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error that says %q", format, err, want)
		}
	}
}

func TestNumbersAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	type reading struct {
		as   table.Decimals
		text string
	}
	for r, want := range map[reading]string{
		{"", "7"}: "7", {"", "7.5"}: "7.5", {"", "7,5"}: "7.5", {"", "-3"}: "-3", {"", "1 234"}: "1234", {"", "0,125"}: "0.125",
		{"", "1,234"}: "!", {"", "1,234.5"}: "!", {"", "1,2,3"}: "!", {"", "NaN"}: "!", {"", "0x1"}: "!", {"", ""}: "!", {"", "Inf"}: "!",
		{"comma", "1.234,5"}: "1234.5", {"comma", "1.234"}: "1234", {"comma", "12.34"}: "!", {"comma", "1,2,3"}: "!",
		{"point", "1,234.5"}: "1234.5", {"point", "1,234"}: "1234", {"point", "1,2"}: "!", {"point", "1.2.3"}: "!",
	} {
		got, err := r.as.Read(r.text)
		if spelled := fmt.Sprint(got); err == nil && spelled != want || (err != nil) != (want == "!") {
			t.Errorf("%q as %q: %s %v, want %s", r.text, r.as, spelled, err, want)
		}
	}
}

func read(content string, f table.Format, o table.Options) (cells []string, err error) {
	rows, err := table.NewRows(strings.NewReader(content), f, o)
	if err != nil {
		return nil, err
	}
	for row, err := range rows.All() {
		if err != nil {
			return cells, err
		}
		if row.Fault != "" {
			cells = append(cells, fmt.Sprintf("%d ! %s (cut %v)", row.Line, row.Fault, row.Cut))
			continue
		}
		line := fmt.Sprint(row.Line)
		for i, c := range row.Cells {
			line += fmt.Sprintf(" %s=%q", row.Header[i], table.Text(c))
		}
		cells = append(cells, line)
	}
	return cells, nil
}

func TestRowsAreReadInAllDialects(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, content string
		format        table.Format
		options       table.Options
		want          []string
	}{
		{"quotes and breaks", "a,b\r\n1,\"x\r\ny, \"\"z\"\"\"\r\n2,q\r\n", table.CSV, table.Options{}, []string{"2 a=\"1\" b=\"x\\r\\ny, \\\"z\\\"\"", "4 a=\"2\" b=\"q\""}},
		{"sep line and mark", "\uFEFFsep=|\na|b\n1|2\n", table.CSV, table.Options{}, []string{`3 a="1" b="2"`}},
		{"lines before the header", "Report of July\n\na;b\n1;2\n", table.CSV, table.Options{Skip: 2}, []string{`4 a="1" b="2"`}},
		{"nameless and repeated columns", "a,,a\n1,2,3\n", table.CSV, table.Options{}, []string{`2 a="1" column 2="2" a (2)="3"`}},
		{"a last row that is cut", "a,b\n1,2\n3", table.CSV, table.Options{}, []string{`2 a="1" b="2"`, "3 ! the row has 1 cells, the header 2 (cut true)"}},
		{"a last quote that is open", "a,b\n1,\"2", table.CSV, table.Options{}, []string{`2 ! a cell begins with " and does not end with it (cut true)`}},
		{"a last row without a break", "a,b\n1,2", table.CSV, table.Options{}, []string{`2 a="1" b="2"`}},
		{"objects", "{\"b\":[1,\"x\"],\"a\":null}\n\n[1]\n{\"a\":{}}\n{\"a\":", table.JSONL, table.Options{}, []string{
			`1 a="" b="1, x"`, "3 ! the line is no JSON object (cut false)", "4 ! a: a mapping is no value (cut false)", "5 ! the line is no JSON object (cut true)",
		}},
	}
	for _, c := range cases {
		got, err := read(c.content, c.format, c.options)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}

// Cells that a program writes are read as they were, whatever the delimiter.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-zü"';,|\n]{0,12}`)
		comma := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "comma")
		var content strings.Builder
		content.WriteString("sep=" + comma + "\nx" + comma + "y\n")
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			x, y := cell.Draw(t, "x"), cell.Draw(t, "y")
			quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
			content.WriteString(quote(x) + comma + quote(y) + "\n")
			want = append(want, strings.TrimSpace(x), strings.TrimSpace(y))
		}
		rows, err := table.NewRows(strings.NewReader(content.String()), table.CSV, table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for row, err := range rows.All() {
			if err != nil || row.Fault != "" {
				t.Fatal(err, row.Fault)
			}
			got = append(got, table.Text(row.Cells[0]), table.Text(row.Cells[1]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Whatever a file holds, reading ends, every row has cells or a fault, and
// texts are UTF-8.
func FuzzReadingEnds(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\xff\xfea\x00", "\"", "sep=;\n", "a\x00b\n", "{}", "a;b\n\"x", "\uFEFF", "a\n\xfc\n"} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, content []byte, csv bool) {
		format := table.JSONL
		if csv {
			format = table.CSV
		}
		rows, err := table.NewRows(bytes.NewReader(content), format, table.Options{})
		if err != nil {
			return
		}
		last := table.Mark{}
		for row, err := range rows.All() {
			if err != nil {
				return
			}
			if row.Fault == "" && len(row.Cells) != len(row.Header) || row.Fault != "" && row.Remedy == "" || row.End.Offset <= last.Offset {
				t.Fatalf("%+v", row)
			}
			last = row.End
			for _, c := range row.Cells {
				if s, ok := c.(string); ok && strings.ToValidUTF8(s, "") != s {
					t.Fatalf("%q is no UTF-8", s)
				}
			}
		}
	})
}
