package drop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
)

// errKilled is the end of a process.
var errKilled = errors.New("killed")

// mortal dies before or after one change of the folder.
type mortal struct {
	realDisk
	left  int // changes until then
	after bool
}

func (m *mortal) step(change func() error) error {
	if m.left--; m.left == 0 && !m.after {
		panic(errKilled)
	}
	err := change()
	if m.left == 0 {
		panic(errKilled)
	}
	return err
}

func (m *mortal) Folder(path string) error {
	return m.step(func() error { return m.realDisk.Folder(path) })
}

func (m *mortal) Rename(from, to string) error {
	return m.step(func() error { return m.realDisk.Rename(from, to) })
}

func (m *mortal) Write(path string, content []byte) error {
	return m.step(func() error { return m.realDisk.Write(path, content) })
}

// memory stands for the store: rows and cursor change in one transaction.
type memory struct {
	rows   map[string]string
	counts map[string]int // how often a row was new to it
	cursor connectors.Cursor
}

func newMemory() *memory { return &memory{rows: map[string]string{}, counts: map[string]int{}} }

func (m *memory) save(p connectors.Page) {
	for _, f := range p.Feedback {
		if _, known := m.rows[f.ID]; !known {
			m.counts[f.Text]++
		}
		if m.rows[f.ID] = f.Text; f.Gone {
			delete(m.rows, f.ID)
		}
	}
	m.cursor = p.Cursor
}

func (m *memory) texts() []string {
	var all []string
	for _, t := range m.rows {
		all = append(all, t)
	}
	slices.Sort(all)
	return all
}

// live is one life of a process. It ends when the disk kills it, or before or
// after a page is stored.
func live(s *source, m *memory, pages int, stored bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != any(errKilled) {
				panic(r)
			}
			err = errKilled
		}
	}()
	for page, err := range s.Pages(context.Background(), "feedback", m.cursor) {
		if err != nil {
			return err
		}
		if pages--; pages == 0 && !stored {
			return errKilled
		}
		m.save(page)
		if pages == 0 {
			return errKilled
		}
	}
	return nil
}

func fill(t interface{ Fatal(...any) }, folder string) (want []string) {
	files := 0
	put := func(name string, content string) {
		files++
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour + time.Duration(files)*time.Second)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	var big strings.Builder
	big.WriteString("at,text\n")
	for i := range 510 {
		said := fmt.Sprint("said ", i/2) // each of two people, on one day
		fmt.Fprintf(&big, "2026-10-01,%s\n", said)
		want = append(want, said)
	}
	put("big.csv", big.String())
	put("again.csv", big.String())
	put("bad.csv", "at,text\n2026-10-01,fine\n31.02.2026,never\n")
	want = append(want, "fine")
	put("none.csv", "at,text\x00\n")
	put("study.csv", "at,person,text\n2026-10-01,p1,with a study\n")
	put("study.json", `{"study": "s1"}`)
	want = append(want, "with a study")
	slices.Sort(want)
	return want
}

// contents are the contents of all files that people gave, wherever they are.
func contents(folder string) map[string]int {
	all := map[string]int{}
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".why.txt") && !strings.Contains(path, ".rejected.") {
			b, _ := os.ReadFile(path)
			all[string(b)]++
		}
		return err
	})
	return all
}

func TestNothingIsLostOrDoubledWhereverItIsKilled(t *testing.T) {
	t.Parallel()
	root, runs := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		folder := filepath.Join(root, strconv.Itoa(runs))
		if err := os.Mkdir(folder, 0o700); err != nil {
			r.Fatal(err)
		}
		want := fill(r, folder)
		before := contents(folder)
		m := newMemory()
		lives := rapid.IntRange(1, 4).Draw(r, "lives")
		for range lives {
			d := &mortal{left: rapid.IntRange(0, 24).Draw(r, "change"), after: rapid.Bool().Draw(r, "after")}
			err := live(at(folder, d), m, rapid.IntRange(0, 9).Draw(r, "page"), rapid.Bool().Draw(r, "stored"))
			if err != nil && !errors.Is(err, errKilled) {
				r.Fatal(err)
			}
		}
		checkEnd(r, folder, m, want, before)
	})
}

func TestEveryStepMayBeTheLast(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for step := 1; ; step++ {
			folder := t.TempDir()
			want := fill(t, folder)
			before, m := contents(folder), newMemory()
			d := &mortal{left: step, after: after}
			err := live(at(folder, d), m, 0, false)
			if err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			checkEnd(t, folder, m, want, before)
			if err == nil {
				if step < 10 {
					t.Errorf("only %d changes of the folder", step)
				}
				break
			}
		}
	}
}

type failer interface {
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// checkEnd lets one life end in peace and looks at what is left.
func checkEnd(t failer, folder string, m *memory, want []string, before map[string]int) {
	if err := live(at(folder, realDisk{}), m, 0, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, m.texts()); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	after := contents(folder)
	for content := range before {
		if after[content] == 0 {
			t.Errorf("a file is lost: %.40q", content)
		}
	}
	for _, place := range []string{inFolder, inClaimed} {
		for _, e := range names(filepath.Join(folder, place)) {
			t.Errorf("%s/%s is left", place, e)
		}
	}
	for _, name := range []string{"none", "bad"} {
		pattern := filepath.Join(folder, inQuarantine, name+".*")
		if found, _ := filepath.Glob(pattern); len(found) == 0 {
			t.Errorf("there is no %s", pattern)
		}
	}
	// From the beginning, done/ says everything again.
	again := newMemory()
	if err := live(at(folder, realDisk{}), again, 0, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.rows, again.rows); diff != "" {
		t.Errorf("rows of a second reading (-first +second):\n%s", diff)
	}
}

func names(folder string) []string {
	entries, _ := os.ReadDir(folder)
	var all []string
	for _, e := range entries {
		if !e.IsDir() {
			all = append(all, e.Name())
		}
	}
	return all
}

func at(folder string, d disk) *source {
	c := defaults()
	c.Path, c.Settle = folder, 0
	live := open(connectors.Env{Name: "d", Now: time.Now}, c, preset{kind: "drop"}, d)
	s, _ := live.Source.(*source)
	return s
}

func TestAClaimIsWonOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fill(t, folder)
	var results [8]chan []string
	for i := range results {
		results[i] = make(chan []string, 1)
		go func() {
			m := newMemory()
			if err := live(at(folder, realDisk{}), m, 0, false); err != nil {
				results[i] <- []string{err.Error()}
				return
			}
			results[i] <- nil
		}()
	}
	for i := range results {
		if errs := <-results[i]; len(errs) > 0 {
			t.Error(errs)
		}
	}
	m := newMemory()
	if err := live(at(folder, realDisk{}), m, 0, false); err != nil {
		t.Fatal(err)
	}
	if len(m.rows) != 512 {
		t.Errorf("%d rows", len(m.rows))
	}
}
