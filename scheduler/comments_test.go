package scheduler_test

import (
	"testing"
	"time"
)

// What people outside say under an issue is evidence for its item, and for the
// twin in Jira, once.
func TestACommentInGitHubIsEvidence(t *testing.T) {
	w := hubbed()
	w.comments = "outsiders"
	story(t, w, func(f *firm) {
		f.run()
		f.ok(f.github.Comment("acme/pay#2", "eve", "This blocks our release"))
		f.ok(f.github.Comment("acme/pay#2", "adam", "> This blocks our release\n\nOurs too"))
		for range 3 {
			f.pass(6 * time.Minute)
			d, ok := f.run().Outcome.FindKey("jira:PAY-2")
			if !ok || d.Evidence.People != 2 {
				f.Errorf("%v: evidence %+v", ok, d.Evidence)
			}
		}
	})
}
