package jira

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

const rankRoute = "/rest/agile/1.0/issue/rank"

func TestRunsGoToTheirPlace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 9, nil).settled()
		o := y.one()
		y.ResetCounts()
		got := y.send(move(o, 8, -2), move(o, 5, 8), move(o, 9, 5), move(o, 1, 6))
		wantSame(t, "sent", []string{"m8 applied", "m5 applied", "m9 applied", "m1 applied"}, got)
		wantSame(t, "backlog", backlogOf(8, 5, 9, 2, 3, 4, 6, 1, 7), y.truth())
		if y.ranks() != 2 {
			t.Errorf("%d calls to move", y.ranks())
		}
		t.Logf("%s: %v", deployment, y.Counts())

		// Once more, as after a lost answer: nothing is left to move.
		y.live.Sink.(*sink).site.ranks.plans = map[string]*plan{}
		y.ResetCounts()
		got = y.send(move(o, 8, -2), move(o, 5, 8), move(o, 9, 5), move(o, 1, 6))
		// 8 stood before 5 then, and stands there still; so do the others.
		wantSame(t, "again", []string{"m8 conflict", "m5 unchanged", "m9 unchanged", "m1 unchanged"}, got)
		if y.ranks() != 0 {
			t.Error("something was moved again")
		}
	})
}

func Test120MovesAreThreeCalls(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 300, nil).settled()
		o := y.one()
		edits := []work.Edit{move(o, 171, 3)}
		for n := 172; n <= 290; n++ {
			edits = append(edits, move(o, n, n-1))
		}
		y.ResetCounts()
		for _, r := range y.send(edits...) {
			if !strings.HasSuffix(r, " applied") {
				t.Error(r)
			}
		}
		wanted := slices.Concat(o.IDs[:3], o.IDs[170:290], o.IDs[3:170], o.IDs[290:])
		wantSame(t, "backlog", wanted, y.truth())
		if y.ranks() != 3 || y.Calls("GET", "/rest/api/2/search/jql")+y.Calls("GET", "/rest/api/2/search") != 1 {
			t.Errorf("%v", y.Counts())
		}
		t.Logf("%s: %d calls: %v", deployment, y.Calls("", ""), y.Counts())
	})
}

func TestWhatPeopleDraggedSinceThePlanIsNotMoved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 9, nil).settled()
		o := y.one()
		y.drag(jirasim.Ana, 9, jirasim.Before, 1)
		want := y.truth()
		wantSame(t, "sent", []string{"m8 conflict", "m5 conflict", "m3 conflict"}, y.send(move(o, 8, 2), move(o, 5, 8), move(o, 3, 4)))
		wantSame(t, "backlog", want, y.truth())
		if y.ranks() != 0 {
			t.Error("something was moved")
		}
	})
}

// TestADragThatTheSearchDoesNotShowYetIsKept: the search says what the plan
// expects, the issue itself does not.
func TestADragThatTheSearchDoesNotShowYetIsKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		for name, drag := range map[string]func(y *yard){
			"the issue itself": func(y *yard) { y.drag(jirasim.Ana, 8, jirasim.Before, 1) },
			"its anchor":       func(y *yard) { y.drag(jirasim.Ana, 2, jirasim.After, 9) },
		} {
			y := openYard(t, deployment, 9, nil).settled()
			o := y.one()
			y.SetLag(5 * time.Minute)
			drag(y)
			want := y.truth()
			wantSame(t, name, []string{"m8 conflict", "m5 applied"}, y.send(move(o, 8, 2), move(o, 5, 6)))
			wanted := slices.DeleteFunc(want, func(id string) bool { return id == "10004" })
			wanted = slices.Insert(wanted, slices.Index(wanted, "10005")+1, "10004")
			wantSame(t, name, wanted, y.truth())
		}
	})
}

// TestAMoveIsNotDoneBecauseALateSearchSaysSo: the search shows the backlog as it
// was before our last move, and in it the issue stands where the next plan
// wants it. To believe that would make a person's move of what follows.
func TestAMoveIsNotDoneBecauseALateSearchSaysSo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 9, nil).settled()
		believed := y.one()
		y.SetLag(5 * time.Minute)
		y.drag(jirasim.Ana, 8, jirasim.After, 2)
		want := y.truth()
		believed.IDs = slices.Clone(want)
		y.drag(jirasim.Ana, 9, jirasim.After, 3) // another plan than the search shows, in any case
		want = y.truth()
		wantSame(t, "sent", []string{"m8 conflict"}, y.send(move(believed, 8, 7)))
		wantSame(t, "sent", []string{"m1 unchanged"}, y.send(move(believed, 1, -2)))
		wantSame(t, "backlog", want, y.truth())
	})
}

// TestAMoveIsNotDoneBecauseTheSearchLeavesOutWhatStandsBetween: without the
// third issue the fourth follows the second, and is not there all the same.
func TestAMoveIsNotDoneBecauseTheSearchLeavesOutWhatStandsBetween(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		o := y.one()
		want := y.truth()
		y.Vanish("PAY-3", 12*time.Minute)
		wantSame(t, "sent", []string{"m4 conflict"}, y.send(move(o, 4, 2)))
		wantSame(t, "backlog", want, y.truth())
	})
}

// TestWhatFollowsAMoveThatWasNotMadeIsNotMoved: it would go to a wrong place.
func TestWhatFollowsAMoveThatWasNotMadeIsNotMoved(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 9, nil).settled()
	o := y.one()
	y.SetLag(5 * time.Minute)
	y.drag(jirasim.Ana, 8, jirasim.Before, 1)
	wantSame(t, "sent", []string{"m8 conflict", "m5 applied", "m6 conflict"}, y.send(move(o, 8, 2), move(o, 5, 3), move(o, 6, -8)))
}

// TestAPersonAndWeAtTheSameTime: the person drags between our call and its
// confirmation.
func TestAPersonAndWeAtTheSameTime(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		for name, test := range map[string]struct {
			drag func(y *yard)
			want []string
		}{
			"one of ours":     {func(y *yard) { y.drag(jirasim.Ana, 5, jirasim.After, 9) }, []string{"m8 applied", "m5 unknown", "m6 applied"}},
			"between ours":    {func(y *yard) { y.drag(jirasim.Ana, 1, jirasim.After, 8) }, []string{"m8 applied", "m5 applied", "m6 applied"}},
			"our neighbour":   {func(y *yard) { y.drag(jirasim.Ana, 3, jirasim.Before, 1) }, []string{"m8 unknown", "m5 unknown", "m6 unknown"}},
			"something else":  {func(y *yard) { y.drag(jirasim.Ana, 9, jirasim.Before, 1) }, []string{"m8 applied", "m5 applied", "m6 applied"}},
			"ranks balanced":  {func(y *yard) { y.Rebalance() }, []string{"m8 applied", "m5 applied", "m6 applied"}},
			"one was deleted": {func(y *yard) { _ = y.Delete("PAY-5", jirasim.Ana) }, []string{"m8 applied", "m5 unknown", "m6 applied"}},
		} {
			y := openYard(t, deployment, 9, nil).settled()
			o := y.one()
			var meanwhile sync.Once // reads are made side by side: all come after it
			y.SetFault(func(r *http.Request) *sim.Fault {
				if sim.CallOf(r.Context()).Route != rankRoute && y.ranks() == 1 {
					meanwhile.Do(func() { test.drag(y) })
				}
				return nil
			})
			wantSame(t, name, test.want, y.send(move(o, 8, 2), move(o, 5, 8), move(o, 6, 5)))
		}
	})
}

func TestWhatStumblesIsTriedOnceMoreAlone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		for name, test := range map[string]struct {
			moves func(o work.Order) []work.Edit
			want  []int
		}{
			"behind": {func(o work.Order) []work.Edit {
				return []work.Edit{move(o, 8, 2), move(o, 5, 8), move(o, 6, 5), move(o, 9, 6)}
			}, []int{1, 2, 8, 5, 6, 9, 3, 4, 7}},
			"before": {func(o work.Order) []work.Edit {
				return []work.Edit{move(o, 8, -2), move(o, 5, 8), move(o, 6, 5), move(o, 9, 6)}
			}, []int{1, 8, 5, 6, 9, 2, 3, 4, 7}},
		} {
			for _, stumbling := range [][]string{{"PAY-8"}, {"PAY-5"}, {"PAY-9"}, {"PAY-5", "PAY-6"}, {"PAY-8", "PAY-5", "PAY-6", "PAY-9"}} {
				synctest.Test(t, func(t *testing.T) {
					y := openYard(t, deployment, 9, nil).settled()
					o := y.one()
					y.StumbleRank(stumbling...)
					wantSame(t, name, []string{"m8 applied", "m5 applied", "m6 applied", "m9 applied"}, y.send(test.moves(o)...))
					wantSame(t, name+" "+strings.Join(stumbling, " "), backlogOf(test.want...), y.truth())
					if y.ranks() != 1+len(stumbling) {
						t.Errorf("%s %v: %d calls to move", name, stumbling, y.ranks())
					}
				})
			}
		}
	})
}

// TestWhatKeepsStumblingWaitsAndTheRestIsMoved: by its own status.
func TestWhatKeepsStumblingWaitsAndTheRestIsMoved(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]work.ResultState{503: work.Deferred, 429: work.Deferred, 403: work.Rejected, 404: work.Rejected} {
		synctest.Test(t, func(t *testing.T) {
			y := openYard(t, cloud, 9, nil).settled()
			o := y.one()
			entry := fmt.Sprintf(`{"issueId":10004,"issueKey":"PAY-5","status":%d,"errors":["no"]}`, status)
			multi := func(entries string) *sim.Fault {
				return &sim.Fault{Name: "207", Status: 207, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"entries":[` + entries + `]}`}
			}
			y.SetFault(func(r *http.Request) *sim.Fault {
				if sim.CallOf(r.Context()).Route != rankRoute {
					return nil
				}
				if y.ranks() == 0 { // 8 and 6 are moved, 5 is not
					if err := y.Rank(jirasim.Bot, []string{"PAY-8", "PAY-6"}, "", "PAY-2"); err != nil {
						t.Error(err)
					}
					return multi(`{"issueId":10007,"issueKey":"PAY-8","status":200},` + entry + `,{"issueId":10005,"issueKey":"PAY-6","status":200}`)
				}
				return multi(entry)
			})
			got := y.send(move(o, 8, 2), move(o, 5, 8), move(o, 6, 5))
			wantSame(t, fmt.Sprint(status), []string{"m8 applied", "m5 " + string(want), "m6 applied"}, got)
			y.SetFault(nil)
			wantSame(t, "what follows", []string{"m9 conflict"}, y.send(move(o, 9, -5)))
		})
	}
}

func TestEveryAnswerToAMoveHasAnOutcome(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]work.ResultState{
		400: work.Rejected, 401: work.Deferred, 403: work.Rejected, 404: work.Rejected, 409: work.Conflict, 429: work.Deferred,
		500: work.Uncertain, 503: work.Uncertain, 202: work.Uncertain, 207: work.Uncertain,
	} {
		synctest.Test(t, func(t *testing.T) {
			y := openYard(t, cloud, 9, nil).settled()
			o := y.one()
			y.SetFault(func(r *http.Request) *sim.Fault {
				if sim.CallOf(r.Context()).Route != rankRoute {
					return nil
				}
				return &sim.Fault{Name: "refused", Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"errorMessages":["no"]`[:min(status%207*30, 23)]}
			})
			r := y.live.Sink.Send(t.Context(), []work.Edit{move(o, 8, 2)})[0]
			if r.State != want || r.Detail == "" {
				t.Errorf("%d: %+v, want %s", status, r, want)
			}
			if status == 403 && !strings.Contains(r.Detail, "Schedule issues") {
				t.Errorf("%d: detail %q has no remedy", status, r.Detail)
			}
			if want == work.Uncertain {
				y.SetFault(nil)
				wantSame(t, "what comes then", []string{"m5 conflict"}, y.send(move(o, 5, 1)))
			}
		})
	}
}

func TestALostAnswerToAMoveIsSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		y := openYard(t, cloud, 9, nil).settled()
		o := y.one()
		y.SetFault(func(r *http.Request) *sim.Fault {
			if sim.CallOf(r.Context()).Route == rankRoute {
				return sim.LostAnswer()
			}
			return nil
		})
		wantSame(t, "sent", []string{"m8 unknown"}, y.send(move(o, 8, 2)))
	})
}

func TestWithoutScheduleIssuesNothingIsMoved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 9, func(w *jirasim.World, _ *jirasim.Options) {
			w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": {jirasim.BrowseProjects, jirasim.EditIssues}}
		}).settled()
		o := y.one()
		r := y.live.Sink.Send(t.Context(), []work.Edit{move(o, 8, 2)})[0]
		if r.State != work.Rejected || !strings.Contains(r.Detail, "Schedule issues and Edit issues") {
			t.Errorf("%+v", r)
		}
	})
}

func TestAnEndedContextMovesNothing(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 9, nil).settled()
	o := y.one()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := y.live.Sink.Send(ctx, []work.Edit{move(o, 8, 2)})[0]; r.State != work.Deferred || y.ranks() != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAPlanOfAMinuteAgoIsReadAnew(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 9, nil).settled()
	o := y.one()
	wantSame(t, "first", []string{"m8 applied"}, y.send(move(o, 8, 2)))
	y.clock.Advance(planTrust + time.Second)
	wantSame(t, "later", []string{"m5 deferred"}, y.send(move(o, 5, 1)))
	wantSame(t, "then", []string{"m5 conflict"}, y.send(move(o, 5, 1)))
	wantSame(t, "of a new plan", []string{"m5 applied"}, y.send(move(y.one(), 5, 1)))
}

func TestMovesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 9, nil).settled()
	o := y.one()
	foreign, nowhere, self := move(o, 8, 2), move(o, 8, 2), move(o, 8, 8)
	foreign.Target.Element = "WEB"
	nowhere.Value = work.NewText("somewhere")
	wantSame(t, "sent", []string{"m8 rejected", "m8 rejected", "m8 rejected"}, y.send(foreign, nowhere, self))
	gone := moveTo(o, "99999", work.Anchor{ID: "10001"})
	wantSame(t, "gone", []string{"m90000 conflict"}, y.send(gone))
	for _, r := range y.live.Sink.Send(t.Context(), []work.Edit{move(o, 8, 2), move(o, 5, 3)}) {
		if r.State != work.Rejected || !strings.Contains(r.Detail, "no run") {
			t.Errorf("%+v", r)
		}
	}
	if y.ranks() != 0 {
		t.Error("something was moved")
	}
}

// TestBatchesKeepThePlan: runs of one scope, at most 50, in the order of the
// plan; other edits as ever.
func TestBatchesKeepThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var edits []work.Edit
		for range rapid.IntRange(0, 200).Draw(rt, "edits") {
			scope := rapid.SampledFrom([]string{"PAY", "WEB"}).Draw(rt, "scope")
			e := move(work.Order{Scope: scope}, rapid.IntRange(1, 300).Draw(rt, "issue"), rapid.SampledFrom([]int{-400, 400}).Draw(rt, "anchor"))
			for _, o := range slices.Backward(edits) {
				if o.Target.Element == scope && rapid.IntRange(0, 9).Draw(rt, "follows") > 0 {
					e.Value = work.Anchor{ID: o.Target.ID}.Value()
					break
				}
			}
			e.ID = fmt.Sprint(len(edits))
			edits = append(edits, e)
		}
		batches := (&sink{}).Batches(edits)
		byScope := func(all []work.Edit) map[string][]string {
			ids := map[string][]string{}
			for _, e := range all {
				ids[e.Target.Element] = append(ids[e.Target.Element], e.ID)
			}
			return ids
		}
		for _, b := range batches {
			r := run{edits: b}
			if fault := r.refusal([]string{"PAY", "WEB"}); fault != "" && len(b) > 1 || len(b) > maxRun {
				rt.Fatalf("%d edits: %s", len(b), fault)
			}
		}
		want, got := byScope(edits), byScope(slices.Concat(batches...))
		for scope := range want {
			if !slices.Equal(want[scope], got[scope]) {
				rt.Fatalf("%s: %v, want %v", scope, got[scope], want[scope])
			}
		}
	})
}
