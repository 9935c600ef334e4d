package chaos_test

import (
	"testing"

	"tandem/internal/sim"
)

// A person took back what a write had set whose answer was lost; then the same
// request was sent again.
func TestTheBookCountsAnEditOnceWhoseRequestWasSentAgain(t *testing.T) {
	t.Parallel()
	raised := sim.Effect{Ref: "PAY-1", Field: "priority", From: "10103", To: "10101"}
	put := func(seq int, lost string) sim.Write {
		return sim.Write{Seq: seq, Service: true, Method: "PUT", Path: "/rest/api/2/issue/10001", Lost: lost, Effects: []sim.Effect{raised}}
	}
	for _, c := range []struct {
		name   string
		begun  []int // where the log was
		first  sim.Write
		second sim.Effect
		want   bool
	}{
		{"sent again", []int{4}, put(5, "answer lost"), raised, true},
		{"another edit began in between", []int{4, 6}, put(5, "answer lost"), raised, false},
		{"the answer was there", []int{4}, put(5, ""), raised, false},
		{"another value", []int{4}, put(5, "answer lost"), sim.Effect{Ref: "PAY-1", Field: "priority", From: "10103", To: "10102"}, false},
		{"another field", []int{4}, put(5, "answer lost"), sim.Effect{Ref: "PAY-1", Field: "labels", To: "10101"}, false},
		{"never begun", nil, put(5, "answer lost"), raised, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := &book{begun: map[string][]int{"jira:10001": c.begun}, lost: map[sending]int{}}
			if b.again("jira", "10001", c.first, raised) {
				t.Error("the first request counts as sent again")
			}
			if got := b.again("jira", "10001", put(7, ""), c.second); got != c.want {
				t.Errorf("sent again: %v, want %v", got, c.want)
			}
			if b.again("jira", "10001", put(8, ""), c.second) {
				t.Error("after an answer it is sent once more and counts for nothing")
			}
		})
	}
}
