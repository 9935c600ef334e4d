package work_test

import (
	"testing"

	"tandem/internal/work"
)

func TestS7OnlyWhatAPersonOrderedToTakeAwayTellsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit work.Edit
		want bool
	}{
		"a label comes":                      {work.Edit{Verb: work.AddLabel, Audience: work.Internal}, true},
		"a label goes, as a rule wants it":   {work.Edit{Verb: work.RemoveLabel, Audience: work.Internal}, true},
		"a label comes back":                 {work.Edit{Verb: work.AddLabel, Audience: work.Internal, Errand: work.Undo}, true},
		"a label goes, as a person ordered":  {work.Edit{Verb: work.RemoveLabel, Audience: work.Internal, Errand: work.Undo}, false},
		"a value goes, as a person ordered":  {work.Edit{Verb: work.ClearField, Audience: work.Internal, Errand: work.Retire}, false},
		"a value comes back":                 {work.Edit{Verb: work.SetField, Audience: work.Internal, Errand: work.Retire}, true},
		"a person's emptiness is given back": {work.Edit{Verb: work.ClearField, Audience: work.Internal, Errand: work.GiveBack}, true},
		"nobody knows for whom":              {work.Edit{Verb: work.AddLabel}, false},
	} {
		if got := c.edit.Tells(); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
