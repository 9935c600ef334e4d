package drop_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors/drop"
	"tandem/internal/work"
)

// versions stands for the store: an older version is no news, and what was
// withdrawn comes back in a newer one only.
type versions map[string]work.Feedback

func (v versions) take(h heard) {
	for _, f := range h.feedback {
		if old, known := v[f.ID]; !known || f.Version.After(old.Version) || f.Version.Equal(old.Version) && !old.Gone {
			v[f.ID] = f
		}
	}
}

func (v versions) texts() []string {
	var all []string
	for _, f := range v {
		if !f.Gone {
			all = append(all, f.Text)
		}
	}
	slices.Sort(all)
	return all
}

func TestAColumnFileThatIsTakenBackLosesNoRow(t *testing.T) {
	t.Parallel()
	const before = "columns: {who: {person: user_id}, wann: at}\n"
	_, settings := folder(t, "s.csv", "who,wann,text\nu1,2026-07-01,one\nu1,2026-07-01,two\nu2,2026-07-01,three\n", before)
	columns := filepath.Join(filepath.Dir(strings.Fields(settings)[1]), "columns.yaml")
	live := open(t, drop.Definition(), env(), settings)
	stored := versions{}
	h := listen(t, live, nil)
	stored.take(h)
	// without a day the row itself is its id, and with one the person and the day
	for i, said := range []string{"columns: {who: {attribute: who}, wann: at}\n", before, "columns: {who: id, wann: at}\n", before} {
		put(t, columns, said)
		h = listen(t, live, h.cursor)
		stored.take(h)
		want := []string{"one", "three", "two"}
		if i == 2 {
			want = []string{"three", "two"} // an id counts once
		}
		if diff := cmp.Diff(want, stored.texts()); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", said, diff)
		}
	}
}

func TestAFileThatIsReadAgainEndsWhatWasSetAsideOfIt(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "s.csv", "number,at,text\n1,2026-07-01T09:00:00Z,fine\n2,yesterday,mend me\n", "decimals: point\n")
	live := open(t, drop.Definition(), env(), settings)
	first := listen(t, live, nil)
	where := first.rejects[0].Where
	put(t, filepath.Join(filepath.Dir(dir), "columns.yaml"), "decimals: comma\n")
	second := listen(t, live, first.cursor)
	file, _, _ := strings.Cut(where, ":")
	if !slices.Contains(second.again, file) || !slices.ContainsFunc(second.rejects, func(r work.Reject) bool { return r.Where == where }) {
		t.Errorf("%s is not told again: %v, %v", where, second.again, second.rejects)
	}
	aside, err := filepath.Glob(filepath.Join(dir, "quarantine", "s.*.rejected.csv"))
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	content, err := os.ReadFile(aside[0])
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, filepath.Base(aside[0])), strings.Replace(string(content), ",yesterday,", ",2026-07-02T09:00:00Z,", 1))
	third := listen(t, live, second.cursor)
	if !slices.Contains(third.again, where) || len(third.rejects) > 0 {
		t.Errorf("%s does not end: %v, %v", where, third.again, third.rejects)
	}
	if fourth := listen(t, live, third.cursor); len(fourth.again) > 0 {
		t.Errorf("nothing was read, and %v is said to be", fourth.again)
	}
}

func TestOnlyTheStreamOfTheSettingsIsPolled(t *testing.T) {
	t.Parallel()
	for _, yields := range []string{"", "items", "insights", "metrics"} {
		want := yields
		settings := "path: " + t.TempDir()
		if want == "" {
			want = "feedback"
		} else {
			settings += "\nyields: " + yields
		}
		var got []string
		d := drop.Definition()
		for _, s := range d.StreamsOf(instance(t, d, settings), nil) {
			got = append(got, s.Name)
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Error(diff)
		}
	}
}
