package hotjar_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/hotjar"
	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

// read reads all responses, and returns them with what was noticed.
func read(t *testing.T, h http.Handler, more string) (page connectors.Page, err error) {
	t.Helper()
	live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, more)
	for p, err := range live.Source.Pages(t.Context(), "responses", nil) {
		if err != nil {
			return page, err
		}
		page.Feedback = append(page.Feedback, p.Feedback...)
		page.Rejects = append(page.Rejects, p.Rejects...)
		page.Findings = append(page.Findings, p.Findings...)
	}
	return page, nil
}

func TestAResponseIsOneFeedbackWithAllItsAnswers(t *testing.T) {
	t.Parallel()
	h := service()
	h.AddSurvey(toolsim.HotjarSurvey{ID: "45", Name: "Export", Enabled: true, Questions: []toolsim.HotjarQuestion{
		{ID: "q1", Type: "reaction", Text: "How do you feel?"},
		{ID: "q2", Type: "long-text", Text: "Why?"},
		{ID: "q3", Type: "rating-1-7", Text: "How easy?"},
		{ID: "q4", Type: "single-option", Text: "What for?"},
		{ID: "q5", Type: "email", Text: "Your address?"},
		{ID: "q6", Type: "thank-you", Text: "Thanks"},
		{ID: "q7", Type: "slider", Text: "How much?"},
		{ID: "q8", Type: "multiple-option", Text: "Which?"},
		{ID: "q9", Type: "rating-1-5", Text: "How fast?"},
	}})
	at := time.Date(2026, 3, 14, 9, 12, 44, 0, time.UTC)
	h.Put("45", toolsim.HotjarResponse{
		ID: "7f3c", Created: at, Device: "desktop", Browser: "Chrome", OS: "Windows", Country: "DE", User: "9b1e", Recording: new("https://insights.hotjar.com/r/1"),
		Origin: "https://app.example.com/orders/1234/export?token=abc#x",
		Attributes: []toolsim.HotjarAttribute{
			{Name: "user_id", Value: 4711},
			{Name: "email", Value: "Ana@Acme.example "},
			{Name: "account_id", Value: "acme"},
			{Name: "plan", Value: "pro"},
			{Name: "mrr", Value: "1200.5"},
			{Name: "role", Value: "buyer"},
			{Name: "phone", Value: "0123"},
		},
		Answers: []toolsim.HotjarAnswer{
			{Question: "q1", Answer: "3"},
			{Question: "q2", Answer: "Export drops half the rows", Tags: []toolsim.HotjarTag{{Name: "export"}, {Name: "bug"}}, Sentiment: new("negative")},
			{Question: "q3", Answer: 9},
			{Question: "q4", Answer: "Other", Comment: new("for the tax office")},
			{Question: "q5", Answer: "ana@ACME.example"},
			{Question: "q6", Answer: "x"},
			{Question: "q7", Answer: "80"},
			{Question: "q8", Answer: []string{"CSV", "PDF"}},
			{Question: "q9", Answer: nil},
		},
	})
	got, err := read(t, h, "  users: {user_id: user_id, email: email, account_id: account_id, segment: plan, value: mrr}\n  attributes: [role]\n")
	if err != nil || len(got.Rejects) > 0 {
		t.Fatalf("%v, %v", got.Rejects, err)
	}
	want := []work.Feedback{{
		Ref: work.NewRef("h", "45/7f3c", "45/7f3c"), Method: work.Survey, Study: "Export", Score: work.NewNumber(3), Scale: "1-5",
		Text:   "Export drops half the rows\nfor the tax office\n80",
		Person: "4711", Account: "acme", Segment: "pro", Value: work.NewNumber(1200.5), Area: "/orders/*/export", At: at, Version: at, Audience: work.Internal,
		URL: "https://app.example.com/orders/1234/export", RecordingURL: "https://insights.hotjar.com/r/1", Tags: []string{"bug", "export"},
		PersonKeys: map[string]string{"hotjar.user": "9b1e", "user_id": "4711", "email": "ana@acme.example"}, AccountKeys: map[string]string{"account_id": "acme"},
		Attributes: map[string]string{"device": "desktop", "browser": "Chrome", "os": "Windows", "country": "DE", "role": "buyer", "sentiment": "negative", "complete": "no"},
		Answers: []work.Answer{
			{Question: "q1", Wording: "How do you feel?", Type: work.AskReaction, Score: work.NewNumber(3), Scale: "1-5"},
			{Question: "q2", Wording: "Why?", Type: work.AskText, Text: "Export drops half the rows"},
			{Question: "q3", Wording: "How easy?", Type: work.AskRating, Scale: "1-7", Text: "9"},
			{Question: "q4", Wording: "What for?", Type: work.AskChoice, Text: "Other"},
			{Question: "q4.comment", Wording: "What for?", Type: work.AskText, Text: "for the tax office"},
			{Question: "q7", Wording: "How much?", Type: work.AskText, Text: "80"},
			{Question: "q8", Wording: "Which?", Type: work.AskChoice, Text: "CSV\nPDF"},
		},
	}}
	if diff := cmp.Diff(want, got.Feedback, cmpopts.EquateComparable(work.Value{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(got.Findings) != 1 || !strings.Contains(got.Findings[0].What, `"slider"`) {
		t.Errorf("findings: %+v", got.Findings)
	}
	if tagged, _ := read(t, h, "  sentiment: tag\n"); cmp.Diff([]string{"bug", "export", "sentiment/negative"}, tagged.Feedback[0].Tags) != "" || tagged.Feedback[0].Attributes["role"] != "" {
		t.Errorf("tags %v, attributes %v", tagged.Feedback[0].Tags, tagged.Feedback[0].Attributes)
	}
}

func TestOnlyTheSurveysOfTheSettingsAreRead(t *testing.T) {
	t.Parallel()
	h := service()
	for _, id := range []string{"1", "2", "3"} {
		h.AddSurvey(nps(id))
		h.Put(id, response("r", time.Now().Add(-time.Hour)))
	}
	for surveys, want := range map[string]int{"[]": 3, "['NPS *']": 3, "['NPS 1', '3']": 2, "['!NPS 2']": 2, "['NPS *', '!3']": 2, "[none]": 0} {
		got, err := read(t, h, "  surveys: "+surveys+"\n")
		if err != nil || len(got.Feedback) != want || (want == 0) != (len(got.Findings) == 1) {
			t.Errorf("%s: %d responses, findings %v, %v", surveys, len(got.Feedback), got.Findings, err)
		}
	}
}

func TestASurveyThatIsSwitchedOffIsLookedAtOnceADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := service()
		off := nps("s1")
		off.Enabled = false
		h.AddSurvey(off)
		calls := 0
		h.Before = func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/responses") {
				calls++
			}
		}
		live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, "")
		var cursor connectors.Cursor
		for range 49 {
			for page, err := range live.Source.Pages(t.Context(), "responses", cursor) {
				if err != nil {
					t.Fatal(err)
				}
				cursor = page.Cursor
			}
			time.Sleep(time.Hour)
		}
		if calls != 3 {
			t.Errorf("%d requests in two days", calls)
		}
	})
}

// raw answers the responses with text.
func raw(body string) http.Handler {
	h := service()
	h.AddSurvey(nps("s1"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/responses") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, body)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func TestARowThatCannotBeUnderstoodDoesNotTakeTheOthersWithIt(t *testing.T) {
	t.Parallel()
	good := `{"id":"a","created_time":"2026-03-14T09:12:44Z","answers":[{"question_id":"q1","answer":9}],"tags":null,"new_field":{"x":[1]}}`
	got, err := read(t, raw(`{"results":[{"created_time":"2026-03-14T09:12:44Z"},{"id":"b"},{"id":"c","created_time":"soon"},7,
		{"id":"d","created_time":"2026-03-14T09:12:44Z","answers":[{"question_id":"q1","answer":{"x":1}}]},
		{"id":5,"created_time":1773479564,"answers":[]},`+good+`],"next_cursor":null}`), "")
	if err != nil {
		t.Fatal(err)
	}
	var causes []string
	for _, r := range got.Rejects {
		if r.Remedy == "" || r.Connector != "h" {
			t.Errorf("%+v", r)
		}
		causes = append(causes, r.Where)
	}
	want := []string{"survey s1 (row 1)", "s1/b", "s1/c", "survey s1 (row 4)", "s1/d"}
	if diff := cmp.Diff(want, causes); diff != "" || len(got.Feedback) != 2 || got.Feedback[1].Method != work.NPS {
		t.Errorf("feedback %+v; rejects (-want +got):\n%s", got.Feedback, diff)
	}
}

func TestAResponseOfTheFutureDoesNotHideWhatComes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := service()
		h.AddSurvey(nps("s1"))
		h.Put("s1", response("odd", time.Now().AddDate(80, 0, 0)))
		h.Put("s1", response("r1", time.Now().Add(-time.Minute)))
		live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, "")
		var cursor connectors.Cursor
		seen := map[string]bool{}
		for range 2 {
			for page, err := range live.Source.Pages(t.Context(), "responses", cursor) {
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range page.Feedback {
					seen[f.ID] = true
				}
				cursor = page.Cursor
			}
			time.Sleep(time.Hour)
			h.Put("s1", response("r2", time.Now().Add(-time.Minute)))
		}
		for page, err := range live.Source.Pages(t.Context(), "responses", cursor) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range page.Feedback {
				seen[f.ID] = true
			}
		}
		if len(seen) != 3 {
			t.Errorf("seen: %v", seen)
		}
	})
}

func TestBadAnswersAreErrorsWithARemedy(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		handler http.Handler
		want    string
	}{
		"a page":              {raw("<!doctype html><title>Login</title>"), "check url"},
		"half an answer":      {raw(`{"results":[{"id":`), "cut off"},
		"another form":        {raw(`{"data":[]}`), "documented form"},
		"a cursor that stays": {raw(`{"results":[],"next_cursor":"same"}`), "does not move"},
		"an expired key":      {&toolsim.Hotjar{Site: "991", ClientID: "c1", ClientSecret: connectortest.Token, KeyEnded: true}, "end after one year"},
		"a plan without":      {&toolsim.Hotjar{Site: "991", ClientID: "c1", ClientSecret: connectortest.Token, Plan: "Observe Scale"}, "kind drop"},
		"another site":        {&toolsim.Hotjar{Site: "1", ClientID: "c1", ClientSecret: connectortest.Token, Plan: "Ask Scale"}, "check site"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := read(t, c.handler, "")
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), connectortest.Token) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

func TestALimitIsObeyedAndThePaceKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := filled(250)
		limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "600")
			sim.WriteJSON(w, http.StatusTooManyRequests, "application/json", map[string]string{"error": "slow down"})
		})
		_, err := read(t, limited, "")
		wait, ok := errors.AsType[connectors.LimitedError](err)
		if !ok || time.Until(wait.ResumeAt()) < 9*time.Minute {
			t.Errorf("%v", err)
		}
		began := time.Now()
		slow := connectWith(t, h, strings.Replace(settings, "requests_per_minute: 6000", "requests_per_minute: 6", 1))
		for _, err := range slow.Source.Pages(t.Context(), "responses", nil) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 30*time.Second || took > 40*time.Second {
			t.Errorf("four requests at six a minute took %s", took)
		}
	})
}

// connectWith opens a connector with other settings.
func connectWith(t *testing.T, h http.Handler, text string) *connectors.Connector {
	t.Helper()
	_, decode := connectortest.Settings(text)
	instance, problems := hotjar.Definition().New("h", decode)
	if len(problems) > 0 {
		t.Fatalf("settings: %v", problems)
	}
	live, err := instance.Open(t.Context(), connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func TestAWebhookIsAReasonToLookAndNeverData(t *testing.T) {
	t.Parallel()
	now := time.Now()
	sign := func(body string, at time.Time, key string) http.Header {
		stamp := fmt.Sprint(at.Unix())
		mac := hmac.New(sha256.New, []byte(key))
		_, _ = mac.Write([]byte(stamp + "." + body))
		return http.Header{"Com-Hotjar-Signature": {"t=" + stamp + ",v1=" + hex.EncodeToString(mac.Sum(nil))}}
	}
	const body = `{"event":"survey_response","version":1,"data":{"id":"forged"}}`
	live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{}}, "")
	cases := map[string]struct {
		header http.Header
		body   string
		hints  int
		want   error
	}{
		"a response":           {sign(body, now, hookKey), body, 1, nil},
		"a test":               {sign(`{"event":"test_message"}`, now, hookKey), `{"event":"test_message"}`, 0, nil},
		"a recording":          {sign(`{"event":"recording"}`, now, hookKey), `{"event":"recording"}`, 0, nil},
		"another key":          {sign(body, now, "another"), body, 0, connectors.ErrUnverified},
		"an old one":           {sign(body, now.Add(-time.Hour), hookKey), body, 0, connectors.ErrUnverified},
		"no signature":         {http.Header{}, body, 0, connectors.ErrUnverified},
		"another body":         {sign(body, now, hookKey), body + " ", 0, connectors.ErrUnverified},
		"signed, and nonsense": {sign("x", now, hookKey), "x", 0, connectors.ErrUnreadable},
	}
	for name, c := range cases {
		hints, err := live.Inbox.Verify(c.header, []byte(c.body))
		if !errors.Is(err, c.want) || len(hints) != c.hints {
			t.Errorf("%s: hints %v, %v", name, hints, err)
		}
		if len(hints) == 1 && (hints[0].Ref != work.Ref{} || hints[0].Delivery == "") {
			t.Errorf("%s: %+v", name, hints[0])
		}
	}
	if plain := connectWith(t, service(), settings[:strings.Index(settings, "  webhook")]); plain.Inbox != nil {
		t.Error("without a secret deliveries are taken")
	}
}

func TestMistakesInSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		"  site: 991|  site: 0":                            "/site",
		"url: http://127.0.0.1|url: http://example.com":    "/url",
		"client_id: c1|client_id: ''":                      "/auth",
		"requests_per_minute: 6000|audience: all":          "/audience",
		"requests_per_minute: 6000|sentiment: loud":        "/sentiment",
		"requests_per_minute: 6000|surveys: ['[']":         "/surveys/0",
		"requests_per_minute: 6000|requests_per_minute: 0": "/requests_per_minute",
		"preset: hotjar|preset: hotjra":                    "/webhook/verify/preset",
	} {
		from, to, _ := strings.Cut(change, "|")
		_, decode := connectortest.Settings(strings.Replace(settings, from, to, 1))
		_, problems := hotjar.Definition().New("h", decode)
		if len(problems) != 1 || string(problems[0].At) != want || problems[0].Remedy == "" {
			t.Errorf("%s: %v", change, problems)
		}
	}
}
