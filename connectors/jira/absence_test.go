package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// A site that lets anybody see something answers 200 or 404 to a credential
// that is no longer good. That is a shorter answer, and no absence.
func TestS5AnAnswerAsToAnybodyIsNoAbsence(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED", "X-AUSERNAME": "anonymous"} {
		for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusBadRequest} {
			for _, deployment := range []string{cloud, dataCenter} {
				t.Run(fmt.Sprintf("%s %d %s", name, status, deployment), func(t *testing.T) {
					t.Parallel()
					s := &stub{answer: func(w http.ResponseWriter, _ call) {
						w.Header().Set(name, header)
						w.WriteHeader(status)
						_, _ = w.Write([]byte(`{"issues":[],"issueErrors":[],"isLast":true,"total":0,"startAt":0}`))
					}}
					c := testConfig()
					if c.Deployment = deployment; deployment == dataCenter {
						c.Auth.Email = ""
					}
					live := connect(t, s, c)
					ways := map[string]func() error{
						"poll": func() error { return poll(t, live, nil).err },
						"census": func() error {
							_, err := rollCall(t, live)
							return err
						},
						"by id": func() error {
							_, _, err := byID(t, live, work.NewRef("jira", "1", "PAY-1"))
							return err
						},
					}
					for way, try := range ways {
						if err := try(); err == nil || !strings.Contains(err.Error(), "jira did not take the credentials") || !strings.Contains(err.Error(), "check auth.") {
							t.Errorf("%s: %v", way, err)
						}
					}
					e := work.Edit{ID: "1", Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "1"}, Path: "priority"}, Key: "PAY-1", Verb: work.SetField, Value: work.NewText("High"), Expect: work.NewText("Low")}
					if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Deferred {
						t.Errorf("an edit is %+v", got[0])
					}
				})
			}
		}
	}
}

// rollCall reads a census.
func rollCall(t *testing.T, c *connectors.Connector) (n int, err error) {
	t.Helper()
	for page, err := range c.Census.IDs(t.Context(), time.Time{}, nil) {
		if err != nil {
			return n, err
		}
		n += len(page.Records)
	}
	return n, nil
}

// byID reads by id.
func byID(t *testing.T, c *connectors.Connector, refs ...work.Ref) (found []string, rejects []work.Reject, err error) {
	t.Helper()
	for page, err := range c.Reader.Read(t.Context(), refs) {
		if err != nil {
			return found, rejects, err
		}
		found, rejects = append(found, keys(page.Records)...), append(rejects, page.Rejects...)
	}
	return found, rejects, nil
}

// A page that says that it is not the last one and not how to go on is cut off.
func TestS5AListThatBreaksOffIsAnErrorEverywhere(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(w http.ResponseWriter, c call) {
		if strings.HasSuffix(c.Path, "/field") {
			_, _ = w.Write([]byte(`[{"id":"customfield_10019","name":"Rank","schema":{"custom":"com.pyxis.greenhopper.jira:gh-lexo-rank"}}]`))
			return
		}
		_, _ = fmt.Fprintf(w, `{"issues":[%s],"isLast":false}`, rawIssue(1, time.Now(), ""))
	}}
	live := connect(t, s, testConfig())
	if got := poll(t, live, nil); got.err == nil || got.done || got.cursor != nil {
		t.Errorf("poll: %+v", got)
	}
	if n, err := rollCall(t, live); err == nil {
		t.Errorf("census: %d issues, no error", n)
	}
	var last error
	for page, err := range live.Source.Pages(t.Context(), rankStream, nil) {
		if last = err; len(page.Orders) > 0 || page.Done {
			t.Errorf("backlog: %+v", page)
		}
	}
	if last == nil {
		t.Error("backlog: no error")
	}
}

// Tokens that go in a circle of two would be followed for ever.
func TestACircleOfTokensEnds(t *testing.T) {
	t.Parallel()
	turn := 0
	s := &stub{answer: func(w http.ResponseWriter, c call) {
		if turn++; turn > 20 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if strings.HasSuffix(c.Path, "changelog/bulkfetch") {
			_, _ = fmt.Fprintf(w, `{"issueChangeLogs":[],"nextPageToken":"t%d"}`, turn%2)
			return
		}
		_, _ = fmt.Fprintf(w, `{"issues":[],"isLast":false,"nextPageToken":"t%d"}`, turn%2)
	}}
	live := connect(t, s, testConfig())
	if _, err := rollCall(t, live); err == nil || !strings.Contains(err.Error(), "same page token twice") {
		t.Errorf("census after %d calls: %v", turn, err)
	}
	turn = 0
	site := &site{client: mustClient(t, s), config: testConfig()}
	if err := site.readLog(t.Context(), []string{"1"}, []string{"priority"}, nil, nil); err == nil || !strings.Contains(err.Error(), "same page token twice") {
		t.Errorf("changelogs after %d calls: %v", turn, err)
	}
}

func mustClient(t *testing.T, s *stub) *client {
	t.Helper()
	c, err := newClient(connectors.Env{Name: "jira", Transport: s}, testConfig())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Jira leaves out what is invisible as it leaves out what does not exist.
func TestS5WithoutTheRightToBrowseNothingIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  string
		status  int
		rejects int
		fails   bool
	}{
		"browses":        {`{"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}}`, 200, 0, false},
		"does not":       {`{"permissions":{"BROWSE_PROJECTS":{"havePermission":false}}}`, 200, 2, false},
		"project gone":   {`{"errorMessages":["No project could be found with key 'PAY'."]}`, 404, 2, false},
		"nobody can say": {`{}`, 500, 0, true},
	} {
		for _, deployment := range []string{cloud, dataCenter} {
			t.Run(name+" "+deployment, func(t *testing.T) {
				t.Parallel()
				rights := 0
				s := &stub{answer: func(w http.ResponseWriter, call call) {
					switch {
					case strings.HasSuffix(call.Path, "mypermissions"):
						rights++
						if call.Query.Get("projectKey") != "PAY" {
							t.Errorf("asked of %v", call.Query)
						}
						w.WriteHeader(c.status)
						_, _ = w.Write([]byte(c.answer))
					case strings.HasSuffix(call.Path, "bulkfetch"):
						_, _ = fmt.Fprintf(w, `{"issues":[%s],"issueErrors":[]}`, rawIssue(3, time.Now(), ""))
					case strings.HasSuffix(call.Path, "issue/3"):
						_, _ = w.Write(rawIssue(3, time.Now(), ""))
					default:
						w.WriteHeader(http.StatusNotFound)
						_, _ = w.Write([]byte(`{"errorMessages":["Issue Does Not Exist"]}`))
					}
				}}
				settings := testConfig()
				if settings.Deployment = deployment; deployment == dataCenter {
					settings.Auth.Email = ""
				}
				ref := func(n int, key string) work.Ref { return work.NewRef("jira", fmt.Sprint(n), key) }
				found, rejects, err := byID(t, connect(t, s, settings), ref(1, "PAY-1"), ref(2, "PAY-2"), ref(3, "PAY-3"), ref(4, "OPS-4"), ref(5, ""))
				if (err != nil) != c.fails || len(rejects) != c.rejects || rights == 0 || !c.fails && rights != 1 {
					t.Errorf("%d rejects %+v, asked %d times, %v", len(rejects), rejects, rights, err)
				}
				if !c.fails && !slices.Equal(found, []string{"PAY-3"}) {
					t.Errorf("found %v", found)
				}
			})
		}
	}
}

// An issue that claims to be changed tomorrow, as an import can write it, must
// not carry the bound over what changes today; our own clock says nothing.
func TestAChangeFromTheFutureHidesNone(t *testing.T) {
	t.Parallel()
	for name, ours := range map[string]time.Duration{"our clock is right": 0, "fast by a day": 25 * time.Hour, "slow by a day": -25 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				all := []json.RawMessage{rawIssue(1, start.Add(-time.Hour), ""), rawIssue(2, start.Add(20*time.Hour), "")}
				s := &stub{now: func() time.Time { return time.Now().Add(ours) }}
				s.answer = func(w http.ResponseWriter, c call) {
					w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
					if strings.HasSuffix(c.Path, "myself") {
						_, _ = w.Write([]byte(`{"accountId":"bot","timeZone":"UTC"}`))
						return
					}
					bound := time.Time{}
					if _, text, ok := strings.Cut(c.Query.Get("jql"), `updated >= "`); ok {
						bound, _ = time.Parse(literal, text[:len(literal)])
					}
					shown := []json.RawMessage{}
					for i, r := range rowsOf(all) {
						if !r.updated.Before(bound) {
							shown = append(shown, all[i])
						}
					}
					b, _ := json.Marshal(map[string]any{"issues": shown, "isLast": true})
					_, _ = w.Write(b)
				}
				live := connect(t, s, testConfig())
				got := poll(t, live, poll(t, live, nil).cursor)
				time.Sleep(10 * time.Minute)
				all = append(all, rawIssue(3, time.Now(), ""))
				time.Sleep(time.Minute)
				if got = poll(t, live, got.cursor); got.err != nil || !slices.Contains(keys(got.records), "PAY-3") {
					t.Errorf("%v, %v", keys(got.records), got.err)
				}
				if n := len(rowsOf(all)); len(got.records) > 1 {
					t.Errorf("%d records of %d were read again", len(got.records), n)
				}
			})
		})
	}
}

// The account moves to a zone half an hour away, right after its zone was
// asked for: the bound lies in Jira's future for a while.
func TestAZoneThatMovesByHalfAnHourLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		zone := "Asia/Kolkata"
		all := []json.RawMessage{rawIssue(1, time.Now().Add(-time.Minute), "")}
		s := &stub{answer: func(w http.ResponseWriter, c call) {
			if strings.HasSuffix(c.Path, "myself") {
				_, _ = fmt.Fprintf(w, `{"accountId":"bot","timeZone":%q}`, zone)
				return
			}
			bound := time.Time{}
			if _, text, ok := strings.Cut(c.Query.Get("jql"), `updated >= "`); ok {
				bound, _ = time.ParseInLocation(literal, text[:len(literal)], must(time.LoadLocation(zone)))
			}
			shown := []json.RawMessage{}
			for i, r := range rowsOf(all) {
				if !r.updated.Before(bound) {
					shown = append(shown, all[i])
				}
			}
			b, _ := json.Marshal(map[string]any{"issues": shown, "isLast": true})
			_, _ = w.Write(b)
		}}
		live := connect(t, s, testConfig())
		got := poll(t, live, poll(t, live, nil).cursor)
		zone = "Asia/Karachi"
		seen := map[string]bool{}
		for minute := range 90 {
			time.Sleep(time.Minute)
			if minute%7 == 3 {
				all = append(all, rawIssue(len(all)+1, time.Now(), ""))
			}
			got = poll(t, live, got.cursor)
			for _, key := range keys(got.records) {
				seen[key] = true
			}
		}
		if got.err != nil || len(seen) != len(all)-1 {
			t.Errorf("%d of %d changes were seen, %v", len(seen), len(all)-1, got.err)
		}
	})
}

// What Jira asks for is capped on reads as on writes: no quota runs longer.
func TestS10APauseOfADayIsNotBelieved(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
	}}
	live := connect(t, s, testConfig())
	_, census := rollCall(t, live)
	_, _, read := byID(t, live, work.NewRef("jira", "1", "PAY-1"))
	for what, err := range map[string]error{"poll": poll(t, live, nil).err, "census": census, "by id": read} {
		limit, ok := asLimit(err)
		if !ok || time.Until(limit.Until) > longestPause || time.Until(limit.Until) < longestPause/2 {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func asLimit(err error) (*httpx.LimitError, bool) {
	limit, ok := errors.AsType[*httpx.LimitError](err)
	return limit, ok
}

// A list that is no list, or that ends before the number it tells, is an
// error: a short census would make people's issues gone.
func TestS5ACensusOfAnOddAnswerIsAnError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ deployment, body string }{
		"cloud, no list":          {cloud, `{"isLast":true}`},
		"cloud, null":             {cloud, `{"issues":null,"isLast":true}`},
		"data center, no list":    {dataCenter, `{"total":0}`},
		"data center, no total":   {dataCenter, `{"issues":[]}`},
		"data center, cut short":  {dataCenter, `{"issues":[],"total":7}`},
		"cloud, an error's form":  {cloud, `{"errorMessages":["x"],"errors":{}}`},
		"cloud, a page":           {cloud, `<!DOCTYPE html><html></html>`},
		"data center, empty body": {dataCenter, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stub{answer: func(w http.ResponseWriter, _ call) { _, _ = w.Write([]byte(c.body)) }}
			settings := testConfig()
			if settings.Deployment = c.deployment; c.deployment == dataCenter {
				settings.Auth.Email = ""
			}
			if n, err := rollCall(t, connect(t, s, settings)); err == nil {
				t.Errorf("%d issues, no error", n)
			}
		})
	}
}

// A proxy that has no page at an address says nothing of the issue there.
func TestS5APageThatIsNotFoundIsNoMissingIssue(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`<html><body>nginx</body></html>`))
	}}
	settings := testConfig()
	settings.Deployment, settings.Auth.Email = dataCenter, ""
	if found, rejects, err := byID(t, connect(t, s, settings), work.NewRef("jira", "1", "OPS-1")); err == nil {
		t.Errorf("found %v, set aside %v, no error", found, rejects)
	}
}
