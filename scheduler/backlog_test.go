package scheduler_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
)

func TestS3S4TheBacklogIsBroughtInOrderWithTheLeastMovesAndThenLeftAlone(t *testing.T) {
	backlogStory(t, "abcdefgh", "habcdegf", func(s *shop) {
		first := s.run()
		if first.Applied() != 2 || s.board.stands() != "habcdegf" {
			s.Errorf("%d moves, then %s", first.Applied(), s.board.stands())
		}
		var why []string
		for _, e := range first.Outcome.Plan.Edits {
			why = append(why, e.Key+" "+e.Because)
		}
		want := []string{
			"PAY-h before PAY-a: place 1 of team pay, score 90.0, horizon later",
			"PAY-f behind PAY-g: place 8 of team pay, score 69.0, horizon later",
		}
		if !slices.Equal(why, want) {
			s.Errorf("because %q", why)
		}
		for day := range 31 {
			time.Sleep(24 * time.Hour)
			if r := s.run(); len(r.Outcome.Plan.Edits)+len(r.Outcome.Plan.Holds) > 0 {
				s.Fatalf("after %d idle days: %v %v", day, r.Outcome.Plan.Edits, r.Outcome.Plan.Holds)
			}
		}
		entries, err := s.db.Audit(s.Context(), work.RefID{Connector: "board", ID: "h"}, 5)
		if err != nil || len(entries) != 1 || entries[0].State != work.Applied {
			s.Errorf("the audit of PAY-h: %v %v", entries, err)
		}
	})
}

func TestS1WhatAPersonDraggedStaysForThirtyDaysAndTheOthersFlowAround(t *testing.T) {
	backlogStory(t, "abcdef", "abcdef", func(s *shop) {
		s.board.told = true
		s.expect("at first", "abcdef")
		s.board.drag("e", after("a"))
		r := s.expect("after the drag", "aebcdf", "PAY-e changed_by_person")
		h := r.Outcome.Plan.Holds[0]
		if h.By != "u-ana" || h.Detail != "moved there on 2026-11-23, respected until 2026-12-23" || h.Have != work.NewNumber(2) || h.Want != work.NewNumber(5) {
			s.Errorf("held: %+v", h)
		}
		s.wants("fedcba")
		time.Sleep(time.Minute)
		s.expect("when Tandem thinks anew", "fedcba", "PAY-e changed_by_person")
		s.wants("abcdef")
		time.Sleep(time.Minute)
		s.expect("and back", "aebcdf", "PAY-e changed_by_person")
		time.Sleep(29 * 24 * time.Hour)
		s.expect("on the last day", "aebcdf", "PAY-e changed_by_person")
		time.Sleep(24 * time.Hour)
		s.expect("when the respect is over", "abcdef")
	})
}

func TestS1AReleasedRecordGoesWhereTandemWantsIt(t *testing.T) {
	backlogStory(t, "abcdef", "abcdef", func(s *shop) {
		s.run()
		s.board.drag("e", after("a"))
		s.expect("after the drag", "aebcdf", "PAY-e changed_by_person")
		r := plan.Release{Slot: plan.SlotRef{Ref: work.RefID{Connector: "board", ID: "e"}, Field: work.Rank}}
		if err := s.db.Release(s.Context(), r, "ana"); err != nil {
			s.Fatal(err)
		}
		s.expect("after the release", "abcdef")
		time.Sleep(10 * time.Minute)
		s.board.drag("e", before("a"))
		s.expect("dragged once more", "eabcdf", "PAY-e changed_by_person")
	})
}

func TestS1WhereTheRulesOverruleNobodysMoveStays(t *testing.T) {
	backlogStory(t, "abcdef", "abcdef", func(s *shop) {
		s.run()
		s.board.drag("e", after("a"))
		s.expect("after the drag", "abcdef")
	}, "rank: {owner: tandem", "rank: {owner: tandem, respect: overrule")
}

func TestSprintsHandsOffAndFinishedWorkStayWhereTheyAre(t *testing.T) {
	backlogStory(t, "abcdef", "fedcba", func(s *shop) {
		s.board.issues["a"].sprint = "active"
		s.board.issues["c"].labels = []string{plan.HandsOffLabel}
		s.expect("around them", "afcedb", "PAY-c hands_off")
		s.board.issues["c"].labels, s.board.issues["c"].version = nil, time.Now()
		s.expect("without the label", "afedcb")
	})
}

// Somebody drags an issue between two requests of one cycle.
func TestS1APersonWhoDragsWhileTandemWritesKeepsTheirPlace(t *testing.T) {
	for _, told := range []bool{true, false} {
		t.Run(map[bool]string{true: "with a history", false: "without"}[told], func(t *testing.T) {
			backlogStory(t, "abcdefgh", "hgfedcba", func(s *shop) {
				s.board.told = told
				n := 0
				s.board.sends = func([]work.Edit) fate {
					if n++; n == 2 {
						s.board.drag("c", before("a"))
					}
					return fate{}
				}
				r := s.run()
				if r.Results[work.Applied] != 2 || r.Results[work.Conflict] != 2 {
					s.Errorf("results %v", r.Results)
				}
				time.Sleep(10 * time.Minute)
				s.expect("in the end", "chgfedba", "PAY-c changed_by_person")
			})
		})
	}
}

func TestS9ALostAnswerIsNoPersonsMove(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		t.Run(map[bool]string{true: "it arrived", false: "it did not"}[arrived], func(t *testing.T) {
			backlogStory(t, "abcdefgh", "hgfedcba", func(s *shop) {
				n := 0
				s.board.sends = func([]work.Edit) fate {
					if n++; n == 2 {
						return fate{state: work.Uncertain, effect: arrived}
					}
					return fate{}
				}
				s.run()
				time.Sleep(time.Minute)
				s.expect("in the end", "hgfedcba")
			})
		})
	}
}

// As long as nobody knows what became of a move, nothing is moved there.
func TestNothingIsMovedWhileAnAnswerIsOut(t *testing.T) {
	backlogStory(t, "abcdefgh", "hgfedcba", func(s *shop) {
		s.board.sends = func([]work.Edit) fate { return fate{state: work.Uncertain} }
		s.board.unread = true
		s.run()
		s.board.sends = func([]work.Edit) fate { s.Error("moved"); return fate{} }
		for range 3 {
			time.Sleep(time.Minute)
			if r := s.run(); len(r.Outcome.Plan.Edits) > 0 {
				s.Errorf("planned %v", r.Outcome.Plan.Edits)
			}
		}
		s.board.sends, s.board.unread = nil, false
		s.expect("in the end", "hgfedcba")
	})
}

// A person drags a record of which a move was in doubt: that counts again once
// the doubt is over.
func TestS1AfterADoubtIsOverAPersonsMoveCountsAgain(t *testing.T) {
	backlogStory(t, "abcdef", "fabcde", func(s *shop) {
		s.board.sends = func([]work.Edit) fate { return fate{state: work.Uncertain, effect: true} }
		s.run()
		s.board.sends = nil
		for range 7 {
			time.Sleep(time.Minute)
			s.expect("at rest", "fabcde")
		}
		s.board.drag("f", after("c"))
		s.expect("dragged", "abcfde", "PAY-f changed_by_person")
	})
}

// As before, and the search shows the old order for a while.
func TestS8ALostAnswerAndASearchThatLags(t *testing.T) {
	backlogStory(t, "abcdefgh", "hgfedcba", func(s *shop) {
		s.board.sends = func([]work.Edit) fate { return fate{state: work.Uncertain, effect: true} }
		s.board.shows = strings.Split("abcdefgh", "")
		s.run()
		s.board.sends = nil
		for range 3 {
			time.Sleep(time.Minute)
			s.run()
		}
		s.board.shows = nil
		time.Sleep(time.Minute)
		s.expect("in the end", "hgfedcba")
	})
}

// The search shows the old order for minutes after Tandem wrote.
func TestS8OurOwnMovesAreNoPersonsThoughTheSearchLags(t *testing.T) {
	backlogStory(t, "abcdefgh", "hgfedcba", func(s *shop) {
		s.board.shows = strings.Split("abcdefgh", "")
		s.run()
		if s.board.stands() != "hgfedcba" {
			s.Fatalf("the backlog is %s", s.board.stands())
		}
		wrote := len(s.board.did())
		for range 4 {
			time.Sleep(time.Minute)
			if r := s.run(); len(r.Outcome.Plan.Edits)+len(r.Outcome.Plan.Holds) > 0 {
				s.Fatalf("planned %v, held %v", r.Outcome.Plan.Edits, r.Outcome.Plan.Holds)
			}
		}
		s.board.shows = nil
		s.expect("when it shows it", "hgfedcba")
		if len(s.board.did()) != wrote {
			s.Errorf("moved again: %v", s.board.did()[wrote:])
		}
		s.board.drag("a", before("h"))
		s.expect("then a person", "ahgfedcb", "PAY-a changed_by_person")
	})
}

// A person drags over what Tandem just moved, and nothing tells whether that is
// an answer that lags. The connector shows it once only.
func TestS1ADragRightAfterTandemsMoveCountsAfterAWhile(t *testing.T) {
	backlogStory(t, "abcdef", "fabcde", func(s *shop) {
		s.board.shy = true
		s.run()
		s.board.drag("d", before("f"))
		for range 3 {
			time.Sleep(time.Minute)
			if r := s.run(); r.Applied() > 0 || len(r.Outcome.Plan.Holds) > 0 {
				s.Errorf("too soon: %v, held %v", r.Results, r.Outcome.Plan.Holds)
			}
		}
		time.Sleep(3 * time.Minute)
		s.expect("after a while", "dfabce", "PAY-d changed_by_person")
	})
}

// A drag that an old answer hides is found when the answer is fresh.
func TestS8APersonsDragBehindALaggingSearchIsNotOverwritten(t *testing.T) {
	backlogStory(t, "abcdefgh", "abcdefgh", func(s *shop) {
		s.run()
		s.board.shows = strings.Split("abcdefgh", "")
		s.board.drag("g", before("a"))
		s.wants("bacdefgh")
		r := s.run()
		if r.Results[work.Conflict] != 1 {
			s.Errorf("results %v", r.Results)
		}
		s.board.shows = nil
		time.Sleep(10 * time.Minute)
		s.expect("in the end", "gbacdefh", "PAY-g changed_by_person")
	})
}

// The process is killed at each of its calls of the store, before or after the
// call had its effect.
func TestS9ACrashAtAnyStepLosesNoMoveAndBlamesNobody(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		for left := 1; ; left++ {
			done := false
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday()))
				s := opened(t, "abcdefg", "abcdefg")
				s.run()
				s.board.drag("g", after("b")) // a pin that others go around
				s.expect("before", "abgcdef", "PAY-g changed_by_person")
				time.Sleep(10 * time.Minute)
				s.wants("fedcbag")
				_, err := s.newCycle(&mortal{Store: s.db, left: left, after: late}).Run(s.Context(), scheduler.None)
				if done = err == nil; !done && !errors.Is(err, errDead) {
					t.Fatal(err)
				}
				s.restart()
				time.Sleep(time.Minute)
				s.expect("after the crash", "fegdcba", "PAY-g changed_by_person")
				if err := s.db.Close(); err != nil {
					t.Error(err)
				}
			})
			if done {
				if left < 8 {
					t.Errorf("a cycle took %d calls only", left)
				}
				break
			}
		}
	}
}

func TestS15ARefusedMoveIsSetAsideAndTheOthersGoOn(t *testing.T) {
	backlogStory(t, "abcdef", "fedcba", func(s *shop) {
		s.board.size = 1
		s.board.sends = func(batch []work.Edit) fate {
			if batch[0].Target.ID == "d" {
				return fate{state: work.Rejected}
			}
			return fate{}
		}
		r := s.run()
		if r.Failed() != 1 || r.Results[work.Applied] != 1 {
			s.Errorf("results %v", r.Results)
		}
		time.Sleep(time.Minute)
		s.run()
		letters, err := s.db.DeadLetters(s.Context(), 9)
		if err != nil || len(letters) != 1 || letters[0].Ref != "board:PAY-d" {
			s.Errorf("set aside %v %v", letters, err)
		}
		if r := s.run(); len(r.Outcome.Plan.Edits) > 0 {
			s.Errorf("left to do: %v; the backlog is %s", r.Outcome.Plan.Edits, s.board.stands())
		}
	})
}

// An issue whose other edit did not go through is not moved in that cycle, and
// neither is what would stand behind it.
func TestS15MovesWaitBehindAnEditOfTheirRecordThatFailed(t *testing.T) {
	backlogStory(t, "abcdef", "fedcba", func(s *shop) {
		for _, i := range s.board.issues {
			i.prio = "P4"
		}
		s.board.sends = func(batch []work.Edit) fate {
			if batch[0].Verb == work.SetField && batch[0].Target.ID == "d" {
				return fate{state: work.Deferred, until: time.Now().Add(30 * time.Second)}
			}
			return fate{}
		}
		s.run()
		if got := s.board.stands(); got != "abcdfe" {
			s.Errorf("the backlog is %s", got)
		}
		s.board.sends = nil
		time.Sleep(time.Minute)
		s.expect("later", "fedcba")
	}, "  rank: {owner", "  priority: {owner: tandem, from: tiers, board: {field: priority, default: P4, values: {1: [P1], 2: [P2], 3: [P3], 4: [P4]}}}\n  rank: {owner")
}

func TestNothingIsMovedWhileTheServiceAsksToWait(t *testing.T) {
	backlogStory(t, "abcdef", "fedcba", func(s *shop) {
		s.board.sends = func([]work.Edit) fate { return fate{state: work.Deferred, until: time.Now().Add(5 * time.Minute)} }
		s.run()
		s.board.sends = func([]work.Edit) fate { s.Error("asked before the time"); return fate{} }
		time.Sleep(time.Minute)
		s.run()
		s.board.sends = nil
		time.Sleep(5 * time.Minute)
		s.expect("after the time", "fedcba")
	})
}

func TestMovesThatAPersonApprovesInPartGoFromTheTop(t *testing.T) {
	backlogStory(t, "abcdef", "fedcba", func(s *shop) {
		s.write = work.Propose
		s.cycle = s.newCycle(s.db)
		if _, err := s.cycle.Run(s.Context(), func(e plan.Planned) bool { return e.Target.ID != "d" }); err != nil {
			s.Fatal(err)
		}
		if got := s.board.stands(); got != "abcdfe" {
			s.Errorf("the backlog is %s", got)
		}
	})
}
