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
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/work"
)

func edit(id string, verb work.Verb, path, element string, value, expect work.Value) work.Edit {
	return work.Edit{
		ID: path + element, Verb: verb, Value: value, Expect: expect,
		Target: work.Target{RefID: work.RefID{Connector: "files", ID: id}, Path: path, Element: element},
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func send(t *testing.T, c *connectors.Connector, edits ...work.Edit) []work.Result {
	t.Helper()
	return c.Sink.Send(t.Context(), edits)
}

func TestAWriteChangesOneValueAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, before, after string }{
		{
			"a.csv",
			"\uFEFFid;title;priority;labels\r\n1;\" A; b\";3;old, x\r\n2;;;\r\n",
			"\uFEFFid;title;priority;labels\r\n1;\" A; b\";1;x, y z\r\n2;;;\r\n",
		},
		{
			"b.jsonl",
			"{\"id\":2}\n {\"id\": \"1\" , \"n\":12345678901234567890, \"priority\":3,\"labels\":[\"old\",\"x\"] }\nnot json\n{\"id\":3",
			"{\"id\":2}\n {\"id\": \"1\" , \"n\":12345678901234567890, \"priority\":1,\"labels\":[\"x\",\"y z\"] }\nnot json\n{\"id\":3",
		},
		{
			"c.yaml",
			"# the roadmap\nitems:\n  # first\n  - id: 1\n    title: \"A\" # quoted\n    priority: 3 # ours\n    labels:\n      - old\n      - x # stays\n  - id: 2\n",
			"# the roadmap\nitems:\n  # first\n  - id: 1\n    title: \"A\" # quoted\n    priority: 1 # ours\n    labels:\n      - x # stays\n      - y z\n  - id: 2\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path, c := items(t, tc.name, tc.before)
			results := send(
				t, c,
				edit("1", work.RemoveLabel, "labels", "old", work.Value{}, work.NewFlag(true)),
				edit("1", work.SetField, "priority", "", work.NewText("1"), work.NewText("3")),
				edit("1", work.AddLabel, "labels", "y z", work.Value{}, work.NewFlag(false)),
			)
			for _, r := range results {
				if r.State != work.Applied {
					t.Errorf("%+v", r)
				}
			}
			if diff := cmp.Diff(tc.after, content(t, path)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestAFieldThatWasMissingIsAdded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string][2]string{
		"a.jsonl": {"{}\n{\"id\":\"1\"}\n", "{}\n{\"id\":\"1\", \"horizon\": \"now\"}\n"},
		"b.yaml":  {"- id: 1\n", "- id: 1\n  horizon: now\n"},
	} {
		path, c := items(t, name, tc[0])
		if r := send(t, c, edit("1", work.SetField, "horizon", "", work.NewText("now"), work.Value{})); r[0].State != work.Applied {
			t.Errorf("%s: %+v", name, r)
		}
		if got := content(t, path); got != tc[1] {
			t.Errorf("%s: %q, want %q", name, got, tc[1])
		}
	}
	_, c := items(t, "c.csv", "id,title\n1,A\n")
	r := send(t, c, edit("1", work.SetField, "horizon", "", work.NewText("now"), work.Value{}))
	if r[0].State != work.Rejected || !strings.Contains(r[0].Detail, "add it to the header") {
		t.Errorf("a column that CSV lacks: %+v", r)
	}
}

func TestWhatCannotBeWrittenIsRejectedWithItsCause(t *testing.T) {
	t.Parallel()
	path, c := items(t, "a.csv", "id,url,labels,created\n1,https://x.example,a,\n")
	before := content(t, path)
	for _, tc := range []struct {
		edit work.Edit
		want string
	}{
		{edit("9", work.AddLabel, "labels", "x", work.Value{}, work.Value{}), "no row has the id 9"},
		{edit("1", work.SetField, "url", "", work.NewText("y"), work.Value{}), "read only"},
		{edit("1", work.SetField, "id", "", work.NewText("y"), work.NewText("1")), "read only"},
		{edit("1", work.SetField, "labels", "", work.NewList("y"), work.NewList("a")), "never replaced as a set"},
		{edit("1", work.AddLabel, "created", "x", work.Value{}, work.Value{}), "read only"},
		{edit("1", work.AddLabel, "labels", "a|b", work.Value{}, work.Value{}), "cannot be told apart"},
		{edit("1", "move", "labels", "", work.Value{}, work.Value{}), "never replaced"},
	} {
		if r := send(t, c, tc.edit)[0]; r.State != work.Rejected || !strings.Contains(r.Detail, tc.want) {
			t.Errorf("%+v: %+v, want rejected: %s", tc.edit.Target, r, tc.want)
		}
	}
	if content(t, path) != before {
		t.Error("rejected edits changed the file")
	}
}

func TestAWriteSetsTheTimeOfTheRow(t *testing.T) {
	t.Parallel()
	_, c := items(t, "a.jsonl", `{"id":1,"priority":"2","updated":"2026-01-01"}`+"\n")
	before := read(t, c, "items", nil).Records[0]
	send(t, c, edit("1", work.SetField, "priority", "", work.NewText("1"), work.NewText("2")))
	after := read(t, c, "items", nil).Records[0]
	if !after.Version.After(before.Version) || time.Since(after.Version) > time.Hour {
		t.Errorf("version went from %v to %v", before.Version, after.Version)
	}
}

func TestALaterRowOfTheSameIDCounts(t *testing.T) {
	t.Parallel()
	path, c := items(t, "a.jsonl", "{\"id\":1,\"priority\":\"3\"}\n{\"id\":1,\"priority\":\"2\"}\n")
	if page := read(t, c, "items", nil); len(page.Records) != 1 || page.Records[0].Fields["priority"].Text() != "2" {
		t.Fatalf("records: %+v", page.Records)
	}
	send(t, c, edit("1", work.SetField, "priority", "", work.NewText("1"), work.NewText("2")))
	if got, want := content(t, path), "{\"id\":1,\"priority\":\"3\"}\n{\"id\":1,\"priority\":\"1\"}\n"; got != want {
		t.Errorf("file is %q, want %q", got, want)
	}
}

func TestAFileThatCannotBeReplacedLosesNoEdit(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("no folder is closed to root, and this test needs one that is; run it as another user")
	}
	path, c := items(t, "a.csv", "id,labels\n1,a\n")
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil { //nolint:gosec // a folder needs x
		t.Fatal(err)
	}
	r := send(t, c, edit("1", work.AddLabel, "labels", "x", work.Value{}, work.NewFlag(false)))[0]
	if r.State != work.Deferred || r.Until.IsZero() {
		t.Errorf("got %+v, want deferred", r)
	}
}

func TestALinkedFileStaysALink(t *testing.T) {
	t.Parallel()
	real := filepath.Join(t.TempDir(), "real.csv")
	write(t, real, "id,labels\n1,a\n")
	link := filepath.Join(t.TempDir(), "a.csv")
	if err := os.Symlink(real, link); err != nil {
		t.Skip("this file system has no symbolic links; set TMPDIR to one that has")
	}
	c := open(t, env(), "items: "+link)
	send(t, c, edit("1", work.AddLabel, "labels", "x", work.Value{}, work.NewFlag(false)))
	if got := content(t, real); got != "id,labels\n1,\"a, x\"\n" {
		t.Errorf("the real file is %q", got)
	}
}

// Whatever is written is read back, whatever else stands in the file.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]string{"csv", "jsonl", "yaml"}).Draw(rt, "kind")
		text := rapid.StringOf(rapid.SampledFrom([]rune("aÄ1 ,;|\"'\n\t:#-[]{}&*!%@`~\\<>=0.e"))).Draw(rt, "text")
		label := rapid.StringMatching(`[a-z0-9/ :"',;#\[\]{}-]{1,12}`).Draw(rt, "label")
		label = strings.TrimSpace(label)
		n++
		path := filepath.Join(dir, fmt.Sprintf("%d.%s", n, kind))
		write(t, path, map[string]string{
			"csv":   "id,title,labels\n0,zero,\"a,b\"\n1,one,a\n2,two,\n",
			"jsonl": "{\"id\":0,\"title\":\"zero\",\"labels\":[\"a\",\"b\"]}\n{\"id\":1,\"title\":\"one\",\"labels\":[\"a\"]}\n{\"id\":2,\"title\":\"two\",\"labels\":null}\n",
			"yaml":  "- {id: 0, title: zero, labels: [a, b]}\n- {id: 1, title: one, labels: [a]}\n- {id: 2, title: two, labels: }\n",
		}[kind])
		c := open(t, env(), "items: "+path)
		before := read(t, c, "items", nil)
		results := send(
			t, c,
			edit("1", work.SetField, "title", "", work.NewText(text), work.NewText("one")),
			edit("2", work.AddLabel, "labels", label, work.Value{}, work.NewFlag(false)),
		)
		after := read(t, c, "items", nil)
		if len(after.Records) != 3 || len(after.Rejects) > 0 {
			rt.Fatalf("file is broken:\n%s\n%+v", content(t, path), after.Rejects)
		}
		if got := after.Records[1].Fields["title"].Text(); results[0].State == work.Applied && got != work.NewText(text).Text() {
			rt.Errorf("title %q reads %q in\n%s", text, got, content(t, path))
		}
		if results[0].State == work.Rejected && strings.TrimSpace(text) == text && !strings.Contains(text, "\n") {
			rt.Errorf("title %q: %s", text, results[0].Detail)
		}
		switch applied := results[1].State == work.Applied; {
		case applied && !after.Records[2].Fields["labels"].Has(label):
			rt.Errorf("label %q reads %v", label, after.Records[2].Fields["labels"].List())
		case !applied && label != "":
			rt.Errorf("label %q: %+v", label, results[1])
		}
		opts := cmp.Options{cmpopts.EquateComparable(work.Value{}), cmpopts.IgnoreFields(work.Record{}, "Version")}
		if diff := cmp.Diff(before.Records[0], after.Records[0], opts); diff != "" {
			rt.Errorf("another row changed:\n%s", diff)
		}
	})
}

// The file is again as the stream last read it, and yet not as Tandem knows it since
// its write, whether somebody edited it or put a copy back, also while no process ran.
func TestS1WhoTakesAWriteBackBeforeTheNextReadIsSeen(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"a.csv": "id,priority\n1,3\n2,1\n", "b.jsonl": "{\"id\":\"1\",\"priority\":\"3\"}\n{\"id\":\"2\"}\n", "c.yaml": "- id: 1\n  priority: \"3\"\n- id: 2\n",
	} {
		for _, how := range []string{"edited", "copied back", "copied back and restarted", "appended"} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				path, c := items(t, name, before)
				old := time.Now().Add(-time.Hour)
				if err := os.Chtimes(path, old, old); err != nil {
					t.Fatal(err)
				}
				first := read(t, c, "items", nil)
				if r := send(t, c, edit("1", work.SetField, "priority", "", work.NewText("1"), work.NewText("3"))); r[0].State != work.Applied {
					t.Fatalf("%+v", r)
				}
				after := before
				if how == "appended" {
					after += map[string]string{"a.csv": "3,\n", "b.jsonl": "{\"id\":\"3\"}\n", "c.yaml": "- id: 3\n"}[name]
				}
				write(t, path, after)
				if strings.HasPrefix(how, "copied") {
					if err := os.Chtimes(path, old, old); err != nil {
						t.Fatal(err)
					}
				}
				if strings.HasSuffix(how, "restarted") {
					c = open(t, env(), "items: "+path)
				}
				second := read(t, c, "items", first.Cursor)
				if len(second.Records) < 2 || second.Records[0].ID != "1" || second.Records[0].Fields["priority"].Text() != "3" {
					t.Errorf("got %+v", second.Records)
				}
				if third := read(t, c, "items", second.Cursor); len(third.Records) > 0 {
					t.Errorf("nothing was changed since, and there are %+v", third.Records)
				}
			})
		}
	}
}

func TestS1ALabelWhoseFieldAPersonChangedIsAConflict(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("id,title,labels\n1,A,\"old, x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, connectors.Env{Name: "files", Now: time.Now}, "items: "+path)
	swap := func(unless, while string) []work.Result {
		add := edit("1", work.AddLabel, work.NativeLabels, "new", work.NewFlag(true), work.NewFlag(false))
		add.Unless, add.While = work.NewList(unless), work.NewList(while)
		remove := edit("1", work.RemoveLabel, work.NativeLabels, "old", work.NewFlag(false), work.NewFlag(true))
		remove.While = work.NewList("new")
		return send(t, c, add, remove)
	}
	if r := swap("x", "old"); r[0].State != work.Conflict {
		t.Errorf("another label came: %+v", r)
	}
	if r := swap("y", "old"); r[0].State != work.Conflict || r[1].State != work.Conflict {
		t.Errorf("the label that it replaces went: %+v", r)
	}
	if err := os.WriteFile(path, []byte("id,title,labels\n1,A,\"old, x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := swap("y", "old"); r[0].State != work.Applied || r[1].State != work.Applied {
		t.Errorf("a swap: %+v", r)
	}
	if got := content(t, path); !strings.Contains(got, "x, new") {
		t.Errorf("the file holds %q", got)
	}
	remove := edit("1", work.RemoveLabel, work.NativeLabels, "x", work.NewFlag(false), work.NewFlag(true))
	if remove.Keeps = work.NewList("old"); send(t, c, remove)[0].State != work.Conflict {
		t.Error("it was taken off though the label that was to stay went")
	}
	if remove.Keeps = work.NewList("new"); send(t, c, remove)[0].State != work.Applied {
		t.Error("one of two labels stays")
	}
}
