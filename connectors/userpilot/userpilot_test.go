package userpilot_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

func ago(d time.Duration) time.Time { return time.Now().Add(-d).Truncate(time.Microsecond) }

// read reads a stream to its end.
func read(t *testing.T, h http.Handler, stream, more string) *book {
	t.Helper()
	b := newBook()
	if done, err := b.pull(t, h, stream, more, 1000); err != nil || !done {
		t.Fatalf("done %v, %v", done, err)
	}
	return b
}

func TestAScoreAndItsCommentAreOneFeedback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		u.PartSize = 1 // score and comment are in different parts
		at := ago(3 * time.Hour)
		u.Track(score("17231498374982374982", "ana", at, "9"), comment("c1", "ana", at.Add(40*time.Second), "quick"))
		b := read(t, u, "answers", "")
		want := map[string]work.Feedback{"17231498374982374982": {
			Ref: work.NewRef("u", "17231498374982374982", "17231498374982374982"), Method: work.NPS, Study: "NPS", Score: work.NewNumber(9), Scale: "0-10", Text: "quick",
			Person: "ana", Account: "acme", Area: "/orders/*/export", URL: "https://app.example.com/orders/12/export", Language: "de-DE",
			PersonKeys: map[string]string{"user_id": "ana"}, AccountKeys: map[string]string{"account_id": "acme"},
			At: at, Version: at.Add(40 * time.Second), Audience: work.Internal,
			Answers: []work.Answer{{Question: "nps", Type: work.AskNPS, Score: work.NewNumber(9), Scale: "0-10"}, {Question: "nps.comment", Type: work.AskText, Text: "quick"}},
		}}
		if diff := cmp.Diff(want, b.rows, cmpopts.EquateComparable(work.Value{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestSurveyAnswersAreFoundInEveryForm(t *testing.T) {
	t.Parallel()
	answers := func(list any) map[string]any { return map[string]any{"answers": list} }
	forms := map[string][]any{
		"a list":        {answers([]any{map[string]any{"question_id": 1, "answer": 4}, map[string]any{"question_id": 2, "answer": "too slow"}})},
		"by question":   {answers(map[string]any{"2": "too slow", "1": "4"})},
		"one an event":  {map[string]any{"module_id": 1, "value": 4}, map[string]any{"module_id": "2", "text": "too slow"}},
		"text of JSON":  {`{"answers":{"1":4,"2":"too slow"}}`},
		"choice object": {answers([]any{map[string]any{"id": 1, "answer": map[string]any{"value": 4}}, map[string]any{"id": 2, "answer": []any{"too slow"}}})},
	}
	for name, events := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				u := service()
				for i, metadata := range events {
					u.Track(interaction(fmt.Sprint("e", i), "ana", ago(2*time.Hour).Add(time.Duration(i)*time.Minute), "survey:45:SUBMITTED", metadata))
				}
				b := read(t, u, "answers", "")
				want := []work.Answer{
					{Question: "survey:45/1", Wording: "How satisfied are you?", Type: work.AskCSAT, Score: work.NewNumber(4), Scale: "1-5"},
					{Question: "survey:45/2", Wording: "How was it?", Type: work.AskText, Text: "too slow"},
				}
				f := b.rows["e0"]
				if diff := cmp.Diff(want, f.Answers, cmpopts.EquateComparable(work.Value{})); diff != "" || len(b.rows) != 1 || f.Study != "CSAT Survey" || f.Method != work.CSAT {
					t.Errorf("%d rows, study %q, method %s; answers (-want +got):\n%s", len(b.rows), f.Study, f.Method, diff)
				}
			})
		})
	}
}

func TestWhatIsNotWhereTheSettingsLookIsSetAsideWithTheNamesThatAreThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		at := ago(3 * time.Hour)
		u.Track(
			interaction("e1", "ana", at, "nps:7:SCORE", map[string]any{"points": 9, "lang": "de"}),
			interaction("e2", "bo", at, "nps:7:SCORE", map[string]any{"score": 11}),
			interaction("e3", "cy", at, "nps:7:DISMISSED", nil),
			interaction("e4", "cy", at, "checklist:2:SEEN", nil),
			interaction("e5", "di", at, "survey:99:SUBMITTED", map[string]any{"answers": []any{map[string]any{"id": 1, "answer": map[string]any{"x": 1}}}}),
			toolsim.UserpilotEvent{At: at, Type: "interaction", Fields: map[string]any{"inserted_at": "yesterday", "event_name": "nps:7:SCORE"}},
		)
		b := read(t, u, "answers", "")
		var got []string
		for _, r := range b.rejects {
			if r.Remedy == "" || strings.Contains(r.Cause, "de\"") {
				t.Errorf("%+v", r)
			}
			got = append(got, r.Where+": "+r.Cause)
		}
		want := []string{
			"part-0000.ndjson.gz:6: the event has no time (inserted_at)",
			"event e1, nps:7:SCORE: no score and no comment stands where the settings look for them; metadata holds lang, points",
			"event e2, nps:7:SCORE: what stands at the path of the score is no number from 0 to 10",
			"event e5, survey:99:SUBMITTED: the answer to question 1 cannot be read",
		}
		if diff := cmp.Diff(want, got); diff != "" || len(b.rows) != 0 {
			t.Errorf("%d rows; rejects (-want +got):\n%s", len(b.rows), diff)
		}
		points := read(t, u, "answers", "  nps: {events: ['nps:*'], score: [metadata.points]}\n")
		if n, _ := points.rows["e1"].Score.Number(); n != 9 {
			t.Errorf("with the right path: %+v", points.rows)
		}
	})
}

func TestAnEventWithoutAnIDIsTheSameEventEachTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		at := ago(2 * time.Hour)
		e := score("", "ana", at, 5)
		u.Track(e, e) // the same line twice
		first, second := read(t, u, "answers", ""), read(t, u, "answers", "")
		if len(first.rows) != 1 {
			t.Fatalf("%d rows", len(first.rows))
		}
		for id := range first.rows {
			if _, same := second.rows[id]; !same || !strings.HasPrefix(id, "h-") {
				t.Errorf("ids are %v and %v", first.rows, second.rows)
			}
		}
	})
}

func TestAnExportOfSomebodyElseIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		u.Track(score("e1", "ana", ago(2*time.Hour), 5))
		u.Occupy(10 * time.Minute)
		b := newBook()
		live := connect(t, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": u, "files.example": u}}, "")
		var said []work.Finding
		for range 2 {
			for page, err := range live.Source.Pages(t.Context(), "answers", b.cursor) {
				if err != nil {
					t.Fatal(err)
				}
				said = append(said, page.Findings...)
				b.cursor = page.Cursor
			}
		}
		if len(said) != 1 || u.Jobs() != 1 {
			t.Errorf("%d jobs, findings %v", u.Jobs(), said)
		}
		time.Sleep(10 * time.Minute)
		if done, err := b.pull(t, u, "answers", "", 100); !done || err != nil || len(b.rows) != 1 {
			t.Errorf("%d rows, done %v, %v", len(b.rows), done, err)
		}
	})
}

func TestFilesThatEndedAndJobsThatFailAreBegunAnew(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]time.Duration{"files": 50 * time.Hour, "status": 80 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				u := service()
				u.Track(score("e1", "ana", ago(2*time.Hour), 5))
				b := newBook()
				if done, err := b.pull(t, u, "answers", "", 2); done || err != nil {
					t.Fatalf("done %v, %v", done, err)
				}
				time.Sleep(away)
				if done, err := b.pull(t, u, "answers", "", 100); !done || err != nil || len(b.rows) != 1 {
					t.Errorf("%d rows, done %v, %v", len(b.rows), done, err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		u := service()
		u.Fail = 100
		b := newBook()
		_, err := b.pull(t, u, "answers", "", 100)
		if err == nil || !strings.Contains(err.Error(), "failed three times") {
			t.Errorf("%v", err)
		}
		if done, err := b.pull(t, u, "answers", "", 100); !done || err != nil || u.Jobs() != 3 {
			t.Errorf("the service is not left alone: %d jobs, done %v, %v", u.Jobs(), done, err)
		}
		u.Fail = 0
		time.Sleep(31 * time.Minute)
		if done, err := b.pull(t, u, "answers", "", 100); !done || err != nil || u.Jobs() < 4 {
			t.Errorf("%d jobs, done %v, %v", u.Jobs(), done, err)
		}
	})
}

func TestACommentThatComesLaterGivesANewerVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		at := ago(20 * time.Minute)
		u.Track(score("e1", "ana", at, 9))
		b := read(t, u, "answers", "")
		before := b.rows["e1"]
		u.Track(comment("e2", "ana", at.Add(25*time.Minute), "late"))
		time.Sleep(2 * time.Hour)
		if _, err := b.pull(t, u, "answers", "", 100); err != nil {
			t.Fatal(err)
		}
		after := b.rows["e1"]
		if before.Text != "" || after.Text != "late" || !after.Version.After(before.Version) || len(b.rows) != 1 {
			t.Errorf("%+v, then %+v", before, after)
		}
	})
}

func TestUsageIsCountedByNameAccountAndDay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		at := ago(30 * time.Hour)
		u.Track(used("track_feature", "3", "", "ana", "acme", at), used("track_feature", "3", "", "ana", "acme", at), used("track_feature", "3", "", "bo", "acme", at),
			used("track_feature", "9", "", "", "", at), used("page_view", "", "/orders/1234?x=1", "ana", "acme", at), used("track", "Signed up", "", "ana", "acme", at))
		b := read(t, u, "usage", "")
		midnight := at.UTC().Truncate(24 * time.Hour)
		row := func(name, account string, count, users float64) work.Metric {
			m := work.Metric{Connector: "u", Name: name, Account: account, Day: midnight, Count: work.NewNumber(count), Audience: work.Internal}
			if users > 0 {
				m.Users = work.NewNumber(users)
			}
			return m
		}
		day := "/" + midnight.Format(time.DateOnly)
		want := map[string]work.Metric{
			"Import/acme" + day: row("Import", "acme", 3, 2), "feature 9/" + day: row("feature 9", "", 1, 0), "/orders/*/acme" + day: row("/orders/*", "acme", 1, 1),
		}
		if diff := cmp.Diff(want, b.metrics, cmpopts.EquateComparable(work.Value{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestNothingIsCountedWhereNoEventsAreNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		live := open(t, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": u}}, without(settings, "  usage:")+"  usage: {events: []}\n")
		for page, err := range live.Source.Pages(t.Context(), "usage", nil) {
			if err != nil || !page.Done || u.Jobs() != 0 {
				t.Errorf("done %v, %d jobs, %v", page.Done, u.Jobs(), err)
			}
		}
	})
}
