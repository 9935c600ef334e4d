package store

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// What people answered before answers were counted counts after an upgrade, as
// if it had just come, and is taken back as that is.
func TestAnOlderStoreCountsItsAnswers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 30, 22, 30, 0, 0, time.FixedZone("", -3*60*60)) // October in UTC
	row := func(id, method, kind, score string) work.Feedback {
		f := work.Feedback{Ref: work.NewRef("hotjar", id, ""), Method: work.Method(method), Kind: kind, At: at, Version: at, Audience: work.Internal, Segment: "it's", Scale: "1-5"}
		if n, err := strconv.ParseFloat(score, 64); err == nil {
			f.Score = work.NewNumber(n)
		}
		return f
	}
	rows := []work.Feedback{row("1", "review", "praise", "4"), row("2", "csat", "importance", "2"), row("3", "survey", "importance", "5"), row("4", "survey", "request", ""), row("5", "nps", "x", "3")}
	rows[4].Scale, rows[4].At = "", time.Time{}
	asked := row("6", "survey", "request", "3")
	asked.Study = "long " + strings.Repeat("ß", 300)
	asked.Answers = []work.Answer{{Question: "q", Wording: "how?", Type: work.AskNPS, Score: work.NewNumber(9)}, {Question: "r", Type: work.AskText}, {Question: "s", Type: work.AskRating, Scale: "0-1", Score: work.NewNumber(0.5)}}
	odd := row("7", "review", "x", "1")
	odd.Segment = "a\x00b"
	rows = append(rows, asked, odd)

	voices, rejects := voicesOf(rows, make([][]evidence.Link, len(rows)))
	if len(rejects) > 0 {
		t.Fatal(rejects)
	}
	queries := make([]string, 0, len(voices))
	for i, v := range voices {
		queries = append(queries, "INSERT INTO feedback (num, connector, id, version, hash, body, at, stored) VALUES ("+strconv.Itoa(i+1)+", 'hotjar', '"+v.row.ID+"', "+
			strconv.FormatInt(v.row.Version.UnixMicro(), 10)+", '"+v.hash+"', '"+strings.ReplaceAll(v.body, "'", "''")+"', 0, 1)")
	}
	all := func(work.Audience) bool { return true }
	for where, older := range map[string]func(*testing.T, int64, ...string) *Store{"sqlite": ofVersion, "postgres": onServerOfVersion} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			fresh, old := older(t, 18), older(t, 18, queries...)
			if _, err := fresh.SavePage(t.Context(), "hotjar", "answers", connectors.Page{Feedback: rows[:6]}, make([][]evidence.Link, 6)); err != nil {
				t.Fatal(err)
			}
			want, err := fresh.Questions(t.Context(), time.Time{}, all)
			if err != nil {
				t.Fatal(err)
			}
			got, err := old.Questions(t.Context(), time.Time{}, all)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(want) != 6 {
				t.Errorf("questions (-new +upgraded):\n%s", diff)
			}
			page := connectors.Page{Feedback: slices.Clone(rows)}
			for i := range page.Feedback {
				page.Feedback[i].Gone, page.Feedback[i].Version = true, at.Add(time.Hour)
			}
			if _, err := old.SavePage(t.Context(), "hotjar", "answers", page, make([][]evidence.Link, len(rows))); err != nil {
				t.Fatal(err)
			}
			if got, err = old.Questions(t.Context(), time.Time{}, all); err != nil || len(got) > 0 {
				t.Errorf("after all were withdrawn: %+v, %v", got, err)
			}
		})
	}
}
