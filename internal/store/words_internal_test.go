package store

import (
	"strings"
	"testing"
	"unsafe"
)

func TestTextsThatRepeatAreInMemoryOnce(t *testing.T) {
	t.Parallel()
	known := words{}
	first, again := known.word(strings.Clone("priority")), known.word(strings.Clone("priority"))
	if again != "priority" || unsafe.StringData(first) != unsafe.StringData(again) {
		t.Errorf("%q is in memory twice", again)
	}
	if long := strings.Repeat("x", longest+1); known.word(long) != long || len(known) != 1 {
		t.Errorf("%d texts are remembered", len(known))
	}
}

func TestRowsTakeNoMoreMemoryThanTheyNeed(t *testing.T) {
	t.Parallel()
	rows := append(make([]int, 0, 100), 1, 2, 3)
	if got := exact(rows); len(got) != 3 || cap(got) > 4 {
		t.Errorf("%d rows in room for %d", len(got), cap(got))
	}
	if exact([]int(nil)) != nil {
		t.Error("no rows became some")
	}
}
