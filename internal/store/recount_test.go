package store_test

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// linker is rules for feedback alone.
type linker func(*work.Feedback) []evidence.Link

func (l linker) Link(fb *work.Feedback) []evidence.Link    { return l(fb) }
func (l linker) LinkInsight(*work.Insight) []evidence.Link { return nil }

// union tells what belongs together, the slow and plain way.
type union map[string]string

func (u union) top(x string) string {
	for u[x] != "" && u[x] != x {
		x = u[x]
	}
	return x
}

func (u union) join(a, b string) { u[u.top(a)] = u.top(b) }

// recount folds all feedback anew, as link says: who is the same by any key is
// one, and what says the same counts once for a target.
func (k *kept) recount(link func(*work.Feedback) []evidence.Link) []evidence.Day {
	k.t.Helper()
	return k.recountBy(evidence.DefaultJoin(), link)
}

func (k *kept) recountBy(join evidence.Join, link func(*work.Feedback) []evidence.Link) []evidence.Day {
	k.t.Helper()
	var rows []work.Feedback
	for row, err := range k.Feedback(k.t.Context()) {
		if err != nil {
			k.t.Fatalf("feedback: %v", err)
		}
		rows = append(rows, row)
	}
	links := map[work.RefID][]evidence.Link{}
	for i := range rows {
		links[rows[i].RefID] = link(&rows[i])
	}
	same, all := union{}, map[string]bool{}
	for i := range rows {
		for _, of := range []evidence.Party{evidence.PersonParty, evidence.AccountParty} {
			for _, key := range join.Keys(&rows[i], of) {
				key = string(of) + " " + key
				all[key] = true
				same.join(key, string(of)+" "+join.Keys(&rows[i], of)[0])
			}
		}
	}
	name := func(key string) string {
		best := ""
		for other := range all {
			of, text, _ := strings.Cut(other, " ")
			if same.top(other) == same.top(key) && (best == "" || join.Compare(evidence.Party(of), text, best) < 0) {
				best = text
			}
		}
		return best
	}
	alike := union{}
	for i := range rows {
		row := &rows[i]
		if keys := join.Keys(row, evidence.PersonParty); len(keys) > 0 {
			row.Person = name("person " + keys[0])
		}
		if keys := join.Keys(row, evidence.AccountParty); len(keys) > 0 {
			row.Account = name("account " + keys[0])
		}
		if said := evidence.Print(row); said != "" && evidence.Speaker(row) != "" {
			alike.join(row.RefID.String(), "said "+evidence.Speaker(row)+said)
		}
		if row.DuplicateOf != "" {
			alike.join(row.RefID.String(), row.Connector+":"+row.DuplicateOf)
		}
	}
	slices.SortFunc(rows, func(a, b work.Feedback) int { return cmp.Or(a.At.Compare(b.At), a.Compare(b.RefID)) })
	var days []evidence.Day
	heard := map[string]bool{}
	for i := range rows {
		for _, l := range links[rows[i].RefID] {
			said := l.Target + " " + alike.top(rows[i].RefID.String())
			if !heard[said] {
				days = append(days, evidence.DayOf(&rows[i], l))
			}
			heard[said] = true
		}
	}
	return evidence.Fold(days)
}
