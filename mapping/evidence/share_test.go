package evidence_test

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func TestEqualTextsOfDaysAreInMemoryOnce(t *testing.T) {
	t.Parallel()
	row := func(target string) evidence.Day {
		own := strings.Clone
		return evidence.Day{
			Key:   evidence.Key{Target: own(target), Account: own("acme"), Method: work.Method(own("survey")), Kind: own("request"), Day: 3},
			Count: 1, Value: work.NewNumber(5), Segment: own("large"),
		}
	}
	var shared evidence.Shared
	days := []evidence.Day{row("jira:PAY-1"), row("jira:PAY-1"), row("jira:PAY-2")}
	for i := range days {
		want := days[i]
		shared.In(&days[i])
		if diff := cmp.Diff(want, days[i], cmpopts.EquateComparable(work.Value{})); diff != "" {
			t.Errorf("another row (-want +got):\n%s", diff)
		}
	}
	texts := func(d evidence.Day) []string { return []string{d.Account, string(d.Method), d.Kind, d.Segment} }
	for _, later := range days[1:] {
		for i, text := range texts(later) {
			if unsafe.StringData(text) != unsafe.StringData(texts(days[0])[i]) {
				t.Errorf("%q is in memory twice", text)
			}
		}
	}
	if unsafe.StringData(days[0].Target) != unsafe.StringData(days[1].Target) || days[1].Target == days[2].Target {
		t.Error("targets are not shared, or too much")
	}
}
