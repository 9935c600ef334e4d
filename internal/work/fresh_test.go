package work_test

import (
	"testing"
	"time"

	"tandem/internal/work"
)

func TestWhatWasLearnedIsBelievedForItsTimeOnly(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"just now", now, true},
		{"within", now.Add(-59 * time.Second), true},
		{"at the end", now.Add(-time.Minute), false},
		{"after", now.Add(-time.Hour), false},
		{"before the clock was set back", now.Add(time.Second), false},
		{"read from a store", now.Add(-time.Second).Local(), true},
		{"read from a store, before the clock was set back", now.Add(time.Hour).Local(), false},
		{"never", time.Time{}, false},
	} {
		if is := work.Fresh(c.at, now, time.Minute); is != c.want {
			t.Errorf("%s: %v", c.name, is)
		}
	}
	if work.Fresh(now, now, 0) {
		t.Error("nothing is believed for no time")
	}
}
