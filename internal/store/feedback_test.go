package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func feedback(id, account, text string) work.Feedback {
	return work.Feedback{
		Ref: work.NewRef("hotjar", id, ""), Kind: "request", Method: work.Survey, Text: text, Account: account, Person: "p" + account,
		Value: work.NewNumber(100), At: noon, Audience: work.Internal, Version: noon, Tags: []string{"x"},
	}
}

// about links a feedback to the targets.
func about(targets ...string) []evidence.Link {
	links := make([]evidence.Link, 0, len(targets))
	for _, t := range targets {
		links = append(links, evidence.Link{Target: t, Cause: evidence.ByTag, Detail: "x"})
	}
	return links
}

func (k *kept) hear(rows []work.Feedback, links ...[]evidence.Link) work.Saved {
	k.t.Helper()
	saved, err := k.SavePage(k.t.Context(), "hotjar", "answers", connectors.Page{Feedback: rows}, links)
	if err != nil {
		k.t.Fatalf("save page: %v", err)
	}
	return saved
}

// relink links all feedback anew.
func (k *kept) relink(hash string, link func(*work.Feedback) []evidence.Link) {
	k.t.Helper()
	if whole, err := k.Relink(k.t.Context(), hash, linker(link), 0); err != nil || !whole {
		k.t.Fatalf("relink: %t, %v", whole, err)
	}
}

func counts(days []evidence.Day) []string {
	var list []string
	for _, d := range days {
		list = append(list, fmt.Sprintf("%s/%s %d", d.Target, strings.TrimPrefix(d.Account, "hotjar:"), d.Count))
	}
	return list
}

func TestAggregatesMoveWithTheirFeedback(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.grows(true, "feedback about an item", func() {
			saved := k.hear([]work.Feedback{feedback("1", "a", "late"), feedback("2", "a", "slow"), feedback("3", "b", "hm")},
				about("jira:PAY-1"), about("jira:PAY-1", "jira:PAY-2"), nil)
			diff(k.t, "saved", work.Saved{Feedback: 3}, saved)
		})
		diff(k.t, "evidence", []string{"jira:PAY-1/a 2", "jira:PAY-2/a 1"}, counts(k.snapshot().Evidence))
		k.grows(false, "feedback about nothing", func() { k.hear([]work.Feedback{feedback("4", "b", "nice")}, nil) })
		changed := feedback("2", "c", "slow, very")
		changed.Version = noon.Add(time.Hour)
		k.grows(true, "changed feedback", func() {
			diff(k.t, "saved", work.Saved{Feedback: 1}, k.hear([]work.Feedback{changed}, about("jira:PAY-3")))
		})
		diff(k.t, "evidence", []string{"jira:PAY-1/a 1", "jira:PAY-3/c 1"}, counts(k.snapshot().Evidence))
		older := feedback("2", "d", "old")
		k.grows(false, "older feedback", func() { diff(k.t, "saved", work.Saved{Older: 1}, k.hear([]work.Feedback{older}, about("jira:PAY-4"))) })
		k.reopen()
		diff(k.t, "evidence", []string{"jira:PAY-1/a 1", "jira:PAY-3/c 1"}, counts(k.snapshot().Evidence))
	})
}

func TestFeedbackReadAgainDoesNothing(t *testing.T) {
	onBoth(t, func(k *kept) {
		rows := []work.Feedback{feedback("1", "a", "late"), feedback("1", "a", "late")}
		diff(k.t, "saved", work.Saved{Feedback: 1, Same: 1}, k.hear(rows, about("jira:PAY-1"), about("jira:PAY-1")))
		k.grows(false, "the same feedback", func() {
			diff(k.t, "saved", work.Saved{Same: 2}, k.hear(rows, about("jira:PAY-1"), about("jira:PAY-1")))
		})
		diff(k.t, "evidence", []string{"jira:PAY-1/a 1"}, counts(k.snapshot().Evidence))
	})
}

func TestFeedbackIsGivenBackAsItCame(t *testing.T) {
	onBoth(t, func(k *kept) {
		var rows []work.Feedback
		for i := range 1203 { // more than two slices
			f := feedback(fmt.Sprint(i), "a", "late")
			f.Score, f.Scale, f.Method = work.NewNumber(9), "0-10", work.NPS
			rows = append(rows, f)
		}
		k.hear(rows, make([][]evidence.Link, len(rows))...)
		var got []work.Feedback
		for row, err := range k.Feedback(k.t.Context()) {
			if err != nil {
				k.t.Fatal(err)
			}
			got = append(got, row)
			if len(got) == 600 { // a consumer may write meanwhile
				k.page(issue("1", 1, "High"))
			}
		}
		diff(k.t, "feedback", rows, got)
		for _, err := range k.Feedback(k.t.Context()) { // a consumer may stop early
			if err != nil {
				k.t.Fatal(err)
			}
			break
		}
	})
}

func TestRelinkReplacesLinksAndAggregates(t *testing.T) {
	onBoth(t, func(k *kept) {
		var rows []work.Feedback
		var links [][]evidence.Link
		for i := range 600 {
			rows = append(rows, feedback(fmt.Sprint(i), fmt.Sprint(i%7), "late"))
			links = append(links, about("jira:PAY-1"))
		}
		k.hear(rows, links...)
		calls := 0
		link := func(f *work.Feedback) []evidence.Link {
			calls++
			if f.Account == "3" {
				return nil
			}
			return about("jira:PAY-2", "jira:PAY-9")
		}
		relink := func(hash string) {
			k.t.Helper()
			k.relink(hash, link)
		}
		k.grows(true, "a changed rule set", func() { relink("h1") })
		diff(k.t, "evidence", k.recount(link), k.snapshot().Evidence)
		calls = 0
		k.grows(false, "the same rule set", func() { relink("h1") })
		if calls != 0 {
			k.t.Errorf("feedback was linked %d times for nothing", calls)
		}
		k.grows(false, "another rule set that links alike", func() { relink("h2") })
		k.reopen()
		calls = 0
		relink("h2")
		if calls != 0 {
			k.t.Error("the hash was forgotten")
		}
	})
}
