package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// from says who speaks, in which tool.
func from(connector, id, text string, keys map[string]string) work.Feedback {
	f := feedback(id, "", text)
	f.Connector, f.Person, f.PersonKeys = connector, "", keys
	return f
}

// totals are the signals of each person at each target.
func (k *kept) totals() []string {
	k.t.Helper()
	var list []string
	for _, d := range k.snapshot().Evidence {
		list = append(list, fmt.Sprintf("%s %s%s %d", d.Target, d.Account, d.Person, d.Count))
	}
	return list
}

func TestOnePersonIsOneInAllTools(t *testing.T) {
	onBoth(t, func(k *kept) {
		pay := about("jira:PAY-1")
		k.hear([]work.Feedback{
			from("hotjar", "1", "a", map[string]string{"email": "Ana@acme.example"}), from("userpilot", "1", "b", map[string]string{"user_id": "7"}),
			from("hotjar", "2", "c", map[string]string{"hotjar.user": "h"}), from("hotjar", "3", "d", nil), from("hotjar", "4", "e", nil),
		}, pay, pay, pay, pay, pay)
		diff(k.t, "apart", []string{"jira:PAY-1  2", "jira:PAY-1 email=ana@acme.example 1", "jira:PAY-1 hotjar.user=h 1", "jira:PAY-1 user_id=7 1"}, sorted(k.totals()))
		k.grows(true, "a row that knows two keys", func() {
			k.hear([]work.Feedback{from("intercom", "1", "f", map[string]string{"email": "ana@acme.example", "user_id": "7"})}, nil)
		})
		diff(k.t, "joined", []string{"jira:PAY-1  2", "jira:PAY-1 email=ana@acme.example 2", "jira:PAY-1 hotjar.user=h 1"}, sorted(k.totals()))
		gone := from("intercom", "1", "", nil)
		gone.Gone = true
		k.hear([]work.Feedback{gone}, nil)
		diff(k.t, "parted", []string{"jira:PAY-1  2", "jira:PAY-1 email=ana@acme.example 1", "jira:PAY-1 hotjar.user=h 1", "jira:PAY-1 user_id=7 1"}, sorted(k.totals()))
	})
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func TestWhatIsSaidTwiceCountsOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		ana := map[string]string{"email": "ana@acme.example"}
		older, again := from("hotjar", "1", "Export drops rows!", ana), from("drop", "x", "export  drops ROWS", ana)
		older.At = noon.AddDate(0, 0, -3)
		anonymous := from("hotjar", "2", "export drops rows", nil)
		merged := from("canny", "9", "the same, says the tool", map[string]string{"user_id": "8"})
		merged.DuplicateOf = "8"
		root := from("canny", "8", "rows get lost", map[string]string{"user_id": "9"})
		root.At = noon.AddDate(0, 0, -1)
		pay := about("jira:PAY-1")
		k.hear([]work.Feedback{again, older, anonymous, merged, root}, pay, pay, pay, pay, pay)
		want := []string{"jira:PAY-1  1", "jira:PAY-1 email=ana@acme.example 1", "jira:PAY-1 user_id=9 1"}
		diff(k.t, "evidence", want, sorted(k.totals()))
		if d := k.snapshot().Evidence; !slices.ContainsFunc(d, func(d evidence.Day) bool { return d.Day == evidence.DayNumber(older.At) }) {
			k.t.Errorf("not the oldest counts: %v", d)
		}
		older.Gone, older.Version = true, noon.Add(time.Hour)
		k.hear([]work.Feedback{older}, nil)
		diff(k.t, "the next counts", want, sorted(k.totals()))
		older.Gone, older.Version = false, noon
		diff(k.t, "a page that lags", work.Saved{Older: 1}, k.hear([]work.Feedback{older}, pay))
		var texts []string
		for row, err := range k.Feedback(k.t.Context()) {
			if err != nil {
				k.t.Fatal(err)
			}
			texts = append(texts, row.Text)
		}
		diff(k.t, "the texts stay", []string{"export  drops ROWS", "export drops rows", "the same, says the tool", "rows get lost"}, texts)
	})
}

func (k *kept) judge(v work.LinkVerdict) {
	k.t.Helper()
	if err := k.SaveVerdict(k.t.Context(), v); err != nil {
		k.t.Fatal(err)
	}
}

func TestAPersonsVerdictOnALinkStays(t *testing.T) {
	onBoth(t, func(k *kept) {
		rows := []work.Feedback{feedback("1", "a", "late"), feedback("2", "b", "slow")}
		k.hear(rows, about("jira:PAY-1"), nil)
		no := work.LinkVerdict{Of: rows[0].RefID, Target: "jira:PAY-1", Verdict: work.LinkRejected, By: "cy"}
		yes := work.LinkVerdict{Of: rows[1].RefID, Target: "jira:PAY-1", Verdict: work.LinkAccepted, By: "cy"}
		k.grows(true, "a verdict", func() { k.judge(no) })
		diff(k.t, "rejected", []string(nil), k.totals())
		k.judge(yes)
		diff(k.t, "accepted", []string{"jira:PAY-1 hotjar:bhotjar:pb 1"}, k.totals())
		said, err := k.Said(k.t.Context(), []string{"jira:PAY-1"}, time.Time{})
		if err != nil || len(said) != 2 || said[0].Standing != evidence.Rejected || said[1].String() != "linked by cy" {
			k.t.Errorf("said %+v, %v", said, err)
		}
		k.relink("h1", func(f *work.Feedback) []evidence.Link { return about("jira:PAY-1", "jira:PAY-2") })
		diff(k.t, "rules changed", []string{"jira:PAY-1 hotjar:bhotjar:pb 1", "jira:PAY-2 hotjar:ahotjar:pa 1", "jira:PAY-2 hotjar:bhotjar:pb 1"}, k.totals())
		k.relink("h2", func(f *work.Feedback) []evidence.Link { return nil })
		diff(k.t, "rules say nothing", []string{"jira:PAY-1 hotjar:bhotjar:pb 1"}, k.totals())
		rows[0].Version, rows[0].Text = noon.Add(time.Hour), "too late"
		k.hear(rows[:1], about("jira:PAY-1"))
		diff(k.t, "read anew", []string{"jira:PAY-1 hotjar:bhotjar:pb 1"}, k.totals())
		unlinked, err := k.Unlinked(k.t.Context(), 0, 10)
		if err != nil || len(unlinked) != 1 || unlinked[0].ID != "1" {
			k.t.Errorf("unlinked %v, %v", unlinked, err)
		}
		newest, err := k.UnlinkedBefore(k.t.Context(), 0, 10)
		diff(k.t, "unlinked, the newest first", unlinked, newest)
		older, errOlder := k.UnlinkedBefore(k.t.Context(), unlinked[0].Num, 10)
		if err != nil || errOlder != nil || len(older) != 0 {
			k.t.Errorf("before it %v, %v, %v", older, err, errOlder)
		}
		days, err := k.DaysOf(k.t.Context(), []string{"jira:PAY-1", "jira:PAY-9"})
		if err != nil || len(days) != 1 || days[0].Target != "jira:PAY-1" {
			k.t.Errorf("days %v, %v", days, err)
		}
		list, err := k.Verdicts(k.t.Context(), 10)
		if err != nil || len(list) != 2 {
			k.t.Errorf("verdicts %v, %v", list, err)
		}
		for _, v := range []work.LinkVerdict{no, yes} {
			if ended, err := k.UndoVerdict(k.t.Context(), v); err != nil || !ended {
				k.t.Errorf("undo: %t, %v", ended, err)
			}
		}
		diff(k.t, "undone", []string{"jira:PAY-1 hotjar:ahotjar:pa 1"}, k.totals())
		if ended, err := k.UndoVerdict(k.t.Context(), no); err != nil || ended {
			k.t.Errorf("undo twice: %t, %v", ended, err)
		}
		no.Of.ID = "nobody"
		if err := k.SaveVerdict(k.t.Context(), no); !errors.Is(err, store.ErrNoFeedback) {
			k.t.Errorf("verdict on nothing: %v", err)
		}
	})
}

func TestAVerdictFollowsWorkWhoseKeyMoves(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		row := feedback("1", "a", "late")
		k.hear([]work.Feedback{row}, about("jira:PAY-1"))
		k.judge(work.LinkVerdict{Of: row.RefID, Target: "jira:PAY-1", Verdict: work.LinkRejected, By: "cy"})
		moved := issue("1", 2, "High")
		moved.Key = "WEB-9"
		k.page(moved)
		if got := k.snapshot().Records[0]; got.Key != "WEB-9" || !slices.Contains(got.Former, "PAY-1") {
			k.t.Fatalf("the record is %s, formerly %v", got.Key, got.Former)
		}
		k.relink("h1", func(*work.Feedback) []evidence.Link { return about("jira:WEB-9") })
		diff(k.t, "by the new key", []string(nil), k.totals())
		k.judge(work.LinkVerdict{Of: row.RefID, Target: "jira:WEB-9", Verdict: work.LinkAccepted, By: "ana"})
		diff(k.t, "the newest verdict counts", []string{"jira:WEB-9 hotjar:ahotjar:pa 1"}, k.totals())
		list, err := k.Verdicts(k.t.Context(), 10)
		if err != nil || len(list) != 1 || list[0].Record != "1" {
			k.t.Errorf("verdicts %v, %v", list, err)
		}
		k.relink("h2", func(*work.Feedback) []evidence.Link { return about("jira:PAY-1") })
		if ended, err := k.UndoVerdict(k.t.Context(), work.LinkVerdict{Of: row.RefID, Target: "jira:PAY-1"}); err != nil || !ended {
			k.t.Errorf("undo by the old key: %t, %v", ended, err)
		}
	})
}

// looked stores a run that saw what is there.
func (k *kept) looked() engine.Run {
	k.t.Helper()
	snap, run := k.snapshot(), emptyRun()
	run.DataSeq, run.AsOf, run.At, run.Seen = snap.Seq, snap.AsOf, k.clock.Now(), snap.Seen()
	run.Seq = k.run(run)
	return run
}

func TestInsightsAreNobodysVotes(t *testing.T) {
	onBoth(t, func(k *kept) {
		in := work.Insight{Ref: work.NewRef("notes", "1", ""), Kind: "competitor", Title: "They export faster", Goals: []string{"exporters"}, At: noon, Version: noon, Audience: work.Internal}
		save := func(in work.Insight, links ...evidence.Link) work.Saved {
			saved, err := k.SavePage(k.t.Context(), "notes", "insights", connectors.Page{Insights: []work.Insight{in}}, [][]evidence.Link{links})
			if err != nil {
				k.t.Fatal(err)
			}
			return saved
		}
		k.grows(true, "an insight", func() { diff(k.t, "saved", work.Saved{Feedback: 1}, save(in, about("jira:PAY-1")...)) })
		k.grows(false, "the same", func() { diff(k.t, "saved", work.Saved{Same: 1}, save(in, about("jira:PAY-1")...)) })
		found := func() []string {
			var list []string
			for _, f := range k.snapshot().Findings {
				list = append(list, f.Of.String()+" "+f.Target+f.Goal)
			}
			return list
		}
		diff(k.t, "findings", []string{"notes:1 exporters", "notes:1 jira:PAY-1"}, found())
		diff(k.t, "evidence", []string(nil), k.totals())
		k.judge(work.LinkVerdict{Insight: true, Of: in.RefID, Target: "jira:PAY-1", Verdict: work.LinkRejected, By: "cy"})
		k.judge(work.LinkVerdict{Insight: true, Of: in.RefID, Target: "jira:PAY-2", Verdict: work.LinkAccepted, By: "cy"})
		diff(k.t, "judged", []string{"notes:1 exporters", "notes:1 jira:PAY-2"}, found())
		on, err := k.InsightsOn(k.t.Context(), []string{"jira:PAY-2"}, "", time.Time{})
		if err != nil || len(on) != 1 || on[0].Title != in.Title || on[0].Cause != evidence.ByReview {
			k.t.Errorf("insights %+v, %v", on, err)
		}
		k.page(issue("7", 1, "High"))
		k.looked()
		run := k.looked()
		in.Gone, in.Version = true, noon.Add(time.Hour)
		k.grows(true, "a withdrawn insight", func() { save(in) })
		diff(k.t, "gone", []string(nil), found())
		then, err := k.SnapshotOf(k.t.Context(), run)
		if err != nil || len(then.Findings) != 2 {
			k.t.Errorf("the run saw %v, %v", then.Findings, err)
		}
	})
}

func TestUsageThatIsReadAgainIsReplaced(t *testing.T) {
	onBoth(t, func(k *kept) {
		metric := func(account string, days int, count float64) work.Metric {
			return work.Metric{Connector: "posthog", Name: "export", Account: account, Day: today.AddDate(0, 0, -days), Count: work.NewNumber(count), Audience: work.Internal}
		}
		save := func(rows ...work.Metric) work.Saved {
			saved, err := k.SavePage(k.t.Context(), "posthog", "usage", connectors.Page{Metrics: rows}, nil)
			if err != nil {
				k.t.Fatal(err)
			}
			return saved
		}
		used := func() []string {
			var list []string
			for _, u := range k.snapshot().Usage {
				list = append(list, strconv.Itoa(int(evidence.DayNumber(today)-u.Day))+" "+u.Count.String())
			}
			return list
		}
		k.grows(true, "usage", func() { save(metric("a", 1, 3), metric("b", 1, 4), metric("a", 2, 1), metric("a", 60, 9)) })
		diff(k.t, "usage", []string{"2 1", "1 7"}, used())
		k.grows(false, "the same usage", func() { diff(k.t, "saved", work.Saved{Same: 2}, save(metric("a", 1, 3), metric("b", 1, 4))) })
		k.page(issue("7", 1, "High"))
		k.looked()
		run := k.looked()
		k.grows(true, "a day that went on", func() { save(metric("a", 1, 5)) })
		diff(k.t, "replaced", []string{"2 1", "1 9"}, used())
		save(metric("", 1, 20), work.Metric{Connector: "posthog", Name: "export", Account: "c", Day: today.AddDate(0, 0, -2), Audience: work.Internal})
		diff(k.t, "everybody says more than some; who does not tell is not zero", []string{"2 1", "1 20"}, used())
		then, err := k.SnapshotOf(k.t.Context(), run)
		if err != nil || len(then.Usage) != 2 || then.Usage[1].Count.String() != "7" {
			k.t.Errorf("the run saw %v, %v", then.Usage, err)
		}
		diff(k.t, "no name, no day", work.Saved{Rejects: 2}, save(work.Metric{Connector: "posthog", Day: today}, work.Metric{Connector: "posthog", Name: "x"}))
	})
}

// TestTyingAnewGoesOnWhereItWasCutShort ends Relink and Rejoin after every
// slice, with a new process each time.
func TestTyingAnewGoesOnWhereItWasCutShort(t *testing.T) {
	onBoth(t, func(k *kept) {
		for from := range 3 {
			var rows []work.Feedback
			for i := range 500 {
				n := from*500 + i
				f := feedback(strconv.Itoa(n), strconv.Itoa(n%40), "text "+strconv.Itoa(n%50))
				f.AccountKeys = map[string]string{"name": strconv.Itoa(n % 20)}
				rows = append(rows, f)
			}
			k.hear(rows, make([][]evidence.Link, len(rows))...)
		}
		seen := map[string]int{}
		link := func(f *work.Feedback) []evidence.Link {
			seen[f.ID]++
			return about("jira:PAY-" + f.Account)
		}
		slices := 0
		for whole := false; !whole; slices++ {
			var err error
			if whole, err = k.Relink(k.t.Context(), "h", linker(link), time.Nanosecond); err != nil {
				k.t.Fatal(err)
			}
			k.reopen()
		}
		if slices < 3 || len(seen) != 1500 {
			k.t.Errorf("%d slices linked %d rows", slices, len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				k.t.Fatalf("row %s was linked %d times", id, n)
			}
		}
		diff(k.t, "linked", k.recount(link), k.snapshot().Evidence)
		join := evidence.Join{Account: []string{"name"}}
		slices = 0
		for whole := false; !whole; slices++ {
			var err error
			if whole, err = k.Rejoin(k.t.Context(), join, time.Nanosecond); err != nil {
				k.t.Fatal(err)
			}
			k.hear([]work.Feedback{feedback("late"+strconv.Itoa(slices), "7", "late")}, about("jira:PAY-7"))
			k.reopen()
		}
		if slices < 5 {
			k.t.Errorf("%d slices", slices)
		}
		k.relink("h2", link) // the late ones too
		diff(k.t, "joined", k.recountBy(join, link), k.snapshot().Evidence)
	})
}

// TestAStoreOfAnOlderVersionIsJoinedByAndBy has feedback from before there were
// keys.
func TestAStoreOfAnOlderVersionIsJoinedByAndBy(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.exec("DELETE FROM meta WHERE key = 'join'")
		link := func(*work.Feedback) []evidence.Link { return about("jira:PAY-1") }
		a, b := feedback("1", "a", "late"), feedback("2", "a", "late")
		k.hear([]work.Feedback{a, b}, about("jira:PAY-1"), about("jira:PAY-1"))
		diff(k.t, "before", []string{"jira:PAY-1 apa 2"}, k.totals())
		k.exec("UPDATE feedback SET at = 0, stored = 1")
		if whole, err := k.Rejoin(k.t.Context(), evidence.DefaultJoin(), 0); err != nil || !whole {
			k.t.Fatalf("rejoin: %t, %v", whole, err)
		}
		diff(k.t, "joined", k.recount(link), k.snapshot().Evidence)
		diff(k.t, "after", []string{"jira:PAY-1 hotjar:ahotjar:pa 1"}, k.totals())
	})
}
