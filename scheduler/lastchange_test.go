package scheduler_test

import (
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
)

// A label that says that nothing happened for 90 days is no thing that
// happened: it stays, until somebody touches the issue.
func TestTandemsOwnWriteIsNoSignOfLife(t *testing.T) {
	w := world{issues: []jirasim.Issue{issue("PAY-1", 50)}, patch: append(roomy(), "route: {default: {accountable: pm, because: triage}}",
		"route: {default: {accountable: pm, because: triage}, routes: [{if: 'item.days_since_update > 90', accountable: po, label: role/po, because: not refined for 90 days}]}")}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(91 * 24 * time.Hour)
		for range 5 {
			f.run()
			same(f, "labels", "role/po", last(f.issue("PAY-1").Labels))
			f.pass(20 * 24 * time.Hour)
		}
		f.restart()
		f.person("PAY-1", func(i *jirasim.Issue) { i.Summary = "Refined" })
		f.pass(time.Minute)
		f.run()
		if l := last(f.issue("PAY-1").Labels); l == "role/po" {
			f.Error("the label stays when somebody did something")
		}
		f.pass(time.Minute)
		same(f, "left to do", []string{}, edits(f.run()))
	})
}

func last(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}
