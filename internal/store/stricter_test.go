package store_test

import (
	"testing"

	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// The links are read before the rows: a row may become stricter meanwhile.
func TestAVoiceThatBecomesStricterMeanwhileIsNotTold(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.hear([]work.Feedback{feedback("1", "a", "secret")}, about("jira:PAY-1"))
		program, problems := evidence.Compile("", evidence.Spec{}, []string{"jira"})
		if len(problems) > 0 {
			k.t.Fatal(problems)
		}
		asked := 0
		got, err := k.Testimony(k.t.Context(), store.Inquiry{
			Rules: program, Targets: []string{"jira:PAY-1"}, AsOf: noon, Most: 8,
			Sees: func(work.Audience) bool { asked++; return asked == 1 },
		})
		if err != nil || len(got.Voices) > 0 || got.Restricted != 1 {
			k.t.Errorf("%+v, %v", got, err)
		}
	})
}
