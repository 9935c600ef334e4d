package engine_test

import (
	"testing"

	"tandem/internal/engine"

	"tandem/mapping/agreement"
)

func TestHowMuchOfTheTopStaysIsSaidInWords(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]agreement.Figures{
		"of the first 10, all stay there; of the first 50, 44 stay there":   {Items: 90, Same10: 10, Same50: 44},
		"of the first 10, 1 stays there; of the first 12, all stay there":   {Items: 12, Same10: 1, Same50: 12},
		"of the first 10, none stays there; of the first 50, 1 stays there": {Items: 40, Went: 20, Same10: 0, Same50: 1},
		"of the first 3, 2 stay there":                                      {Items: 2, Went: 1, Same10: 2, Same50: 2},
		"the only item stays":                                               {Items: 1, Same10: 1, Same50: 1},
		"the only item went":                                                {Went: 1},
		"there was no order before":                                         {Came: 4},
	} {
		if got := engine.Kept(f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
