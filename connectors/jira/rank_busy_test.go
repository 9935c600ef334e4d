package jira

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// shuffled moves some ids of an order to random places.
func shuffled(ids []string, moves int, seed uint64) []string {
	random := rand.New(rand.NewPCG(seed, 7))
	ids = slices.Clone(ids)
	for range moves {
		from, to := random.IntN(len(ids)), random.IntN(len(ids))
		id := ids[from]
		ids = slices.Insert(slices.Delete(ids, from, from+1), to, id)
	}
	return ids
}

func TestABacklogOf2000IsReorderedByTheLeastMoves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 2000, nil).settled()
		o := y.one()
		wanted := shuffled(o.IDs, 50, 1)
		edits := movesTo(o, wanted)
		y.ResetCounts()
		for _, r := range y.send(edits...) {
			if !strings.HasSuffix(r, " applied") {
				t.Error(r)
			}
		}
		wantSame(t, "backlog", wanted, y.truth())
		if len(edits) > 50 || y.ranks() > len(edits) {
			t.Errorf("%d moves by %d calls", len(edits), y.ranks())
		}
		t.Logf("%s: %d moves, %d calls: %v", deployment, len(edits), y.Calls("", ""), y.Counts())
		y.clock.Advance(5 * time.Minute)
		y.ResetCounts()
		if got := y.one(); len(got.Moved) > 0 {
			t.Errorf("moved %v", got.Moved)
		}
		t.Logf("%s: the poll after: %d calls: %v", deployment, y.Calls("", ""), y.Counts())
	})
}

// TestWhatPeopleDragWhileWeMoveStays: five people drag, between our calls,
// what we are about to move. The search shows it minutes later.
func TestWhatPeopleDragWhileWeMoveStays(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		for seed := range uint64(4) {
			y := openYard(t, deployment, 400, nil).settled()
			o := y.one()
			edits := movesTo(o, shuffled(o.IDs, 50, seed))
			y.SetLag(3 * time.Minute)
			random := rand.New(rand.NewPCG(seed, 3))
			var dragged []string
			y.SetFault(func(r *http.Request) *sim.Fault {
				if sim.CallOf(r.Context()).Route != rankRoute || y.ranks()%5 != 4 || len(dragged) == 5 {
					return nil
				}
				e := edits[min(y.ranks()+15+random.IntN(4), len(edits)-1)] // not one on its way
				y.clock.Advance(time.Second)
				before := y.truth()
				if err := y.Drag(jirasim.Ana, e.Key, jirasim.After, fmt.Sprintf("PAY-%d", 1+random.IntN(400))); err != nil {
					t.Error(err)
				}
				if !slices.Equal(before, y.truth()) { // or it was put where it stands
					dragged = append(dragged, e.Key)
				}
				return nil
			})
			got := y.send(edits...)
			for _, key := range dragged {
				issue, _ := y.Issue(key)
				if last := issue.History[len(issue.History)-1]; last.Author != jirasim.Ana {
					t.Errorf("seed %d: %s was dragged by a person, and then moved by us", seed, key)
				}
			}
			done := slices.DeleteFunc(slices.Clone(got), func(r string) bool { return !strings.HasSuffix(r, " applied") })
			if len(dragged) < 4 || len(done) < len(edits)/2 {
				t.Errorf("seed %d: %d dragged, %d of %d moves made", seed, len(dragged), len(done), len(edits))
			}
			y.clock.Advance(5 * time.Minute)
			movers := map[string]bool{}
			for _, m := range y.one().Moved {
				n, _ := strconv.Atoi(m.ID)
				movers[fmt.Sprintf("PAY-%d", n-9999)] = true
			}
			for _, k := range dragged {
				if !movers[k] {
					t.Errorf("seed %d: nobody is named who moved %s", seed, k)
				}
			}
		}
	})
}

// TestNoDragIsMissedInALongRun: each of many issues that go in one call is looked
// at.
func TestNoDragIsMissedInALongRun(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 120, nil).settled()
		o := y.one()
		y.SetLag(5 * time.Minute)
		y.drag(jirasim.Ana, 119, jirasim.Before, 3)
		want := y.truth()
		edits := []work.Edit{move(o, 21, -1)}
		for n := 23; n <= 119; n += 2 {
			edits = append(edits, move(o, n, n-2))
		}
		for _, r := range y.send(edits...) {
			if !strings.HasSuffix(r, " conflict") {
				t.Error(r)
			}
		}
		wantSame(t, "backlog", want, y.truth())
	})
}

// movesTo makes the least moves from an order to a wished one, top down.
func movesTo(o work.Order, wanted []string) []work.Edit {
	outside := compareOrders(o.IDs, wanted).outside
	var edits []work.Edit
	for i, id := range wanted {
		switch {
		case !slices.Contains(outside, id):
		case i > 0:
			edits = append(edits, moveTo(o, id, work.Anchor{ID: wanted[i-1]}))
		default:
			next := slices.IndexFunc(wanted, func(w string) bool { return !slices.Contains(outside, w) })
			edits = append(edits, moveTo(o, id, work.Anchor{ID: wanted[next], Before: true}))
		}
	}
	return edits
}

// What a repetition did not move, the try whose answer was lost may have moved.
func TestAMoveThatIsRefusedAfterALostAnswerIsInDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		y := openYard(t, cloud, 9, nil).settled()
		o := y.one()
		refusal := &sim.Fault{
			Name: "207", Status: 207, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"entries":[{"issueId":10007,"issueKey":"PAY-8","status":404,"errors":["no"]}]}`,
		}
		y.SetFault(sim.Script("", rankRoute, sim.LostAnswer(), refusal))
		wantSame(t, "sent", []string{"m8 unknown"}, y.send(move(o, 8, 2)))
	})
}
