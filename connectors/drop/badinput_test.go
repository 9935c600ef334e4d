package drop_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors/drop"
)

func TestBadInputIsSaidAndStopsNothingElse(t *testing.T) {
	t.Parallel()
	const good = "text,at\nfine,2026-07-01\n"
	cases := []struct {
		name, content, columns string
		texts                  []string
		says                   []string // among rejects and notes
		aside                  bool     // the whole file
	}{
		{name: "an empty export", content: "text,at\n", says: []string{"a header and no row"}},
		{name: "NUL bytes in a row", content: good + "da\x00maged,2026-07-01\nfine too,2026-07-02\n", texts: []string{"fine", "fine too"}, says: []string{"NUL bytes"}},
		{name: "NUL bytes in the header", content: "te\x00xt,at\nx,2026-07-01\n", says: []string{"the header holds NUL bytes"}, aside: true},
		{name: "mixed encodings", content: "text,at\nUTF-8: zu früh,2026-07-01\nold: zu fr\xfch,2026-07-02\n", texts: []string{"UTF-8: zu früh", "old: zu früh"}, says: []string{"1 cells are not UTF-8; they were read as Windows-1252"}},
		{name: "a declared encoding", content: "text,at\nz\xb3oty,2026-07-01\n", columns: "encoding: windows-1250", texts: []string{"złoty"}},
		{name: "UTF-16 with a mark", content: wide("text;at\nzu früh;2026-07-01\n", true), texts: []string{"zu früh"}},
		{name: "UTF-16 without a mark", content: wide("text;at\nzu früh;2026-07-01\n", false), texts: []string{"zu früh"}},
		{name: "ragged rows", content: good + "one\nfine too,2026-07-02,,\nmany,2026-07-02,x\n", texts: []string{"fine", "fine too"}, says: []string{"the row has 1 cells, the header 2", "the row has 3 cells"}},
		{name: "duplicate headers", content: "text,at,Why?,Why?\nfine,2026-07-01,a,b\n", texts: []string{"fine"}, says: []string{`the question "Why? (2)"`}},
		{name: "a lone quote", content: good + "5\" pipe,2026-07-02\n\"open,2026-07-03\nlast,2026-07-04\n", texts: []string{"fine", "5\" pipe", "last"}, says: []string{`begins with " and does not end`}},
		{name: "an ambiguous date", content: "text,at\nx,03/04/2026\n", says: []string{`"03/04/2026" may be more than one day`, "dates: {format"}},
		{name: "an impossible date", content: "text,at\nx,31.02.2026\n", columns: "dates: {format: DD.MM.YYYY}", says: []string{`"31.02.2026" is no time: day out of range`}},
		{name: "an hour that never was", content: "text,at\nx,29.03.2026 02:30\n", columns: "dates: {format: 'DD.MM.YYYY HH:mm', zone: Europe/Berlin}", says: []string{"never was in Europe/Berlin"}},
		{name: "an ambiguous number", content: "text,at,value\nx,2026-07-01,\"1,234\"\n", says: []string{`"1,234" may be two numbers`}},
		{name: "a very long cell", content: good + strings.Repeat("x", 1<<20) + ",2026-07-02\nfine too,2026-07-02\n", texts: []string{"fine", "fine too"}, says: []string{"longer than 1 MB"}},
		{name: "a spreadsheet", content: "PK", says: []string{"files of this kind cannot be read", "save the sheet as CSV"}, aside: true},
		{name: "nothing but faults", content: "text,at\n" + strings.Repeat("x,never\n", 5000), says: []string{"of the first 1000 rows 1000 cannot be understood"}, aside: true},
		{name: "an archive of two tables", content: packed(map[string]string{"a.csv": good, "b.csv": good}), says: []string{"holds 2 tables"}, aside: true},
		{name: "an archive with other things", content: packed(map[string]string{"a.csv": good, "__MACOSX/._a.csv": "x", "readme.txt": "x"}), texts: []string{"fine"}},
		{name: "a zip bomb", content: packed(map[string]string{"a.csv": "text,at\n" + strings.Repeat(strings.Repeat("0", 1000)+"\n", 50000)}), says: []string{"unpacks to more than is allowed"}, aside: true},
		{name: "a gzip bomb", content: zipped("text,at\nfine,2026-07-01\n" + strings.Repeat(strings.Repeat("0", 1000)+",2026-07-01\n", 50000)), says: []string{"unpacks to more than is allowed"}, aside: true},
		{name: "a broken archive", content: zipped(good)[:30], says: []string{"it cannot be read: unexpected EOF"}, aside: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := "a.csv"
			if c.name == "a spreadsheet" {
				name = "a.xlsx"
			}
			dir, settings := folder(t, name, c.content, c.columns)
			at := "2026-07-01"
			if strings.Contains(c.columns, "format:") {
				at = map[bool]string{true: "01.07.2026 10:00", false: "01.07.2026"}[strings.Contains(c.columns, "HH")]
			}
			put(t, filepath.Join(dir, "z.csv"), "text,at\nthe other one,"+at+"\n")
			got := listen(t, open(t, drop.Definition(), env(), settings), nil)
			texts := got.texts()
			if strings.HasPrefix(c.name, "a gzip") && len(texts) > 1 {
				texts = texts[len(texts)-1:] // what came before the bomb stays
			}
			if diff := cmp.Diff(append(c.texts, "the other one"), texts); diff != "" {
				t.Errorf("texts (-want +got):\n%.2000s", diff)
			}
			said := got.notes
			for _, r := range got.rejects {
				if r.Where == "" || r.Remedy == "" || strings.Contains(r.Body, "\x00") {
					t.Errorf("%+v", r)
				}
				said = append(said, r.Where+": "+r.Cause+"; "+r.Remedy)
			}
			wants(t, said, c.says...)
			if len(c.says) == 0 && len(said) > 0 {
				t.Errorf("it says %v", said)
			}
			if c.aside {
				exists(t, filepath.Join(dir, "quarantine", "a.*.why.txt"))
				exists(t, filepath.Join(dir, "done", "*"))
			}
		})
	}
}

func wide(text string, mark bool) string {
	var b []byte
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func packed(files map[string]string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		if w, err := z.Create(name); err == nil {
			_, _ = io.WriteString(w, content) // into memory
		}
	}
	_ = z.Close() // into memory
	return b.String()
}

func zipped(content string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, content) // into memory
	_ = z.Close()                     // into memory
	return b.String()
}

func TestAHalfWrittenFileWaits(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "a.csv", "text,at\nfine,2026-07-01\n\"hal", "")
	now := time.Now()
	e := env()
	e.Now = func() time.Time { return now }
	live := open(t, drop.Definition(), e, settings)
	put(t, filepath.Join(dir, "b.csv.part"), "text,at\nx,2026-07-01\n")
	put(t, filepath.Join(dir, "empty.csv"), "")
	first := listen(t, live, nil)
	if len(first.feedback)+len(first.rejects) > 0 {
		t.Errorf("%+v", first)
	}
	exists(t, filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv.part"), filepath.Join(dir, "empty.csv"))
	put(t, filepath.Join(dir, "a.csv"), "text,at\nfine,2026-07-01\n\"half, and more\",2026-07-02")
	second := listen(t, live, first.cursor)
	if diff := cmp.Diff([]string{"fine", "half, and more"}, second.texts()); diff != "" {
		t.Error(diff)
	}
	put(t, filepath.Join(dir, "c.csv"), "text,at\nlast,2026-07-01\ncut")
	third := listen(t, live, second.cursor)
	now = now.Add(11 * time.Minute)
	fourth := listen(t, live, third.cursor)
	if len(third.feedback) > 0 || cmp.Diff([]string{"last"}, fourth.texts()) != "" || len(fourth.rejects) != 2 {
		t.Errorf("%+v\n%+v", third, fourth)
	}
	exists(t, filepath.Join(dir, "quarantine", "empty.*.csv"), filepath.Join(dir, "quarantine", "c.*.rejected.csv"))
}

func TestAFileThatChangesBetweenTwoLooksWaits(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "a.csv", "text,at\nfine,2026-07-01\n", "")
	live := open(t, drop.Definition(), env(), strings.Replace(settings, "settle: 0s", "settle: 300ms", 1))
	go func() {
		time.Sleep(100 * time.Millisecond)
		f, err := os.OpenFile(filepath.Join(dir, "a.csv"), os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			_, _ = f.WriteString("more,2026-07-02\n") // the walk tells
			_ = f.Close()
		}
	}()
	first := listen(t, live, nil)
	second := listen(t, live, first.cursor)
	if len(first.feedback) != 0 || len(second.feedback) != 2 {
		t.Errorf("%v then %v", first.texts(), second.texts())
	}
}

func TestALargeFileIsStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out a file of 200 MB: run go test without -short")
	}
	dir, settings := folder(t, "large.csv", "", "")
	f, err := os.Create(filepath.Join(dir, "large.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	_, _ = out.WriteString("id,text,at,Country\n") // Flush tells
	row := strings.Repeat("the export drops rows ", 45)
	const rows = 200_000
	for i := range rows {
		_, _ = fmt.Fprintf(out, "%d,%s,2026-07-01,DE\n", i, row) // as above
	}
	if err := errors.Join(out.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	live := open(t, drop.Definition(), env(), settings)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	got, most, begun := 0, uint64(0), time.Now()
	for page, err := range live.Source.Pages(t.Context(), "feedback", nil) {
		if err != nil {
			t.Fatal(err)
		}
		if got += len(page.Feedback); got%20_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
		}
	}
	info, err := os.Stat(filepath.Dir(dir))
	if err != nil || got != rows {
		t.Fatal(got, err, info)
	}
	t.Logf("200 MB, %d rows: %v, heap at most %d kB", got, time.Since(begun).Round(time.Millisecond), most>>10)
	if most > 16<<20 {
		t.Errorf("the heap grew by %d MB", most>>20)
	}
}
