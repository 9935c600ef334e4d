package userpilot_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

// replaced answers requests whose path has a part with something else.
func replaced(h http.Handler, part string, answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, part) {
			answer(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func TestBadInputIsAnErrorWithARemedyAndMovesNothing(t *testing.T) {
	t.Parallel()
	bomb := func(n int) []byte {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		zeros := bytes.Repeat([]byte(" "), 1<<20)
		for range n {
			_, _ = z.Write(zeros)
		}
		_ = z.Close()
		return b.Bytes()
	}
	send := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
	}
	cases := map[string]struct {
		part   string
		answer http.HandlerFunc
		want   string
	}{
		"a page instead of a part":   {"/parts/", send([]byte("<html>proxy</html>")), "a web page stands where a part belongs"},
		"half a part":                {"/parts/", send(bomb(1)[:100]), "cut off"},
		"no events":                  {"/parts/", send([]byte("one\ntwo\n")), "none of its 2 lines is an event"},
		"a bomb":                     {"/parts/", send(bomb(1025)), "write a shorter window"},
		"a part over http":           {"/jobs/job", completed(`"presigned_urls":[{"filename":"x","url":"http://files.example/parts/x"}]`), "not https"},
		"a part at a local address":  {"/jobs/job", completed(`"presigned_urls":[{"filename":"x","url":"file:///etc/passwd"}]`), "not https"},
		"completed without files":    {"/jobs/job", completed(`"all_chunks":["a"]`), "names no files"},
		"completed, of another form": {"/jobs/job", completed(`"urls":[]`), "names no files"},
		"a page instead of a status": {"/jobs/job", send([]byte("<!doctype html><title>Login</title>")), "web page"},
		"a plan without export":      {"/exports", refuse(http.StatusForbidden), "kind drop"},
		"a key that ended":           {"/exports", refuse(http.StatusUnauthorized), "check auth.token"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				u := service()
				u.Track(score("e1", "ana", ago(2*time.Hour), 5))
				b := newBook()
				done, err := b.pull(t, replaced(u, c.part, c.answer), "answers", "", 100)
				if done || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cr3t") {
					t.Errorf("done %v, %v", done, err)
				}
				if done, err := b.pull(t, u, "answers", "", 100); !done || err != nil || len(b.rows) != 1 {
					t.Errorf("mended: %d rows, done %v, %v", len(b.rows), done, err)
				}
			})
		})
	}
}

func completed(more string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"status":"completed",%s}`, more)
	}
}

func refuse(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		sim.WriteJSON(w, status, "application/json", map[string]string{"error": "no"})
	}
}

func TestAnEmptyExportMovesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		b := read(t, u, "answers", "")
		jobs := u.Jobs()
		if _, err := b.pull(t, u, "answers", "", 100); err != nil || u.Jobs() != jobs {
			t.Errorf("%d jobs, then %d, %v", jobs, u.Jobs(), err)
		}
		time.Sleep(61 * time.Minute)
		if _, err := b.pull(t, u, "answers", "", 100); err != nil || u.Jobs() != jobs+1 {
			t.Errorf("%d jobs, then %d, %v", jobs, u.Jobs(), err)
		}
	})
}

func TestAWebhookIsAReasonToExportAndNeverData(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		live := connect(t, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": u, "files.example": u}}, "")
		body := []byte(`{"event":"nps_score","score":9}`)
		for token, want := range map[string]error{"": connectors.ErrUnverified, "wrong": connectors.ErrUnverified, hookToken: nil} {
			h := http.Header{}
			if token != "" {
				h.Set("X-Hook", token)
			}
			hints, err := live.Inbox.Verify(h, body)
			if !errors.Is(err, want) || (err == nil) != (len(hints) == 1 && hints[0].Ref == work.Ref{} && hints[0].Delivery != "") {
				t.Errorf("token %q: hints %v, %v", token, hints, err)
			}
		}
		if _, err := live.Inbox.Verify(http.Header{"X-Hook": {hookToken}}, []byte("nonsense")); !errors.Is(err, connectors.ErrUnreadable) {
			t.Errorf("nonsense: %v", err)
		}
		var cursor connectors.Cursor
		read := func() int {
			before := u.Jobs()
			for page, err := range live.Source.Pages(t.Context(), "answers", cursor) {
				if err != nil {
					t.Fatal(err)
				}
				cursor = page.Cursor
			}
			return u.Jobs() - before
		}
		first := read()
		time.Sleep(6 * time.Minute)
		nudged := read()
		time.Sleep(6 * time.Minute)
		if idle := read(); first == 0 || nudged != 1 || idle != 0 {
			t.Errorf("exports at first %d, after a delivery %d, without one %d", first, nudged, idle)
		}
	})
}

func TestACheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*toolsim.Userpilot)
		want   string
	}{
		"key":  {func(u *toolsim.Userpilot) { u.Key = "another" }, "check auth.token"},
		"plan": {func(u *toolsim.Userpilot) { u.NoExport = true }, "kind drop"},
	} {
		u := service()
		c.change(u)
		live := connect(t, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": u}}, "")
		got := live.Checker.Check(t.Context())
		if len(got) != 1 || got[0].Level != work.Fatal || !strings.Contains(got[0].Remedy, c.want) || strings.Contains(fmt.Sprint(got), connectortest.Token) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMistakesInSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		"  times: iso\n":                                               "/times",
		"  window: 1m\n":                                               "/window",
		"  nps: {events: ['['], score: [a]}\n":                         "/nps/events/0",
		"  nps: {score: []}\n":                                         "/nps/score",
		"  surveys: {types: {smiley: {as: face}}}\n":                   "/surveys/types/smiley",
		"  usage: {events: [clicks]}\n":                                "/usage/events/0",
		"  usage: {events: [page_view], days: 0}\n":                    "/usage/days",
		"  audience: all\n":                                            "/audience",
		"  url: http://example.com\n":                                  "/url",
		"  auth: {}\n":                                                 "/auth",
		"  webhook: {verify: {kind: token, secret: {env: SOMETHING}}}": "/webhook/verify/header",
	} {
		_, decode := connectortest.Settings(without(settings, more) + more)
		_, problems := definition().New("u", decode)
		if len(problems) != 1 || string(problems[0].At) != want || problems[0].Remedy == "" {
			t.Errorf("%s: %v, want %s", more, problems, want)
		}
	}
}

// without takes out a line whose key is given anew.
func without(settings, more string) string {
	key, _, _ := strings.Cut(more, ":")
	var kept strings.Builder
	for line := range strings.Lines(settings) {
		if !strings.HasPrefix(line, key+":") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// The rows of a job were stored in part when its files ended: the job that
// takes its place gives all of them.
func TestRowsOfAJobThatEndedHalfwayAreGivenAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		for i := range 1200 {
			u.Track(score(fmt.Sprintf("e%04d", i), fmt.Sprintf("u%d", i), ago(3*time.Hour).Add(-time.Duration(i)*time.Second), 5))
		}
		b := newBook()
		for range 2 { // wanted and begun; one part and one page of rows
			if _, err := b.pull(t, u, "answers", "  window: 60d\n", 2); err != nil {
				t.Fatal(err)
			}
		}
		stored := len(b.rows)
		u.Track(score("early", "u", ago(4*time.Hour), 1)) // became visible late: the rows shift
		time.Sleep(50 * time.Hour)
		if done, err := b.pull(t, u, "answers", "  window: 60d\n", 1000); !done || err != nil || stored != 500 || len(b.rows) != 1201 {
			t.Errorf("%d rows, then %d, done %v, %v", stored, len(b.rows), done, err)
		}
	})
}

// A part breaks in the middle and is read again by the same process: what came
// before the break is not counted twice.
func TestAPartThatBreaksIsCountedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := service()
		at := ago(30 * time.Hour)
		for range 200 {
			u.Track(used("track_feature", "1", "", fmt.Sprint("u", u.Jobs()), "acme", at))
		}
		broken := true
		cut := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/parts/") || !broken {
				u.ServeHTTP(w, r)
				return
			}
			var lines bytes.Buffer // plain lines, and then nonsense in a gzip frame
			z := gzip.NewWriter(&lines)
			for range 5000 {
				_, _ = fmt.Fprintf(z, `{"event_type":"track_feature","event_name":"1","company_id":"acme","inserted_at":%q}`+"\n", at.Format(time.RFC3339))
			}
			_ = z.Close()
			_, _ = w.Write(lines.Bytes()[:lines.Len()-20])
		})
		live := connect(t, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": cut, "files.example": cut}}, "")
		var cursor connectors.Cursor
		var last error
		counts := map[float64]bool{}
		for range 2 {
			for page, err := range live.Source.Pages(t.Context(), "usage", cursor) {
				if last = err; err != nil {
					break
				}
				for _, m := range page.Metrics {
					n, _ := m.Count.Number()
					counts[n] = true
				}
				cursor = page.Cursor
			}
			if broken && last == nil {
				t.Fatal("half a part is taken for a whole one")
			}
			broken = false
		}
		if last != nil || len(counts) != 1 || !counts[200] {
			t.Errorf("counts %v, %v", counts, last)
		}
	})
}

// Our clock is three hours ahead of the service's: what is not there yet is not
// taken for read.
func TestAClockThatIsAheadLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		theirs := func() time.Time { return time.Now().Add(-3 * time.Hour) }
		u := service()
		u.Now = theirs
		dated := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", theirs().UTC().Format(http.TimeFormat))
			u.ServeHTTP(w, r)
		})
		b := newBook()
		for i := range 20 {
			u.Track(score(fmt.Sprint("e", i), fmt.Sprint("u", i), theirs().Add(-time.Minute).Truncate(time.Microsecond), 5))
			time.Sleep(70 * time.Minute)
			if done, err := b.pull(t, dated, "answers", "", 1000); !done || err != nil {
				t.Fatalf("done %v, %v", done, err)
			}
		}
		time.Sleep(5 * time.Hour)
		if _, err := b.pull(t, dated, "answers", "", 1000); err != nil || len(b.rows) != 20 {
			t.Errorf("%d of 20 rows, %v", len(b.rows), err)
		}
	})
}
