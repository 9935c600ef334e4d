package replay

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
)

// TestRecordedIssues reads each folder once and looks at it from all sides. The
// first look prints a line for the folder, and every reject with its cause.
func TestRecordedIssues(t *testing.T) {
	t.Parallel()
	looks := []struct {
		name string
		look func(*testing.T, *world)
	}{
		{"become items", becomeItems},
		{"say as items what the recording says", sayWhatWasRecorded},
		{"keep who may read them", keepAudience},
		{"are read back by id", areReadBack},
		{"are stored as they were read", areStored},
		{"are not new in a second poll", areNotNewTwice},
		{"are decided about in any order alike", areDecidedInAnyOrder},
		{"leave nothing to do once the plan is applied", leaveNothingToDo},
		{"lead nowhere else", leadNowhereElse},
	}
	for _, f := range folders() {
		name := strings.ReplaceAll(f.path, "/", "_")
		if f.without != "" {
			name += " without " + f.without
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := read(t, f)
			for _, l := range looks { // one after the other: they share the stand-in
				t.Run(l.name, func(t *testing.T) { l.look(t, w) })
			}
		})
	}
}

// tally counts what the recorded bodies of a folder show.
type tally struct{ bodies, pullBodies, issues, pulls int }

func (w *world) count() tally {
	var c tally
	issues, pulls := map[string]bool{}, map[string]bool{}
	for _, wave := range w.standIn.waves() {
		for _, d := range wave {
			o, _ := parseObject(d.raw)
			id, pull := w.standIn.counted(o)
			c.bodies++
			if pull {
				c.pullBodies++
				pulls[id] = true
				continue
			}
			issues[id] = true
		}
	}
	c.issues, c.pulls = len(issues), len(pulls)
	return c
}

func becomeItems(t *testing.T, w *world) {
	t.Helper()
	c, rejects := w.count(), w.rejected()
	o := evaluate(w.rules, w.snapshot())
	items := 0
	for ref := range w.newest {
		if d, found := o.Find(ref); found && len(d.Item.Parts) == 1 {
			items++
		}
	}
	causes := w.causes(t, rejects)
	line := fmt.Sprintf("recordings/%s: %d issues (%d recorded bodies), %d items, %d rejects", w.path, c.issues, c.bodies-c.pullBodies, items, len(rejects))
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		line += fmt.Sprintf(", %d because %s", causes[cause], cause)
	}
	if c.pulls > 0 {
		line += fmt.Sprintf("; pull requests told apart: %d (%d bodies)", c.pulls, c.pullBodies)
	}
	t.Log(line)
	if !w.cut && items*100 < c.issues*95 {
		t.Errorf("%d of %d issues became items, want at least 95 %%", items, c.issues)
	}
	records := 0
	for _, pages := range w.shown {
		records += len(recordsOf(pages))
	}
	if records+len(rejects)+c.pullBodies != c.bodies {
		t.Errorf("%d records, %d rejects and %d bodies of pull requests do not account for %d bodies", records, len(rejects), c.pullBodies, c.bodies)
	}
	if len(o.Items) != items {
		t.Errorf("%d items of %d records", len(o.Items), items)
	}
	got := []int{c.bodies, c.issues, c.pulls, items}
	if diff := cmp.Diff([]int{w.bodies, w.issues, w.pulls, w.items}, got); diff != "" {
		t.Errorf("bodies, issues, pull requests, items (-want +got):\n%s", diff)
	}
}

// causes lists every reject and counts the causes, which have to be those that
// the folder is known for.
func (w *world) causes(t *testing.T, rejects []work.Reject) map[string]int {
	t.Helper()
	causes, known := map[string]int{}, map[string]int{}
	for _, r := range rejects {
		t.Logf("  set aside: %s: %s", r.Where, r.Cause)
		causes[r.Cause]++
		if r.Connector != w.name || r.Where == "" || r.Remedy == "" || r.Body == "" {
			t.Errorf("the reject does not say enough: %+v", r)
		}
		for words := range w.rejects {
			if strings.Contains(r.Cause, words) {
				known[words]++
			}
		}
	}
	if diff := cmp.Diff(w.rejects, known, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("rejects by words of their cause (-want +got):\n%s", diff)
	}
	return causes
}

// sayWhatWasRecorded compares items with the recorded bodies, which are read
// here a second time and without the connector.
func sayWhatWasRecorded(t *testing.T, w *world) {
	t.Helper()
	o := evaluate(w.rules, w.snapshot())
	got := map[string]saying{}
	for _, d := range o.Items {
		f, part := &d.Item.Fields, d.Item.Parts[0]
		got[part.ID] = saying{
			Key: part.Key, Place: part.Place, Title: present(f.Get(work.Title)), Status: present(f.Get(work.Status)), Labels: f.Get(work.Labels).List(),
		}
		if part.Connector == "jira" && !f.Get(work.Type).Present() {
			t.Errorf("nobody knows what kind of issue %s is", part.Key)
		}
		if part.Audience == work.UnknownAudience || part.Created.IsZero() || d.Item.Team == "" {
			t.Errorf("%s lacks what every issue has: %+v", part.Key, d.Item)
		}
	}
	if diff := cmp.Diff(w.standIn.said(), got, cmpopts.SortSlices(strings.Compare), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("recording and items differ (-recorded +item):\n%s", diff)
	}
	findings := make([]string, 0, len(o.Plan.Findings))
	for _, f := range o.Plan.Findings {
		findings = append(findings, f.Subject+": "+f.What)
	}
	if diff := cmp.Diff(w.findings, findings, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// keepAudience compares the audience of every record with its body: security
// levels, restrictions, private repositories.
func keepAudience(t *testing.T, w *world) {
	t.Helper()
	got := map[work.Audience]int{}
	for i, wave := range w.standIn.waves() {
		want := map[string]work.Audience{}
		for _, d := range wave {
			o, _ := parseObject(d.raw)
			id, _ := w.standIn.counted(o)
			want[id] = w.standIn.audience(o)
		}
		for _, r := range recordsOf(w.shown[i]) {
			got[r.Audience]++
			if r.Audience != want[r.ID] {
				t.Errorf("%s is %s, recorded is %s", r.Ref, r.Audience, want[r.ID])
			}
		}
	}
	t.Logf("records by audience: %v", got)
}

func areReadBack(t *testing.T, w *world) {
	t.Helper()
	if diff := cmp.Diff(w.newest, w.readBack(t, w.refs()), comparable()...); diff != "" {
		t.Errorf("by stream and by id (-stream +id):\n%s", diff)
	}
	nobody := work.NewRef(w.name, "1", "octo-org/octo-repo#999999")
	if got := w.readBack(t, []work.Ref{nobody}); len(got) > 0 {
		t.Errorf("an issue that is not there was read: %v", got)
	}
}

// present returns a text; what nobody said is none.
func present(v work.Value) string {
	if !v.Present() {
		return ""
	}
	return v.Text()
}

func (w *world) refs() []work.Ref {
	var refs []work.Ref
	for _, r := range w.newest {
		refs = append(refs, r.Ref)
	}
	return refs
}

func (w *world) readBack(t *testing.T, refs []work.Ref) map[work.RefID]work.Record {
	t.Helper()
	got := map[work.RefID]work.Record{}
	for page, err := range w.live.Reader.Read(t.Context(), refs) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rejects {
			t.Errorf("a read by id set aside %s: %s", r.Where, r.Cause)
		}
		for _, r := range page.Records {
			got[r.RefID] = r
		}
	}
	return got
}

// comparable compares records by content.
func comparable() []cmp.Option { return []cmp.Option{cmpopts.EquateComparable(work.Value{})} }

// areNotNewTwice goes on from the cursor of a read: Jira repeats the overlap,
// in which the connector finds nothing new, GitHub answers 304.
func areNotNewTwice(t *testing.T, w *world) {
	t.Helper()
	hub, isHub := w.standIn.(*githubHub)
	if isHub {
		hub.page, hub.unchanged = 100, 0 // an ETag is kept where the overlap fits on a page
	}
	first := w.poll(t, nil)
	seen := map[work.RefID]work.Record{}
	for _, r := range recordsOf(first) {
		seen[r.RefID] = r
	}
	w.wire.calls = nil
	second := recordsOf(w.poll(t, first[len(first)-1].Cursor))
	for _, r := range second {
		if diff := cmp.Diff(seen[r.RefID], r, comparable()...); diff != "" {
			t.Errorf("%s changed between two reads:\n%s", r.Ref, diff)
		}
	}
	if isHub && (hub.unchanged != len(hub.repos) || len(w.wire.calls) != len(hub.repos) || len(second) > 0) {
		t.Errorf("%d of %d repositories were unchanged after %v", hub.unchanged, len(hub.repos), w.wire.calls)
	}
	if site, isSite := w.standIn.(*jiraSite); isSite && (len(second) > 0 || !strings.Contains(site.jql, `updated >= "`)) {
		t.Errorf("%d issues are new after %s", len(second), site.jql)
	}
}

// areDecidedInAnyOrder is promise S16.
func areDecidedInAnyOrder(t *testing.T, w *world) {
	t.Helper()
	snap := w.snapshot()
	first := evaluate(w.rules, snap)
	want := describe(t, w.rules, &first)
	random := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		random.Shuffle(len(snap.Records), func(i, j int) { snap.Records[i], snap.Records[j] = snap.Records[j], snap.Records[i] })
		o := evaluate(w.rules, snap)
		if diff := cmp.Diff(want, describe(t, w.rules, &o)); diff != "" {
			t.Fatalf("another order decides otherwise:\n%s", diff)
		}
	}
}

// leaveNothingToDo is promise S4.
func leaveNothingToDo(t *testing.T, w *world) {
	t.Helper()
	snap := w.snapshot()
	first := evaluate(w.rules, snap)
	open := 0
	for _, d := range first.Items {
		if !d.Item.Done() {
			open++
		}
	}
	for _, e := range first.Plan.Edits {
		if d, _ := first.Find(e.Target.RefID); d.Item.Done() && e.Field != work.RouteLabel {
			t.Errorf("S17: a finished issue would be edited: %+v", e)
		}
	}
	t.Logf("%d open issues, %d edits, %d holds", open, len(first.Plan.Edits), len(first.Plan.Holds))
	if open > 0 && len(first.Plan.Edits) == 0 {
		t.Error("the rules want nothing of open issues: there is nothing to apply")
	}
	second := evaluate(w.rules, apply(t, snap, &first, w.rules))
	if len(second.Plan.Edits) > 0 || len(second.Plan.Adopted) > 0 {
		t.Errorf("the second plan has edits %+v and adopts %+v", second.Plan.Edits, second.Plan.Adopted)
	}
}

// leadNowhereElse shows that there were addresses to follow: the wire fails the
// test as soon as a request goes elsewhere.
func leadNowhereElse(t *testing.T, w *world) {
	t.Helper()
	w.readBack(t, w.refs())
	foreign := 0
	for _, wave := range w.standIn.waves() {
		for _, d := range wave {
			if strings.Contains(string(d.raw), "://") {
				foreign++
			}
			if strings.Contains(string(d.raw), w.standIn.host()) {
				t.Errorf("%s holds the address of the stand-in", d.where)
			}
		}
	}
	if foreign == 0 || len(w.wire.calls) == 0 {
		t.Errorf("%d bodies hold addresses, %d calls were made", foreign, len(w.wire.calls))
	}
}
