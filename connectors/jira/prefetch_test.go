package jira_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// Issues that were read together stand in for the read before the write, once
// and for some seconds. What a person changes after that is never overwritten.
func TestS1WhatWasReadTogetherIsBelievedOnceAndBriefly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := write(t, setup{})
		edits := []work.Edit{field(0, "priority", text("Critical"), text("Major")), field(1, "priority", text("Critical"), text("Major")), field(2, "priority", text("Critical"), text("Major"))}
		person := func(key string) {
			if err := w.site.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10104" }); err != nil {
				t.Fatal(err)
			}
		}
		w.Preparer.Prepare(t.Context(), edits)
		w.calls = nil
		w.want(t, edits[0], work.Applied, "")
		if reads := strings.Count(strings.Join(w.calls, "\n"), "GET issue/10000\n"); reads != 0 {
			t.Errorf("read again at once: %v", w.calls)
		}
		person("PAY-1")
		w.want(t, field(0, "priority", text("Major"), text("Critical")), work.Conflict, "the plan expected Critical")
		time.Sleep(11 * time.Second)
		person("PAY-2")
		w.want(t, edits[1], work.Conflict, "the plan expected Major")
		// What could not be read together is read before the write.
		w.site.Stumble("PAY-3")
		w.Preparer.Prepare(t.Context(), edits)
		person("PAY-3")
		w.want(t, edits[2], work.Conflict, "the plan expected Major")
	})
}
