package chart_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"flag"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/chart"
	"tandem/internal/work"
)

var update = flag.Bool("update", false, "write the golden files anew")

var monday = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)

// golden compares with what is kept in testdata.
func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func file(t *testing.T, p chart.Picture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := chart.WriteSVG(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pixels(t *testing.T, p chart.Picture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := chart.WritePNG(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesStayAsTheyWereLookedAt(t *testing.T) {
	t.Parallel()
	for name, p := range pictures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.ReplaceAll(string(chart.Figure(p)), "><", ">\n<") + "\n"
			if diff := cmp.Diff(string(golden(t, name+".html", []byte(got))), got); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
			svg := string(file(t, p))
			if diff := cmp.Diff(string(golden(t, name+".svg", []byte(svg))), svg); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPixelsStayAsTheyWereLookedAt(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bump", "roadmap"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := pixels(t, pictures()[name])
			if !bytes.Equal(got, pixels(t, pictures()[name])) {
				t.Error("two pictures of the same differ")
			}
			want := decoded(t, golden(t, name+".png", got))
			is := decoded(t, got)
			if is.Bounds() != image.Rect(0, 0, 1920, 1080) {
				t.Fatalf("bounds %v", is.Bounds())
			}
			differ := 0
			for y := range 1080 {
				for x := range 1920 {
					a, b := want.NRGBAAt(x, y), is.NRGBAAt(x, y)
					if max(a.R, b.R)-min(a.R, b.R) > 8 || max(a.G, b.G)-min(a.G, b.G) > 8 || max(a.B, b.B)-min(a.B, b.B) > 8 {
						differ++ // processors round edges of letters otherwise
					}
				}
			}
			if differ > 200 {
				t.Errorf("%d pixels differ", differ)
			}
		})
	}
}

func decoded(t *testing.T, data []byte) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// hostile are texts that people and services give.
func hostile() []string {
	return []string{
		`</title><script>alert(1)</script>`, `" onload="alert(1)" x="`, `&lt;b&gt; &amp; ]]> <!-- -->`, "\x00\x01\x1b[31m\x7f\u009f", "\xff\xfe\xfd",
		strings.Repeat("long ", 4000), strings.Repeat("x", 10_000), strings.Repeat("👩‍👩‍👧‍👦", 500), "\u202Eevil\u202C \u2066x\u2069", "שלום <b> abc 123",
		"مرحبا بالعالم", strings.Repeat("\u0301", 300), "🇩🇪🇫🇷🏴󠁧󠁢󠁳󠁣󠁴󠁿", "", " \t\n", "\ufffe\uffff", "javascript:alert(1)", "日本語の長い題名" + strings.Repeat("字", 200),
	}
}

// odd are pictures of texts and numbers that are not as they should be.
func odd() map[string]chart.Picture {
	all := map[string]chart.Picture{
		"empty bars": chart.Bars{}, "empty sparkline": chart.Sparkline{}, "empty line": chart.Line{}, "empty capacity": chart.Capacity{},
		"empty bump": chart.Bump{}, "empty roadmap": chart.Roadmap{}, "no time": chart.PlaceHistory("", []work.Point{{Place: 3}}, time.Time{}, time.Time{}),
		"one point": chart.PlaceHistory("one", []work.Point{{Day: monday, Place: 3}}, monday, monday), "one week": chart.Sparkline{Weeks: []float64{3}},
		"time backwards": chart.ScoreHistory("back", []work.Point{{Day: monday, Place: 3}}, monday, monday.AddDate(-1, 0, 0)),
		"all unknown":    chart.Sparkline{Weeks: []float64{math.NaN(), math.Inf(1), math.Inf(-1)}},
		"one bump":       chart.Bump{Lines: []chart.Ranked{{Name: "x", Points: []work.Point{{Day: monday, Place: 1}}}}, From: monday, To: monday, First: 1},
	}
	numbers := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1e300, -1e300, 5e-324, 1e-9, 3}
	var terms []chart.Term
	var uses []chart.Use
	var marks []chart.Mark
	for i, a := range numbers {
		b := numbers[(i+3)%len(numbers)]
		terms, uses = append(terms, chart.Term{Name: "t", Value: a, Low: b, High: numbers[(i+5)%len(numbers)]}), append(uses, chart.Use{Name: "u", Used: a, Limit: b})
		marks = append(marks, chart.Mark{Day: monday.AddDate(0, 0, i), Value: a, Low: b, High: numbers[(i+5)%len(numbers)]})
	}
	all["odd bars"], all["odd capacity"] = chart.Bars{Terms: terms}, chart.Capacity{Rows: uses}
	all["odd line"], all["odd sparkline"] = chart.Line{Points: marks, From: monday, To: monday.AddDate(0, 0, 9)}, chart.Sparkline{Weeks: numbers}
	all["odd places"] = chart.Line{Points: marks, From: monday, To: monday.AddDate(0, 0, 9), Places: true}
	for i, text := range hostile() {
		name := "hostile " + strconv.Itoa(i)
		all[name+" bars"] = chart.Bars{Title: text, Desc: text, Unit: text, Terms: []chart.Term{{Name: text, Value: 1, Note: text}}}
		all[name+" roadmap"] = chart.Roadmap{Title: text, Note: text, Columns: []chart.Column{{Name: text, Note: text, Cards: []chart.Card{{text, text, text}}}}}
		all[name+" bump"] = chart.Bump{
			Title: text, Note: text, OfTeam: text, From: monday.AddDate(0, 0, -3), To: monday, First: 3,
			Lines: []chart.Ranked{{Name: text, Points: []work.Point{{Day: monday.AddDate(0, 0, -3), Team: text, Place: 2, TeamPlace: 2}}}},
		}
		all[name+" line"], all[name+" sparkline"] = chart.Line{Title: text, Desc: text, Unit: text}, chart.Sparkline{Title: text}
		all[name+" capacity"] = chart.Capacity{Title: text, Unit: text, Rows: []chart.Use{{Name: text, Used: 1}}}
	}
	return all
}

// TestOddPicturesAreSound reads every picture as XML and looks for what a strict
// policy, or a browser, would not take.
func TestOddPicturesAreSound(t *testing.T) {
	t.Parallel()
	for name, p := range odd() {
		for kind, text := range map[string]string{"page": string(chart.Figure(p)), "file": string(file(t, p))} {
			if err := sound(text); err != nil {
				t.Errorf("%s, %s: %v\n%.2000s", name, kind, err, text)
			}
			if !strings.Contains(text, `role="img"`) {
				t.Errorf("%s, %s has no role", name, kind)
			}
		}
	}
}

func sound(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch element.Name.Local {
		case "script", "style", "a", "image", "foreignObject", "use":
			return errors.New("element " + element.Name.Local)
		}
		for _, a := range element.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") {
				return errors.New("attribute " + a.Name.Local)
			}
			if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") || strings.Contains(a.Value, "e+") {
				return errors.New("number " + a.Value)
			}
		}
	}
}

func TestOddPixelsAreDrawn(t *testing.T) {
	t.Parallel()
	for name, p := range odd() {
		if strings.Contains(name, "roadmap") || strings.HasPrefix(name, "odd") || strings.HasPrefix(name, "empty") {
			if err := chart.WritePNG(io.Discard, p); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestListsAreSafeInSpreadsheets(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"=1+1", "'=1+1"},
		{"+cmd", "'+cmd"},
		{"-cmd", "'-cmd"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"＝1+1", "'＝1+1"},
		{"-3.5", "-3.5"},
		{"-3.5.1", "'-3.5.1"},
		{"+1", "'+1"},
		{"a\"b,c\nd", "a\"b,c\nd"},
		{"", ""},
		{"\xff", "\uFFFD"},
	}
	var b strings.Builder
	var given [][]string
	for _, row := range rows {
		given = append(given, row[:1])
	}
	if err := chart.WriteCSV(&b, []string{"=name"}, given); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(strings.NewReader(b.String() + "\n")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"'=name"}}
	for _, row := range rows {
		if row[1] != "" { // the reader skips empty lines
			want = append(want, row[1:])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestListsAreJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := chart.WriteJSON(&b, []map[string]string{{"a": "</script>"}, {"b": "x"}}); err != nil {
		t.Fatal(err)
	}
	if want := "[\n{\"a\":\"\\u003c/script\\u003e\"},\n{\"b\":\"x\"}\n]\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
	b.Reset()
	if err := chart.WriteJSON[int](&b, nil); err != nil || b.String() != "[\n]\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func BenchmarkPictures(b *testing.B) {
	var points []work.Point
	var weeks []float64
	for i := range 400 {
		points = append(points, work.Point{Day: monday.AddDate(0, 0, i-400), Place: 1 + i*7%40, Score: float64(i % 100), Low: 0, High: 100})
		weeks = append(weeks, float64(i%17))
	}
	for name, p := range map[string]chart.Picture{
		"line of 400": chart.ScoreHistory("x", points, monday.AddDate(0, 0, -400), monday), "sparkline of 12": chart.Sparkline{Weeks: weeks[:12]},
		"sparkline of 400": chart.Sparkline{Weeks: weeks}, "roadmap": roadmap(), "bump": order(monday.AddDate(0, 0, -90)),
	} {
		b.Run(name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(chart.Inline(p))
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
	b.Run("png", func(b *testing.B) {
		for b.Loop() {
			if err := chart.WritePNG(io.Discard, roadmap()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
