package store_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// believed is what the model knows of a record.
type believed struct {
	version  int
	priority string
	gone     bool
}

// TestNewestVersionIsNeverLost interleaves pages and reads by id in any order
// and compares the store with a model of a few lines.
func TestNewestVersionIsNeverLost(t *testing.T) {
	onBoth(t, func(k *kept) {
		few := ration(k)
		rapid.Check(k.t, func(r *rapid.T) {
			if few(r) {
				return
			}
			k.wipe()
			model := map[string]believed{}
			look := func(r *rapid.T) {
				var want []string
				for id, b := range model {
					if !b.gone {
						want = append(want, id+"@"+strconv.Itoa(b.version)+"="+b.priority)
					}
				}
				slices.Sort(want)
				diff(r, "records", want, byID(k.snapshot()))
			}
			r.Repeat(map[string]func(*rapid.T){
				"page": func(r *rapid.T) {
					var page []work.Record
					var suspects []work.Ref
					for range rapid.IntRange(0, 4).Draw(r, "records") {
						rec, id, got := anyIssue(r)
						page = append(page, rec)
						if old, known := model[id]; known && got.version == old.version && (old.gone || got.priority != old.priority) {
							suspects = append(suspects, rec.Ref)
						} else if !known || got.version > old.version {
							model[id] = got
						}
					}
					diff(r, "suspects", suspects, k.page(page...).Suspects)
				},
				"read": func(r *rapid.T) {
					rec, id, got := anyIssue(r)
					old, known := model[id]
					switch missing := rapid.Bool().Draw(r, "missing"); {
					case missing && known:
						old.gone = true
						model[id] = old
						k.read([]work.Ref{rec.Ref})
					case missing:
						k.read([]work.Ref{rec.Ref})
					default:
						if !known || got.version >= old.version {
							model[id] = got
						}
						k.read([]work.Ref{rec.Ref}, rec)
					}
				},
				"restart": func(r *rapid.T) { sometimes(r, k.reopen) },
				"look":    look,
			})
			look(r)
		})
	})
}

func anyIssue(r *rapid.T) (work.Record, string, believed) {
	id := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "id")
	b := believed{version: rapid.IntRange(1, 5).Draw(r, "version"), priority: rapid.SampledFrom([]string{"High", "Low"}).Draw(r, "priority")}
	return issue(id, b.version, b.priority), id, b
}

// sometimes keeps a law from spending its time on what is slow.
func sometimes(r *rapid.T, do func()) {
	if rapid.IntRange(0, 5).Draw(r, "rarely") == 0 {
		do()
	}
}

// ration ends a law on a server after some runs: to open a store takes longer
// there, and the law is the same.
func ration(k *kept) func(r *rapid.T) bool {
	runs, failed := 0, false
	return func(r *rapid.T) bool {
		r.Cleanup(func() { failed = failed || r.Failed() })
		runs++
		return k.onServer() && runs > 8 && !failed
	}
}

// wipe empties the store for the next run of a law: making a new one takes
// longer than the run.
func (k *kept) wipe() {
	k.t.Helper()
	for _, table := range []string{
		"record", "record_version", "feedback_link", "feedback", "evidence_day", "dead_letter", "ledger", "journal",
		"insight", "insight_link", "metric", "usage_day", "meta WHERE key IN ('links_hash', 'linking', 'join')", "party", "bond", "link_verdict",
	} {
		k.exec("DELETE FROM " + table)
	}
	k.exec("INSERT INTO meta (key, value) VALUES ('join', '{}')") // as in a new store
	k.reopen()
}

// TestAggregatesEqualARecount stores feedback in any order, changes it, links
// it anew, and counts again from the rows.
func TestAggregatesEqualARecount(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			targets := []string{"jira:PAY-1", "jira:PAY-2", "github:acme/pay#7"}
			k := openStore(t)
			few := ration(k)
			rapid.Check(t, func(r *rapid.T) {
				if few(r) {
					return
				}
				k.wipe()
				shift, join := 0, evidence.DefaultJoin()
				// What a row is about follows from its text and the rules of the day.
				link := func(f *work.Feedback) []evidence.Link {
					var about []evidence.Link
					for i, target := range targets {
						if (len(f.Text)+shift)>>i&1 == 1 {
							about = append(about, evidence.Link{Target: target, Cause: evidence.ByPhrase, Detail: f.Text})
						}
					}
					slices.SortFunc(about, func(a, b evidence.Link) int { return map[bool]int{true: -1, false: 1}[a.Target < b.Target] })
					return about
				}
				look := func(r *rapid.T) { diff(r, "evidence", k.recountBy(join, link), k.snapshot().Evidence) }
				r.Repeat(map[string]func(*rapid.T){
					"page": func(r *rapid.T) {
						var page connectors.Page
						var links [][]evidence.Link
						for range rapid.IntRange(1, 6).Draw(r, "rows") {
							f := anyFeedback(r)
							page.Feedback, links = append(page.Feedback, f), append(links, link(&f))
						}
						k.save(page, links...)
					},
					"relink": func(r *rapid.T) {
						shift = rapid.IntRange(0, 7).Draw(r, "rules")
						if _, err := k.Relink(t.Context(), strconv.Itoa(shift), linker(link), 0); err != nil {
							r.Fatal(err)
						}
					},
					"rejoin": func(r *rapid.T) {
						join = rapid.SampledFrom([]evidence.Join{
							evidence.DefaultJoin(), {Person: []string{"user_id"}, Account: []string{"name"}}, {Person: []string{"user_id", "email"}, Account: []string{"domain", "account_id"}}, {},
						}).Draw(r, "join")
						if _, err := k.Rejoin(t.Context(), join, 0); err != nil {
							r.Fatal(err)
						}
					},
					"restart": func(r *rapid.T) { sometimes(r, k.reopen) },
					"look":    look,
				})
				look(r)
			})
		})
	}
}

// anyKeys draws keys of which few are alike, so that rows are joined, and parted
// when they change.
func anyKeys(r *rapid.T, names ...string) map[string]string {
	keys := map[string]string{}
	for _, name := range names {
		if value := rapid.SampledFrom([]string{"", "", "1", "2", "3"}).Draw(r, name); value != "" {
			keys[name] = value
		}
	}
	return keys
}

func anyFeedback(r *rapid.T) work.Feedback {
	f := feedback(rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(r, "id"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, "account"), "")
	f.Text = rapid.StringMatching("x{0,7}").Draw(r, "text")
	f.Connector = rapid.SampledFrom([]string{"hotjar", "drop"}).Draw(r, "connector")
	f.Person = rapid.SampledFrom([]string{"", "ana"}).Draw(r, "person")
	f.PersonKeys, f.AccountKeys = anyKeys(r, "email", "user_id", "hotjar.user"), anyKeys(r, "domain", "account_id", "name")
	f.DuplicateOf = rapid.SampledFrom([]string{"", "", "", "1", "2", "9"}).Draw(r, "duplicate of")
	f.Segment = rapid.SampledFrom([]string{"", "free", "pro"}).Draw(r, "segment")
	f.Gone = rapid.IntRange(0, 9).Draw(r, "gone") == 0
	f.Method = rapid.SampledFrom(work.Methods()).Draw(r, "method")
	f.Score, f.Scale = work.NewNumber(float64(rapid.IntRange(0, 11).Draw(r, "score"))), "0-10"
	f.Audience = work.Audience(rapid.IntRange(0, 3).Draw(r, "audience")) //nolint:gosec // 0 to 3
	f.At = noon.AddDate(0, 0, rapid.IntRange(0, 1).Draw(r, "day"))
	f.Version = noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "version")) * time.Second)
	if rapid.Bool().Draw(r, "valued") {
		f.Value = work.NewNumber(float64(rapid.IntRange(1, 3).Draw(r, "value")))
	}
	return f
}

// TestLedgerFollowsTheJournal makes edits with any results, restarts at any
// moment, and compares the ledger with a model.
func TestLedgerFollowsTheJournal(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			type line struct {
				value            string
				written, pending bool
			}
			states := []work.ResultState{work.Applied, work.Unchanged, work.Conflict, work.Rejected, work.Uncertain, work.Deferred}
			k := openStore(t)
			few := ration(k)
			rapid.Check(t, func(r *rapid.T) {
				if few(r) {
					return
				}
				k.wipe()
				ledger, prev, open := map[string]line{}, map[string]line{}, map[string]work.Edit{}
				anyID := func(r *rapid.T) string { return rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "id") }
				look := func(r *rapid.T) {
					got := map[string]line{}
					for _, e := range k.snapshot().Ledger {
						got[e.Target.ID] = line{e.Value.Text(), e.Written, e.Pending}
					}
					for id, l := range ledger {
						if l != got[id] {
							r.Fatalf("ledger of %s: %+v, want %+v", id, got[id], l)
						}
					}
					unsure, unread := k.pending()
					if len(unsure) != len(open) {
						r.Fatalf("unsure %v, want %v", unsure, open)
					}
					for _, id := range unread {
						if !slices.ContainsFunc(k.snapshot().Ledger, func(e plan.Entry) bool { return e.Pending && id[1:2] == e.Target.ID }) {
							r.Fatalf("%s waits to be read back and its line does not", id)
						}
					}
				}
				r.Repeat(map[string]func(*rapid.T){
					"begin": func(r *rapid.T) {
						id := anyID(r)
						e, waits := open[id]
						if !waits { // the plan waits for what is pending
							if ledger[id].pending {
								return
							}
							e = edit(id, "High", rapid.SampledFrom([]string{"Low", "Medium"}).Draw(r, "value"))
							open[id], prev[id] = e, ledger[id]
							ledger[id] = line{e.Value.Text(), prev[id].written, true}
						}
						k.begin(e)
					},
					"finish": func(r *rapid.T) {
						id := anyID(r)
						e, waits := open[id]
						if !waits {
							return
						}
						state := rapid.SampledFrom(states).Draw(r, "state")
						switch state {
						case work.Applied:
							ledger[id] = line{e.Value.Text(), true, true}
						case work.Unchanged:
						case work.Uncertain:
							k.finish(result(e, state))
							return
						default:
							ledger[id] = prev[id]
						}
						delete(open, id)
						k.finish(result(e, state))
					},
					"read": func(r *rapid.T) {
						id := anyID(r)
						if _, waits := open[id]; !waits {
							l := ledger[id]
							l.pending = false
							ledger[id] = l
						}
						k.read([]work.Ref{ref(id)})
					},
					"restart": func(r *rapid.T) { sometimes(r, k.reopen) },
					"look":    look,
				})
				look(r)
			})
		})
	}
}
