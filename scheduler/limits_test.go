package scheduler_test

import (
	"testing"
	"time"

	"tandem/internal/work"
)

func TestStatusTellsHowGitHubsLimitsStand(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		first := f.limits()
		if len(first) != 1 || first[0].Limit != 5000 || first[0].Remaining >= 5000 || first[0].Reset.IsZero() {
			f.Fatalf("limits: %+v", first)
		}
		same(f, "what people keep", 1000, first[0].Reserve)
		same(f, "whose", [2]string{"github", "core"}, [2]string{first[0].Connector, first[0].Resource})
		for range 2 { // what was written is seen again
			f.pass(10 * time.Minute)
			f.run()
		}
		first = f.limits()
		f.pass(time.Minute)
		f.run() // nothing new: conditional requests take nothing
		same(f, "after idle cycles", first[0].Remaining, f.limits()[0].Remaining)
		f.restart()
		same(f, "after a restart", first[0].Limit, f.limits()[0].Limit)
	})
}

// limits are what status shows.
func (f *firm) limits() []work.LimitState {
	f.Helper()
	overview, err := f.db.Status(f.Context())
	f.ok(err)
	return overview.Limits
}
