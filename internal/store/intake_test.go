package store_test

import (
	"math"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func TestPageAndCursorAreStoredTogether(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			cursor, err := k.Cursor(t.Context(), "jira", "issues")
			if err != nil || cursor != nil {
				t.Fatalf("cursor of a new stream: %q, %v", cursor, err)
			}
			saved := k.page(issue("1", 1, "High"), issue("9007199254740993", 1, "Low"))
			diff(t, "saved", work.Saved{New: 2}, saved)
			k.reopen()
			cursor, err = k.Cursor(t.Context(), "jira", "issues")
			if err != nil || string(cursor) != `{"at":1}` {
				t.Errorf("cursor: %q, %v", cursor, err)
			}
			want := []*work.Record{new(work.Record), new(work.Record)}
			*want[0], *want[1] = issue("1", 1, "High"), issue("9007199254740993", 1, "Low")
			diff(t, "records", want, k.snapshot().Records)
		})
	}
}

func TestFailedPageLeavesCursorAndRecords(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			k.page(issue("1", 1, "High"))
			k.refuse("3")
			page := connectors.Page{Records: []work.Record{issue("2", 1, "Low"), issue("3", 1, "Low")}, Cursor: connectors.Cursor(`{"at":2}`)}
			k.grows(false, "a page that fails", func() {
				if _, err := k.SavePage(t.Context(), "jira", "issues", page, nil); err == nil {
					t.Error("the page was stored")
				}
			})
			cursor, err := k.Cursor(t.Context(), "jira", "issues")
			if err != nil || string(cursor) != `{"at":1}` {
				t.Errorf("cursor: %q, %v", cursor, err)
			}
			diff(t, "records", []string{"1@1=High"}, byID(k.snapshot()))
		})
	}
}

func TestPageWithoutChangesLeavesSeq(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.grows(true, "new records", func() { k.page(issue("1", 1, "High"), issue("2", 1, "Low")) })
		k.clock.pass(time.Minute)
		k.grows(false, "the same records", func() {
			diff(k.t, "saved", work.Saved{Same: 2}, k.page(issue("1", 1, "High"), issue("2", 1, "Low")))
		})
		k.grows(false, "an empty page", func() { k.page() })
		k.grows(false, "a reject", func() {
			k.save(connectors.Page{Rejects: []work.Reject{{Connector: "jira", Where: "PAY-7", Cause: "no id"}}})
		})
		status, err := k.Status(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "streams", []work.StreamStatus{{Connector: "jira", Stream: "issues", LastRead: noon.Add(time.Minute)}}, status.Streams)
	})
}

func TestVersionsOfRecords(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			cases := map[string]struct {
				stored, arrives work.Record
				byID            bool
				saved           work.Saved
				want            string
			}{
				"a newer version replaces":                            {issue("1", 5, "High"), issue("1", 6, "Low"), false, work.Saved{Changed: 1}, "1@6=Low"},
				"an older version is ignored":                         {issue("1", 5, "High"), issue("1", 4, "Low"), false, work.Saved{Older: 1}, "1@5=High"},
				"the same again is the same":                          {issue("1", 5, "High"), issue("1", 5, "High"), false, work.Saved{Same: 1}, "1@5=High"},
				"the same version with other content is suspect":      {issue("1", 5, "High"), issue("1", 5, "Low"), false, work.Saved{Suspects: []work.Ref{ref("1")}}, "1@5=High"},
				"a read by id settles the same version":               {issue("1", 5, "High"), issue("1", 5, "Low"), true, work.Saved{}, "1@5=Low"},
				"a read by id brings a newer version":                 {issue("1", 5, "High"), issue("1", 6, "Low"), true, work.Saved{}, "1@6=Low"},
				"an older version is ignored even if it comes by id":  {issue("1", 5, "High"), issue("1", 4, "Low"), true, work.Saved{}, "1@5=High"},
				"a newer version without other content moves version": {issue("1", 5, "High"), issue("1", 6, "High"), false, work.Saved{Changed: 1}, "1@6=High"},
			}
			for name, c := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					k.page(c.stored)
					if c.byID {
						k.read([]work.Ref{c.arrives.Ref}, c.arrives)
					} else {
						diff(t, "saved", c.saved, k.page(c.arrives))
					}
					diff(t, "record", []string{c.want}, byID(k.snapshot()))
					k.reopen()
					diff(t, "record after a restart", []string{c.want}, byID(k.snapshot()))
				})
			}
		})
	}
}

func TestPageMayHoldARecordTwice(t *testing.T) {
	onBoth(t, func(k *kept) {
		diff(k.t, "saved", work.Saved{New: 1, Changed: 1, Older: 1, Same: 1},
			k.page(issue("1", 5, "High"), issue("1", 6, "Low"), issue("1", 5, "High"), issue("1", 6, "Low")))
		diff(k.t, "record", []string{"1@6=Low"}, byID(k.snapshot()))
	})
}

func TestSourceWithoutVersionsIsBelieved(t *testing.T) {
	onBoth(t, func(k *kept) {
		first, second := issue("1", 0, "High"), issue("1", 0, "Low")
		first.Version, second.Version = time.Time{}, time.Time{}
		k.page(first)
		diff(k.t, "saved", work.Saved{Changed: 1}, k.page(second))
		if got := k.snapshot().Records[0].Fields["priority"].Text(); got != "Low" {
			k.t.Errorf("priority: %s", got)
		}
	})
}

func TestVersionsBelowAMicrosecondAreOne(t *testing.T) {
	onBoth(t, func(k *kept) {
		a, b := issue("1", 5, "High"), issue("1", 5, "High")
		a.Version = a.Version.Add(100).In(time.FixedZone("", 3600))
		b.Version = b.Version.Add(900)
		k.page(a)
		diff(k.t, "saved", work.Saved{Same: 1}, k.page(b))
	})
}

func TestRecordMissingByIDIsGoneUntilItIsReadByID(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"), issue("2", 1, "Low"))
		k.grows(true, "a record that is gone", func() { k.read([]work.Ref{ref("1"), ref("2"), ref("404")}, issue("2", 1, "Low")) })
		diff(k.t, "records", []string{"2@1=Low"}, byID(k.snapshot()))
		k.grows(false, "gone again", func() { k.read([]work.Ref{ref("1")}) })
		k.grows(false, "a search that lags", func() {
			diff(k.t, "saved", work.Saved{Suspects: []work.Ref{ref("1")}}, k.page(issue("1", 1, "High")))
		})
		diff(k.t, "records", []string{"2@1=Low"}, byID(k.snapshot()))
		k.grows(true, "back by id", func() { k.read([]work.Ref{ref("1")}, issue("1", 1, "High")) })
		diff(k.t, "records", []string{"1@1=High", "2@1=Low"}, byID(k.snapshot()))
		k.read([]work.Ref{ref("1")})
		diff(k.t, "saved", work.Saved{Changed: 1}, k.page(issue("1", 2, "High")))
		diff(k.t, "a newer version comes back", []string{"1@2=High", "2@1=Low"}, byID(k.snapshot()))
	})
}

func TestRecordThatItsSourceCallsGone(t *testing.T) {
	onBoth(t, func(k *kept) {
		gone := issue("1", 3, "")
		gone.Gone = true
		diff(k.t, "never seen", work.Saved{Same: 1}, k.page(gone))
		k.page(issue("1", 2, "High"))
		diff(k.t, "gone", work.Saved{Changed: 1}, k.page(gone))
		diff(k.t, "records", []string(nil), byID(k.snapshot()))
		diff(k.t, "gone twice", work.Saved{Same: 1}, k.page(gone))
		diff(k.t, "back", work.Saved{Changed: 1}, k.page(issue("1", 2, "High")))
		diff(k.t, "records", []string{"1@2=High"}, byID(k.snapshot()))
		late := gone
		late.Version = noon
		diff(k.t, "late news", work.Saved{Older: 1}, k.page(late))
	})
}

func TestFailureMakesAConnectorStaleUntilAPageIsSaved(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			fail := func(stream, cause string) {
				t.Helper()
				if err := k.SaveFailure(t.Context(), "jira", stream, cause); err != nil {
					t.Fatal(err)
				}
			}
			k.page(issue("1", 1, "High"))
			k.grows(true, "a failure", func() { fail("issues", "502") })
			k.grows(false, "another cause", func() { fail("issues", "503") })
			fail("comments", "502")
			fail("", "no token")
			snap := k.snapshot()
			diff(t, "stale", []string{"jira"}, snap.Stale)
			diff(t, "what was read stays", []string{"1@1=High"}, byID(snap))
			k.grows(true, "the end of failures", func() { k.page() })
			diff(t, "another stream still fails", []string{"jira"}, k.snapshot().Stale)
			fail("comments", "")
			k.grows(false, "no failure twice", func() { fail("comments", "") })
			diff(t, "stale", []string(nil), k.snapshot().Stale)
			cursor, err := k.Cursor(t.Context(), "jira", "issues")
			if err != nil || string(cursor) != `{"at":1}` {
				t.Errorf("cursor: %q, %v", cursor, err)
			}
		})
	}
}

func TestRejectsAreSetAsideUntilTheRecordIsUnderstood(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			reject := func(where, cause string) {
				t.Helper()
				k.clock.pass(time.Second)
				saved := k.save(connectors.Page{
					Records: []work.Record{issue("1", 1, "High")},
					Rejects: []work.Reject{{Connector: "jira", Where: where, Cause: cause, Remedy: "look"}},
				})
				if saved.Rejects != 1 {
					t.Errorf("rejects: %d", saved.Rejects)
				}
			}
			list := func() []string {
				t.Helper()
				letters, err := k.DeadLetters(t.Context(), 10)
				if err != nil {
					t.Fatal(err)
				}
				var all []string
				for _, l := range letters {
					all = append(all, l.What+" "+l.Ref+" "+l.Cause+" "+l.Remedy)
				}
				return all
			}
			reject("PAY-7", "no id")
			reject("line 3", "no title")
			reject("PAY-7", "no version")
			diff(t, "dead letters", []string{"record jira:PAY-7 no version look", "record jira:line 3 no title look"}, list())
			diff(t, "other records are stored", []string{"1@1=High"}, byID(k.snapshot()))
			k.page(issue("7", 1, "Low"))
			diff(t, "dead letters", []string{"record jira:line 3 no title look"}, list())
		})
	}
}

func TestRecordThatCannotBeStoredIsSetAside(t *testing.T) {
	onBoth(t, func(k *kept) {
		odd, nameless := issue("1", 1, "High"), issue("\xff", 1, "High")
		odd.Fields["points"] = work.NewNumber(math.Inf(1))
		voice := feedback("f1", "a", "late")
		voice.Score = work.NewNumber(math.Inf(1))
		saved := k.save(connectors.Page{Records: []work.Record{odd, nameless, issue("2", 1, "Low")}, Feedback: []work.Feedback{voice}}, nil)
		diff(k.t, "saved", work.Saved{New: 1, Rejects: 3}, saved)
		diff(k.t, "records", []string{"2@1=Low"}, byID(k.snapshot()))
		k.read([]work.Ref{ref("2"), odd.Ref}, odd, issue("2", 1, "Low"))
		diff(k.t, "records", []string{"2@1=Low"}, byID(k.snapshot()))
	})
}

func TestFeedbackWithoutItsLinksIsRefused(t *testing.T) {
	onBoth(t, func(k *kept) {
		page := connectors.Page{Feedback: []work.Feedback{feedback("f1", "a", "late")}}
		if _, err := k.SavePage(k.t.Context(), "hotjar", "answers", page, [][]evidence.Link{}); err == nil {
			k.t.Error("a page without links was stored")
		}
	})
}

// refuse lets the database refuse versions of a record.
func (k *kept) refuse(id string) {
	k.t.Helper()
	if k.onServer() {
		k.exec("ALTER TABLE record_version ADD CHECK (id <> '" + id + "')")
		return
	}
	k.exec("CREATE TRIGGER stop BEFORE INSERT ON record_version WHEN NEW.id = '" + id + "' BEGIN SELECT RAISE(ABORT, 'no'); END")
}
