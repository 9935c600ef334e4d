package file

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/table"
)

// Whatever a file holds, reading ends, and going on from behind any row gives
// the same rows as reading at once.
func FuzzRowsGoOnFromEveryMark(f *testing.F) {
	for _, seed := range []string{
		"id,title\n1,A\n2,\"B\nC\"\n3,\"open\n4,D", "\uFEFFid;x\r\n1;\"a\"\"b\"\r\n", "sep=;\nid;x\n1;2;3\n", "id\n\n\n1\n", "\"", "id,x\n1,\"a\"\rb\",\n",
		"{\"id\":1}\n{\"id\":\n[1]\n{\"id\":2}", "\xff\xfe", "- {id: 1}\n- [", "items: [{id: 1, labels: *a}]", "{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		c := columns{}
		for r, err := range yamlRows(bytes.NewReader(content), c) {
			if err == nil && r.cells == nil && r.fault == "" {
				t.Fatal("a YAML row has neither cells nor a fault")
			}
		}
		for _, path := range []string{"a.csv", "a.jsonl"} {
			all, failed := collect(content, path, table.Mark{}, c)
			for i, r := range all {
				if again, same, err := verify(bytes.NewReader(content), r.end, 0); err != nil || !same || again != r.end {
					t.Fatalf("%s: mark %+v is not found again: %+v %v %v", path, r.end, again, same, err)
				}
				rest, failedToo := collect(content, path, r.end, c)
				if diff := cmp.Diff(lineNumbers(all[i+1:]), lineNumbers(rest)); diff != "" || failed != failedToo {
					t.Fatalf("%s from line %d (-at once +from there):\n%s", path, r.end.Line, diff)
				}
			}
		}
	})
}

func collect(content []byte, path string, from table.Mark, c columns) (all []row, failed bool) {
	for r, err := range rowsOf(bytes.NewReader(content), path, from, c) {
		if err != nil {
			return all, true
		}
		all = append(all, r)
	}
	return all, false
}

func lineNumbers(rows []row) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.fault, string(r.spelled))
	}
	return all
}

func FuzzCellsSurviveBeingSplit(f *testing.F) {
	f.Add("a", "b\"c", "d,e")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		t0 := sheet{comma: ',', fields: []string{"a", "b", "c"}}
		row := []byte("x,y,z\n")
		want := []string{a, b, c}
		for i, field := range t0.fields {
			var err error
			if row, err = t0.set(row, field, want[i]); err != nil {
				t.Skip("not a text of CSV")
			}
			want[i] = csvText(want[i])
		}
		if got := table.Split(row, ','); table.Unfinished(row, ',') || !cmp.Equal(normal(want), normal(got)) {
			t.Errorf("%q was split into %q, want %q (open: %v)", row, got, want, table.Unfinished(row, ','))
		}
	})
}

// normal ignores what CSV cannot keep: the kind of line breaks.
func normal(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(bytes.ReplaceAll([]byte(c), []byte("\r\n"), []byte("\n")))
	}
	return out
}
