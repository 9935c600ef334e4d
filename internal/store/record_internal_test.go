package store

import (
	"testing"
	"time"

	"tandem/internal/work"
)

func TestHashIsThatOfTheRecord(t *testing.T) {
	t.Parallel()
	r := work.Record{
		Ref: work.NewRef("jira", "1", "PAY-1"), Version: time.Unix(9, 0).UTC(), Created: time.Unix(8, 0).UTC(), Audience: work.Internal,
		Fields: map[string]work.Value{"priority": work.NewText("<High>"), "labels": work.NewList("b", "a")},
	}
	want, err := r.Hash()
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := content(r)
	if err != nil || got != want {
		t.Errorf("hash %s, %v; want %s", got, err, want)
	}
}
