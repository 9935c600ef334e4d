package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
)

func kept(n int) []work.Kept {
	all := make([]work.Kept, n)
	for i := range all {
		id := fmt.Sprintf("%05d", i)
		all[i].Ref = work.NewRef("jira", id, "PAY-"+id)
	}
	return all
}

// Rounds of portions read everything that is doubtful, however much it is.
func TestPortionsOfACensusReachEverything(t *testing.T) {
	t.Parallel()
	d := doubt("jira", kept(3500), &work.CensusWalk{}, nil)
	seen := map[work.RefID]bool{}
	after := ""
	for range 4 {
		portion := d.portion(after)
		if len(portion) != censusReads {
			t.Fatalf("%d records at once", len(portion))
		}
		for _, r := range portion {
			seen[r.RefID] = true
		}
		after = portion[len(portion)-1].ID
	}
	if len(seen) != 3500 {
		t.Errorf("%d of 3500 were read", len(seen))
	}
}

// What a census listed with a time and did not come to read is listed again.
func TestACensusThatLeavesSomethingListsTheSameChangesAgain(t *testing.T) {
	t.Parallel()
	met := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	began := met.Add(time.Hour)
	walk := &work.CensusWalk{Began: began, Left: 7, Last: "00999"}
	next := following(work.CensusMark{Since: met, Walk: walk}, began)
	if !next.Since.Equal(met) || next.After != "00999" {
		t.Errorf("with some left: %+v", next)
	}
	walk.Left = 0
	if next = following(work.CensusMark{Since: met, Walk: walk}, began); !next.Since.Equal(began) || next.After != "" {
		t.Errorf("with none left: %+v", next)
	}
}

func TestDoubtsAreWhereListAndStoreDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		all := kept(rapid.IntRange(0, 20).Draw(r, "records"))
		listed := map[string]string{}
		want := 0
		for i := range all {
			k := &all[i]
			k.Gone = rapid.Bool().Draw(r, "gone")
			there, moved := rapid.Bool().Draw(r, "listed"), rapid.Bool().Draw(r, "moved")
			if there {
				listed[k.ID] = k.Key
			}
			if there && moved {
				listed[k.ID] = "WEB-" + k.ID
			}
			if there == k.Gone || there && moved {
				want++
			}
		}
		if got := len(doubt("jira", all, &work.CensusWalk{Listed: listed}, nil).refs); got != want {
			r.Errorf("%d doubts, want %d", got, want)
		}
	})
}

func TestWhenTooManyAreOutOfSight(t *testing.T) {
	t.Parallel()
	cases := []struct {
		present, listed, found int // found of those that are not listed
		want                   string
	}{
		{100, 100, 0, ""},
		{100, 60, 0, ""},
		{100, 50, 0, ""},
		{100, 49, 0, "49 of 100"},
		{100, 0, 0, "0 of 100"},
		{100, 0, 100, ""}, // all of them moved elsewhere
		{100, 0, 50, ""},
		{100, 0, 49, "49 of 100"},
		{15, 5, 0, ""},                  // ten issues may go
		{15, 4, 0, "4 of 15"},           // eleven are more than half
		{8, 0, 0, "0 of 8"},             // nobody loses everything by deletions
		{1, 0, 0, ""},                   // but for the only one
		{5000, 1000, 0, "1000 of 5000"}, // judged by the first thousand
		{5000, 1000, 700, ""},
	}
	for _, c := range cases {
		all := kept(c.present)
		listed := map[string]string{}
		for _, k := range all[:c.listed] {
			listed[k.ID] = k.Key
		}
		d := doubt("jira", all, &work.CensusWalk{Listed: listed}, nil)
		asked := d.portion("")
		records := make([]work.Record, 0, c.found)
		for _, ref := range asked[:c.found] {
			records = append(records, work.Record{Ref: ref})
		}
		got := d.tooMany(asked, asked, records)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// What became of an edit whose answer was lost is seen at its record; where the
// record is gone, the edit did not arrive. What is neither as it was nor as the edit
// wants it somebody set since.
func TestWhatBecameOfAnEditIsSeenAtItsRecord(t *testing.T) {
	t.Parallel()
	ref := func(id string) work.Ref { return work.NewRef("jira", id, "PAY-"+id) }
	edit := func(id, path string, value work.Value) work.Edit {
		return work.Edit{ID: id + path, Target: work.Target{RefID: ref(id).RefID, Path: path}, Verb: work.SetField, Value: value, Expect: work.NewText("Open")}
	}
	high := work.NewText("High")
	link := edit("1", work.NativeRemoteLink, work.NewText("https://x.example"))
	link.Verb, link.Target.Element = work.PutLink, "tandem=github:1"
	unsure := []work.Edit{
		edit("1", "priority", high), edit("1", "status", work.NewText("Done")), edit("1", work.NativeComment, high), link,
		edit("1", "severity", high),
		edit("2", "priority", high), edit("3", "priority", high),
	}
	records := []work.Record{{Ref: ref("1"), Fields: map[string]work.Value{"priority": high, "status": work.NewText("Open"), "severity": work.NewText("Low")}}}
	got := map[string]work.ResultState{}
	for _, r := range arrived([]work.Ref{ref("1"), ref("2")}, unsure, records) {
		got[r.EditID] = r.State
	}
	want := map[string]work.ResultState{
		"1priority": work.Applied, "1status": work.Deferred, "1comment": work.Deferred, "1remote_link": work.Deferred,
		"1severity": work.Applied, "2priority": work.Conflict, // not found by id; nobody asked about 3
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
