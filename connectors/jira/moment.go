package jira

import (
	"encoding/json"
	"fmt"
	"time"

	"tandem/internal/work"
)

// day is how Jira writes a date.
const day = "2006-01-02"

// stamp is how Jira reads a date with time.
const stamp = "2006-01-02T15:04:05.000-0700"

// moment reads every form in which Jira writes a time: with -0700, +02:00 or
// Z, with or without fractions, a date, and milliseconds since 1970.
func moment(raw json.RawMessage) (work.Value, error) {
	var ms int64
	if json.Unmarshal(raw, &ms) == nil {
		return work.NewTime(time.UnixMilli(ms)), nil
	}
	s, err := into[string](raw, "time")
	if err != nil || s == "" {
		return work.Empty(), err
	}
	t, ok := parseMoment(s)
	if !ok {
		return work.Value{}, fmt.Errorf("time expected, found %s", clip(raw))
	}
	return work.NewTime(t), nil
}

func parseMoment(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339, day, "2006-01-02T15:04-0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil { // fractions are read without being in the layout
			return t, true
		}
	}
	return time.Time{}, false
}
