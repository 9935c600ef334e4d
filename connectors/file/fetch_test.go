package file_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/connectors"
	"tandem/internal/work"
)

// pages reads a stream to its end.
func pages(t *testing.T, c *connectors.Connector, stream string, from connectors.Cursor) ([]connectors.Page, error) {
	t.Helper()
	var all []connectors.Page
	for page, err := range c.Source.Pages(t.Context(), stream, from) {
		if err != nil {
			return all, err
		}
		all = append(all, page)
	}
	return all, nil
}

// read reads a stream into one page.
func read(t *testing.T, c *connectors.Connector, stream string, from connectors.Cursor) connectors.Page {
	t.Helper()
	all, err := pages(t, c, stream, from)
	if err != nil {
		t.Fatal(err)
	}
	var one connectors.Page
	for _, p := range all {
		one.Records = append(one.Records, p.Records...)
		one.Feedback = append(one.Feedback, p.Feedback...)
		one.Rejects = append(one.Rejects, p.Rejects...)
		one.Cursor, one.Done = p.Cursor, p.Done
	}
	return one
}

func keys(p connectors.Page) string {
	var all []string
	for _, r := range p.Records {
		all = append(all, r.Key)
	}
	for _, f := range p.Feedback {
		all = append(all, f.ID)
	}
	return strings.Join(all, " ")
}

// file writes a file in a folder of its own and connects to it as items.
func items(t *testing.T, name, content string) (path string, c *connectors.Connector) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	write(t, path, content)
	return path, open(t, env(), "items: "+path)
}

func TestEveryColumnBecomesAValueOfItsKind(t *testing.T) {
	t.Parallel()
	const row = `{"id": 12, "key": "R-12", "title": "CSV export", "body": "", "kind": "story", "status": "doing", "priority": 2,
"labels": ["a b", "c"], "links": "jira:PAY-12; jira:PAY-13", "place": "core", "url": "https://x.example/12", "created": "2026-01-02",
"updated": "2026-11-01T10:00:00+01:00", "effort": "3,5", "reach": "1,200", "team size": 7, "beta": true, "owner": null}`
	_, c := items(t, "a.jsonl", strings.ReplaceAll(row, "\n", " ")+"\n")
	got := read(t, c, "items", nil)
	created, updated := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	want := []work.Record{{
		Ref: work.NewRef("files", "12", "R-12"), Place: "core", URL: "https://x.example/12", Audience: work.Internal,
		Version: updated, Created: created,
		Fields: map[string]work.Value{
			"title": work.NewText("CSV export"), "body": work.Empty(), "kind": work.NewText("story"), "status": work.NewText("doing"),
			"priority": work.NewText("2"), "labels": work.NewList("a b", "c"), "links": work.NewList("jira:PAY-12", "jira:PAY-13"),
			"url": work.NewText("https://x.example/12"), "created": work.NewTime(created), "updated": work.NewTime(updated),
			"effort": work.NewNumber(3.5), "reach": work.NewText("1,200"), // a thousand two hundred, or one and a fifth?
			"team_size": work.NewNumber(7), "beta": work.NewFlag(true), "owner": work.Empty(),
		},
	}}
	if diff := cmp.Diff(want, got.Records, cmpopts.EquateComparable(work.Value{})); diff != "" || len(got.Rejects) > 0 {
		t.Errorf("records (-want +got):\n%s\nrejects: %+v", diff, got.Rejects)
	}
}

func TestFormatsMeanTheSame(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"a.csv":   "id,title,priority,labels,effort\n7,\"An \"\"old\"\" one\",2,\"x, y z\",5\n8,B,,,\n",
		"b.csv":   "\uFEFFid;title;priority;labels;effort\r\n7;\"An \"\"old\"\" one\";2;x|y z;5\r\n8;B;;;\r\n",
		"c.csv":   "sep=\t\nID\tTitle\tPriority\tLabels\tEffort\n7\tAn \"old\" one\t2\tx;y z\t5\n\n8\tB\t\t\t", // no line break at the end
		"d.yaml":  "items:\n- {id: 7, title: An \"old\" one, priority: 2, labels: [x, y z], effort: 5}\n- id: '8'\n  title: B\n  priority:\n  labels: []\n  effort: ~\n",
		"e.jsonl": "\uFEFF{\"id\":7,\"title\":\"An \\\"old\\\" one\",\"priority\":\"2\",\"labels\":[\"y z\",\"x\"],\"effort\":5}\n\n{\"id\":\"8\",\"title\":\"B\",\"priority\":null,\"labels\":[],\"effort\":null}",
	}
	want := []map[string]work.Value{
		{"title": work.NewText(`An "old" one`), "priority": work.NewText("2"), "labels": work.NewList("x", "y z"), "effort": work.NewNumber(5)},
		{"title": work.NewText("B"), "priority": work.Empty(), "labels": work.Empty(), "effort": work.Empty()},
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := items(t, name, content)
			page := read(t, c, "items", nil)
			var got []map[string]work.Value
			for _, r := range page.Records {
				got = append(got, r.Fields)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateComparable(work.Value{})); diff != "" || len(page.Rejects) > 0 {
				t.Errorf("fields (-want +got):\n%s\nrejects: %+v", diff, page.Rejects)
			}
		})
	}
}

func TestABadRowIsSetAsideWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		content string
		want    []string // place below the file, start of the cause
		keys    string
	}{
		"a.csv": {
			content: "id,title,created\n1,ok,2026-01-01\n2,too,many,cells\n3,bad,yesterday\n,nobody,\n5,\xff,\n6,\"open,\n7,ok,\n",
			want:    []string{":3 the row has 4 cells", `:4 created: "yesterday" is no time`, ":5 the row has neither id nor key", ":6 the row is not UTF-8", ":7 a cell begins with"},
			keys:    "1 7",
		},
		"b.jsonl": {
			content: "{\"id\":1}\n{\"id\":2,\n[3]\nnull\n{\"id\":4,\"labels\":{}}\n{\"id\":5,\"labels\":[[1]]}\n{\"id\":6} {}\n{\"ID\":7,\"id\":8}\n{\"id\":9}\n",
			want: []string{
				":2 the line is no JSON object", ":3 the line is no JSON object", ":4 the line is no JSON object", ":5 labels: a mapping",
				":6 labels: a list in a list", ":7 the line is no JSON object", ":8 two keys mean id",
			},
			keys: "1 9",
		},
		"c.yaml": {
			content: "- {id: 1}\n- 2\n- {id: 3, labels: {a: b}}\n- {id: 1, title: again}\n- {<<: {id: 5}}\n- {id: 6}\n",
			want:    []string{":2 this is no mapping", ":3 labels: a mapping", ":4 the id 1 stands in line 1 already", ":5 a key must be"},
			keys:    "1 6",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, c := items(t, name, tc.content)
			page := read(t, c, "items", nil)
			if keys(page) != tc.keys {
				t.Errorf("records %q, want %q", keys(page), tc.keys)
			}
			if len(page.Rejects) != len(tc.want) {
				t.Fatalf("rejects: %+v", page.Rejects)
			}
			for i, r := range page.Rejects {
				if got := strings.TrimPrefix(r.Where, path) + " " + r.Cause; !strings.HasPrefix(got, tc.want[i]) || r.Remedy == "" || r.Body == "" && strings.Contains(name, "csv") {
					t.Errorf("reject %q, want %q… and a remedy: %+v", got, tc.want[i], r)
				}
			}
		})
	}
}

func TestAHalfWrittenLastLineWaits(t *testing.T) {
	t.Parallel()
	path, c := items(t, "a.jsonl", "{\"id\":1}\n{\"id\":2,\"ti")
	first := read(t, c, "items", nil)
	if keys(first) != "1" || len(first.Rejects) > 0 {
		t.Fatalf("got %q and rejects %+v", keys(first), first.Rejects)
	}
	write(t, path, "{\"id\":1}\n{\"id\":2,\"title\":\"B\"}\n{\"id\":3}\n")
	second := read(t, c, "items", first.Cursor)
	if keys(second) != "1 2 3" || len(second.Rejects) > 0 {
		t.Errorf("after the rest was written: %q and rejects %+v", keys(second), second.Rejects)
	}
}

func TestAGrownFileIsReadFromWhereItStood(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"csv", "jsonl"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			content := head(kind, "id,title,priority,labels,effort,updated")
			for i := range 1200 {
				content += item(kind, fmt.Sprint("A", i), "3")
			}
			path, c := items(t, "a."+kind, content)
			first := read(t, c, "items", nil)
			if len(first.Records) != 1200 {
				t.Fatalf("%d records", len(first.Records))
			}
			write(t, path, content+item(kind, "B0", "1")+item(kind, "B1", "1"))
			second := read(t, c, "items", first.Cursor)
			if got := keys(second); len(second.Records) != 18 || !strings.HasPrefix(got, "A1184 ") || !strings.HasSuffix(got, " A1199 B0 B1") {
				t.Errorf("read again: %s", got)
			}
			write(t, path, strings.Replace(content, "A7,", "A7x,", 1)+item(kind, "B0", "1"))
			if kind == "jsonl" {
				write(t, path, strings.Replace(content, `"A7"`, `"A7x"`, 1)+item(kind, "B0", "1"))
			}
			if third := read(t, c, "items", second.Cursor); len(third.Records) != 1201 {
				t.Errorf("a file that changed in the middle gave %d records, want all 1201", len(third.Records))
			}
		})
	}
}

func TestAnUnchangedFileCostsOneLook(t *testing.T) {
	t.Parallel()
	path, c := items(t, "a.csv", "id,title\n1,A\n")
	old := time.Now().Add(-time.Hour)
	age := func() {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	age()
	first := read(t, c, "items", nil)
	write(t, path, "id,title\n1,B\n") // size and time do not tell, so nobody looks inside
	age()
	second, err := pages(t, c, "items", first.Cursor)
	if err != nil || len(second) != 1 || keys(second[0]) != "" || !second[0].Done || string(second[0].Cursor) != string(first.Cursor) {
		t.Errorf("an unchanged file gave %+v and error %v", second, err)
	}
}

func TestAChangeWithinOneTickIsSeen(t *testing.T) {
	t.Parallel()
	path, c := items(t, "a.csv", "id,title\n1,A\n")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	first := read(t, c, "items", nil)
	write(t, path, "id,title\n1,B\n")
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil { // a coarse clock
		t.Fatal(err)
	}
	second := read(t, c, "items", first.Cursor)
	if len(second.Records) != 1 || second.Records[0].Fields["title"].Text() != "B" {
		t.Errorf("got %+v", second.Records)
	}
}

func TestABrokenFileStopsNoOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), "- {id: 1}\n- [\n")
	write(t, filepath.Join(dir, "b.csv"), "id,id\n1,2\n")
	write(t, filepath.Join(dir, "c.jsonl"), "\xff\xfe{\x00")
	write(t, filepath.Join(dir, "d.csv"), "id,title\n4,D\n")
	write(t, filepath.Join(dir, "notes.txt"), "not for us")
	c := open(t, env(), "items: "+dir+"/*")
	all, err := pages(t, c, "items", nil)
	if len(all) != 1 || keys(all[0]) != "4" || all[0].Done {
		t.Errorf("pages: %+v", all)
	}
	for _, part := range []string{"a.yaml", "b.csv", "both mean id"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v does not name %s", err, part)
		}
	}
	write(t, filepath.Join(dir, "a.yaml"), "- {id: 1}\n")
	write(t, filepath.Join(dir, "b.csv"), "id,title\n2,B\n")
	if again := read(t, c, "items", all[0].Cursor); keys(again) != "1 2" && keys(again) != "1 2 4" {
		t.Errorf("after mending: %s", keys(again))
	}
}

func TestAVanishedFolderIsNoEmptySource(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "drop")
	c := open(t, env(), "feedback: "+dir+"/*.csv")
	if _, err := pages(t, c, "feedback", nil); err == nil {
		t.Error("a folder that is not there gave no error")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if page := read(t, c, "feedback", nil); keys(page) != "" || !page.Done {
		t.Errorf("an empty folder gave %+v", page)
	}
}

func TestColumnFileGivesHeadersTheirMeaning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	columns := filepath.Join(dir, "columns.yaml")
	write(t, columns, "Issue: id\nSummary: title\nPoints: {field: effort}\nVotes: {field: votes, kind: number}\nE-mail: \"-\"\n")
	write(t, filepath.Join(dir, "a.csv"), "Issue,Summary,Points,Votes,E-mail,Phase\n9,Nine,8,12,a@b.example,beta\n")
	c := open(t, env(), "items: "+dir+"/*.csv\ncolumns: "+columns)
	first := read(t, c, "items", nil)
	want := map[string]work.Value{
		"title": work.NewText("Nine"), "effort": work.NewNumber(8), "votes": work.NewNumber(12), "phase": work.NewText("beta"),
	}
	if len(first.Records) != 1 {
		t.Fatalf("rejects: %+v", first.Rejects)
	}
	if diff := cmp.Diff(want, first.Records[0].Fields, cmpopts.EquateComparable(work.Value{})); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	write(t, columns, "Issue: id\nSummary: body\n")
	if second := read(t, c, "items", first.Cursor); len(second.Records) != 1 || !second.Records[0].Fields["body"].Present() {
		t.Error("a column file that changed did not make the rows read again")
	}
	write(t, columns, "Issue: {field: id, kind: nuber}\nSummary: [x]\nPoints: {feld: effort}\n")
	_, err := pages(t, c, "items", nil)
	for _, part := range []string{"columns.yaml:1:8", `did you mean "number"?`, "columns.yaml:2:10", "columns.yaml:3:9", `did you mean "field"?`} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error does not say %s:\n%v", part, err)
		}
	}
}

func TestFeedbackHasAllItsFields(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f.csv")
	write(t, path, "id;kind;method;study;score;scale;text;person;account;segment;value;area;at;url;recording_url;tags;language;consent;links;audience\n"+
		"f1;bug;NPS;q3;7;0-10;\"it\nbroke\";p1;acme;smb;1200,5;export;2026-10-01T08:00:00Z;https://x.example;javascript:alert(1);a|b c;de;yes;jira:PAY-12;restricted\n"+
		";;;;;;hello;p2;;;;;2026-10-02;;;;;;;\n;;phone;;;;x;;;;;;2026-10-02;;;;;;;\nf4;;;;;;x;;;;;;;;;;;;;\nf5;;;;lots;;x;;;;;;2026-10-02;;;;;;;\n")
	c := open(t, env(), "feedback: "+path+"\naudience: public")
	page := read(t, c, "feedback", nil)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []work.Feedback{
		{
			Ref: work.NewRef("files", "f1", ""), Kind: "bug", Method: work.NPS, Study: "q3", Score: work.NewNumber(7), Scale: "0-10", Text: "it\nbroke",
			Person: "p1", Account: "acme", Segment: "smb", Value: work.NewNumber(1200.5), Area: "export", At: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC),
			URL: "https://x.example", Tags: []string{"a", "b c"}, Language: "de", Consent: "yes", Links: []string{"jira:PAY-12"}, AccountKeys: map[string]string{"name": "acme"},
			Audience: work.Restricted, Version: info.ModTime().UTC(),
		},
		{
			Ref: work.NewRef("files", page.Feedback[1].ID, ""), Method: work.Request, Score: work.Empty(), Value: work.Empty(), Text: "hello", Person: "p2",
			At: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC), Audience: work.Public, Version: info.ModTime().UTC(),
		},
	}
	if diff := cmp.Diff(want, page.Feedback, cmpopts.EquateComparable(work.Value{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("feedback (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(page.Feedback[1].ID, "row-") {
		t.Errorf("a signal without id has the id %q", page.Feedback[1].ID)
	}
	var causes []string
	for _, r := range page.Rejects {
		causes = append(causes, r.Cause)
	}
	if diff := cmp.Diff([]string{`"phone" is no method`, "nobody knows when this was said", `"lots" is no number`}, causes); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}
