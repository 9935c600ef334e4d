package store_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// upTo is a reader who sees what is meant for an audience, and looser things.
func upTo(most work.Audience) func(work.Audience) bool {
	return func(a work.Audience) bool { return a.Reaches(most) }
}

func spoken(id string, audience work.Audience, days int, segment string) work.Feedback {
	f := feedback(id, "acme"+id, "words")
	f.Audience, f.At, f.Segment = audience, noon.AddDate(0, 0, days), segment
	return f
}

// noon is a Monday.
func TestTrendsCountWhatTheReaderSees(t *testing.T) {
	t.Parallel()
	for where, open := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			rows := []work.Feedback{
				spoken("1", work.Public, 0, "small"), spoken("2", work.Internal, 0, "large"), spoken("3", work.Restricted, 0, "secret"), spoken("4", work.Internal, -1, "large"),
				spoken("5", work.Internal, -7, "large"), spoken("6", work.Internal, -15, ""), spoken("7", work.Internal, 1, "later"),
			}
			links := make([][]evidence.Link, len(rows))
			for i := range links {
				links[i] = about("jira:PAY-1", "github:7")
			}
			k.hear(rows, links...)
			for reader, want := range map[work.Audience][]int{
				work.UnknownAudience: {0, 0, 0}, work.Public: {0, 0, 1}, work.Internal: {0, 2, 2}, work.Restricted: {0, 2, 3},
			} {
				got, err := k.EvidenceTrend(t.Context(), store.TrendQuery{
					Targets: map[work.ItemID][]string{"a": {"jira:PAY-1", "github:7", "jira:OLD-1"}, "b": {"jira:PAY-2"}, "c": nil}, AsOf: today, Weeks: 3, Sees: upTo(reader),
				})
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "weeks for "+reader.String(), map[work.ItemID][]int{"a": want, "b": {0, 0, 0}, "c": {0, 0, 0}}, got)
			}
			for reader, want := range map[work.Audience][]work.SegmentEvidence{
				work.UnknownAudience: {}, work.Public: {{Segment: "small", Signals: 1, Accounts: 1}},
				work.Internal:   {{Segment: "large", Signals: 3, Accounts: 3}, {Segment: "later", Signals: 1, Accounts: 1}, {Segment: "small", Signals: 1, Accounts: 1}},
				work.Restricted: {{Segment: "large", Signals: 3, Accounts: 3}, {Segment: "later", Signals: 1, Accounts: 1}, {Segment: "secret", Signals: 1, Accounts: 1}, {Segment: "small", Signals: 1, Accounts: 1}},
			} {
				for _, targets := range [][]string{nil, {"jira:PAY-1", "github:7"}} {
					got, err := k.EvidenceBySegment(t.Context(), targets, today.AddDate(0, 0, -10), upTo(reader))
					if err != nil {
						t.Fatal(err)
					}
					diff(t, "segments for "+reader.String(), want, got)
				}
			}
		})
	}
}

func answering(id string, audience work.Audience, month time.Month, segment string, nps float64) work.Feedback {
	f := feedback(id, "acme", "words")
	f.Audience, f.Segment, f.Study, f.At = audience, segment, "s1", time.Date(2026, month, 28, 23, 0, 0, 0, time.UTC)
	f.Answers = []work.Answer{
		{Question: "q1", Wording: "Would you recommend us?", Type: work.AskNPS, Score: work.NewNumber(nps)},
		{Question: "q2", Wording: "How was it?", Type: work.AskRating, Scale: "1-5", Score: work.NewNumber(1 + float64(int(nps)%5))},
		{Question: "q3", Type: work.AskText, Text: "words"},
	}
	f.Sum()
	return f
}

func (k *kept) questions(reader work.Audience) []work.Question {
	k.t.Helper()
	got, err := k.Questions(k.t.Context(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), upTo(reader))
	if err != nil {
		k.t.Fatal(err)
	}
	return got
}

func TestQuestionsCountWhatTheReaderSees(t *testing.T) {
	t.Parallel()
	for where, open := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			secret := answering("4", work.Restricted, 9, "secret", 0)
			secret.Answers[0].Wording = "A secret question"
			important := feedback("5", "acme", "")
			important.Kind, important.Score, important.Scale = "importance", work.NewNumber(5), "1-5"
			rows := []work.Feedback{answering("1", work.Internal, 9, "small", 10), answering("2", work.Internal, 9, "small", 6), answering("3", work.Internal, 10, "large", 9), secret, important}
			k.hear(rows, make([][]evidence.Link, len(rows))...)
			september, october := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
			want := []work.Question{
				{Connector: "hotjar", ID: "importance", Type: work.AskRating, Months: []work.AnswerMonth{{Month: october, Sample: 1, Top: 1, Mean: 1}}},
				{Connector: "hotjar", Study: "s1", ID: "q1", Wording: "Would you recommend us?", Type: work.AskNPS, Months: []work.AnswerMonth{
					{Month: september, Segment: "small", Sample: 2, Top: 1, Bottom: 1, Mean: 0.8}, {Month: october, Segment: "large", Sample: 1, Top: 1, Mean: 0.9},
				}},
				{Connector: "hotjar", Study: "s1", ID: "q2", Wording: "How was it?", Type: work.AskRating, Months: []work.AnswerMonth{
					{Month: september, Segment: "small", Sample: 2, Mean: 0.125}, {Month: october, Segment: "large", Sample: 1, Top: 1, Mean: 1},
				}},
			}
			got := k.questions(work.Internal)
			for i := range got {
				for j := range got[i].Months {
					m := &got[i].Months[j]
					m.Mean = float64(int(m.Mean*1000+0.5)) / 1000
				}
			}
			diff(t, "questions", want, got)
			diff(t, "questions of the public", []work.Question{}, k.questions(work.Public))
			if n := len(k.questions(work.Restricted)[1].Months); n != 3 {
				t.Errorf("%d months for who sees all", n)
			}
		})
	}
}

func TestQuestionsEqualARecount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k, fresh := openStore(t), openStore(t)
		last := map[string]work.Feedback{}
		for n := range rapid.IntRange(1, 8).Draw(rt, "rows") {
			id := strconv.Itoa(rapid.IntRange(1, 3).Draw(rt, "id"))
			row := answering(id, work.Audience(rapid.IntRange(1, 3).Draw(rt, "audience")), time.Month(rapid.IntRange(1, 3).Draw(rt, "month")), rapid.SampledFrom([]string{"", "small"}).Draw(rt, "segment"),
				float64(rapid.IntRange(0, 10).Draw(rt, "score")))
			row.Version = noon.Add(time.Duration(n) * time.Minute)
			if row.Gone = rapid.Bool().Draw(rt, "gone"); row.Gone {
				row.Answers = nil
			}
			last[id] = row
			k.hear([]work.Feedback{row}, nil)
		}
		for _, row := range last {
			if !row.Gone {
				fresh.hear([]work.Feedback{row}, nil)
			}
		}
		diff(t, "questions (-recounted +kept)", fresh.questions(work.Restricted), k.questions(work.Restricted))
	})
}
