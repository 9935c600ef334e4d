package httpjson_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// staged opens a preset on its stand-in, at noon of a bubble.
func staged(t *testing.T, kind string) (stage, *connectors.Connector) {
	t.Helper()
	time.Sleep(12 * time.Hour)
	s := stages()[kind](t, time.Now().UTC())
	return s, open(t, to(s.tool), s.entry)
}

// one is a feedback of a stream by its id.
func one(t *testing.T, c *connectors.Connector, stream, id string) work.Feedback {
	t.Helper()
	for _, f := range feedbackOf(mustRead(t, c, stream, nil)) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("%s has no %s", stream, id)
	return work.Feedback{}
}

// shown is what a feedback says, in one line.
func shown(f work.Feedback) string {
	b, _ := json.Marshal([]any{
		f.Method, f.Kind, f.Study, f.Score.String(), f.Scale, f.Text, f.Person, f.Account, f.Tags, f.Links, f.DuplicateOf,
		slices.Sorted(maps.Keys(f.PersonKeys)), f.PersonKeys["email"], len(f.Answers),
	})
	return string(b)
}

func TestWhatPresetsReadOfARecord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, stream, id, want string }{
		"posthog":           {"posthog", "answers", "u-13", `["nps","","How likely","2","0-10","because 13","p-13","",null,null,"",["user_id"],"",2]`},
		"amplitude":         {"amplitude", "answers", "a-3", `["survey","","","4","","","u1","",null,null,"",["user_id"],"",0]`},
		"productboard":      {"productboard", "notes", "n-3", `["request","note","","unknown","","Note\nExport drops rows","ana@acme.example","",["export"],["under_test:f-3"],"",["email"],"ana@acme.example",0]`},
		"canny":             {"canny", "posts", "c-2", `["request","","","unknown","","Export\ndrops rows","ana","",["export"],["jira:PAY-12"],"",["email"],"ana@acme.example",0]`},
		"canny, merged":     {"canny", "posts", "c-merged", `["request","","","unknown","","CSV\nincomplete","","",null,null,"c-2",null,"",0]`},
		"canny, vote":       {"canny", "votes", "v-2-1", `["request","vote","","unknown","","Export","v-2-1","",null,["jira:PAY-12"],"",["email"],"v@acme.example",0]`},
		"fider, duplicate":  {"fider", "posts", "5", `["request","","","unknown","","Export\ndrops rows","3","",["csv"],null,"9",null,"",0]`},
		"fider, vote":       {"fider", "votes", "10-8", `["request","vote","","unknown","","Export","8","",["csv"],null,"",["email"],"b@acme.example",0]`},
		"intercom":          {"intercom", "conversations", "i-4", `["support","conversation","","4","1-5","Where is export?","u","",["export"],null,"",["email"],"u@acme.example",1]`},
		"intercom, unrated": {"intercom", "conversations", "i-6", `["support","conversation","","unknown","","Where is export?","u","",["export"],null,"",["email"],"u@acme.example",0]`},
		"zendesk":           {"zendesk", "tickets", "5", `["support","problem","","unknown","","Export\ndrops rows","5","6",["export"],null,"",null,"",0]`},
		"zendesk, bad":      {"zendesk", "ratings", "501", `["csat","","","0","0-1","ok","7","",null,null,"",null,"",0]`},
		"typeform":          {"typeform", "responses", "t-1-2", `["nps","","Survey","9","0-10","rows are missing","u7","",null,null,"",["email","user_id"],"x@acme.example",3]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, live := staged(t, c.kind)
				if diff := cmp.Diff(c.want, shown(one(t, live, c.stream, c.id))); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestUsageIsCountedByDay(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"posthog": "1 1", "amplitude": "0 unknown", "mixpanel": "10 7", "ga4": "5 3", "pendo": "6 3",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, live := staged(t, kind)
				day := time.Now().UTC().AddDate(0, 0, -4).Truncate(24 * time.Hour)
				got := ""
				for _, m := range metricsOf(mustRead(t, live, "usage", nil)) {
					if m.Day.Equal(day) {
						got = m.Count.String() + " " + m.Users.String()
					}
				}
				if got != want {
					t.Errorf("count and users are %q, want %q", got, want)
				}
			})
		})
	}
}

func TestFeaturesOfProductboardEnterThePlan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, live := staged(t, "productboard")
		var got work.Record
		for _, p := range mustRead(t, live, "features", nil) {
			for _, r := range p.Records {
				if r.ID == "f-3" {
					got = r
				}
			}
		}
		want := map[string]work.Value{
			"title": work.NewText("Feature"), "body": work.NewText("why"), "kind": work.NewText("feature"), "status": work.NewText("planned"),
			"labels": work.Empty(), "links": work.NewList("jira:PAY-12", "jira:PAY-13"), "target_date": work.Empty(),
			"url": work.NewText("https://acme.productboard.com/f-3"), "created": work.NewTime(got.Created), "updated": work.NewTime(got.Version),
		}
		if diff := cmp.Diff(want, got.Fields, cmp.AllowUnexported(work.Value{})); diff != "" || got.Version.Nanosecond() == 0 {
			t.Errorf("version %v\n%s", got.Version, diff)
		}
	})
}

// A cut at any page of any preset, several times, loses and doubles nothing.
func TestACutPresetLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	for _, d := range httpjson.Presets() {
		t.Run(d.Kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, live := staged(t, d.Kind)
				for stream, ids := range s.ids {
					want := slices.Compact(slices.Sorted(slices.Values(ids)))
					pages := len(mustRead(t, live, stream, nil))
					for cut := range pages + 1 { // behind page cut, or behind every page
						stored, at, done := map[string]bool{}, connectors.Cursor(nil), false
						for !done {
							n := 0
							for page, err := range live.Source.Pages(t.Context(), stream, at) {
								if err != nil {
									t.Fatalf("cut at %d: %s: %v", cut, stream, err)
								}
								for _, id := range idsOn(page) {
									stored[id] = true
								}
								at, done = page.Cursor, page.Done
								if n++; cut == 0 || n == cut && len(stored) < len(want) {
									break
								}
							}
						}
						if diff := cmp.Diff(want, slices.Sorted(maps.Keys(stored))); diff != "" {
							t.Fatalf("cut at %d: %s (-want +stored):\n%s", cut, stream, diff)
						}
					}
				}
			})
		})
	}
}

func idsOn(p connectors.Page) []string {
	var ids []string
	for _, f := range p.Feedback {
		ids = append(ids, f.ID)
	}
	for _, r := range p.Records {
		ids = append(ids, r.ID)
	}
	for _, m := range p.Metrics {
		ids = append(ids, connectortest.MetricID(m))
	}
	return ids
}

func TestAPlanWithoutAPINamesTheOtherRoute(t *testing.T) {
	t.Parallel()
	for _, d := range httpjson.Presets() {
		t.Run(d.Kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := stages()[d.Kind](t, time.Now().UTC())
				for status, want := range map[int]string{401: "expired", 402: "kind drop", 403: "kind drop"} {
					refused := answering(status, "application/json", []byte(`{"error":"no"}`))
					live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Path == "/token" { // a service account gets its token; the API refuses
							s.tool.ServeHTTP(w, r)
							return
						}
						refused.ServeHTTP(w, r)
					})), s.entry)
					found := live.Checker.Check(t.Context())
					if len(found) == 0 {
						t.Errorf("%d is no finding", status)
					}
					for _, f := range found {
						if f.Level != work.Fatal || !strings.Contains(f.Remedy, want) {
							t.Errorf("%d: %+v, want a remedy that says %q", status, f, want)
						}
					}
				}
			})
		})
	}
}

func TestTheRateThatZendeskAllowsIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(12 * time.Hour)
		s := stages()["zendesk"](t, time.Now().UTC())
		entry := strings.Replace(s.entry, "  rate: {requests: 100, per: 1m}\n", "", 1)
		live := open(t, to(s.tool), entry)
		var at connectors.Cursor
		stored := map[string]bool{}
		for range 30 {
			for page, err := range live.Source.Pages(t.Context(), "tickets", at) {
				if err != nil {
					time.Sleep(time.Minute)
					break
				}
				at = page.Cursor
				for _, id := range idsOn(page) {
					stored[id] = true
				}
			}
		}
		if len(stored) != 25 || len(s.tool.Refused()) > 0 {
			t.Errorf("%d tickets, refused %q", len(stored), s.tool.Refused())
		}
	})
}

func TestATokenIsRenewedAndItsSecretStaysSecret(t *testing.T) {
	t.Parallel()
	entry := "tool:\n  kind: http\n  url: https://api.example.com\n  auth: {oauth2: {token_url: 'https://login.example.com/token', client_id: me, client_secret: TOKEN, scopes: [read]IN}}\n" +
		"  streams: {s: {yields: feedback, request: {path: /s}, fields: {id: id, at: at}}}\n"
	for name, extra := range map[string]string{"in the header": "", "in the body": ", in_body: true"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				given, status := 0, 200
				live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Host == "api.example.com" || r.Host == "api.example.com" {
						if r.Header.Get("Authorization") != "Bearer t" {
							w.WriteHeader(http.StatusUnauthorized)
						}
						_, _ = w.Write([]byte(`[]`))
						return
					}
					_ = r.ParseForm()
					user, password, _ := r.BasicAuth()
					if extra != "" {
						user, password = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
					}
					if user != "me" || password != connectortest.Token || r.PostForm.Get("scope") != "read" {
						t.Errorf("asked as %s for %q", user, r.PostForm.Get("scope"))
					}
					given++
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(status)
					_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3600` + strings.Repeat(`,"error":"invalid_client","echo":"`+password+`"`, status/401) + `}`))
				})), strings.Replace(entry, "IN}", extra+"}", 1))
				mustRead(t, live, "s", nil)
				mustRead(t, live, "s", nil)
				if given != 1 {
					t.Errorf("%d tokens for two reads", given)
				}
				time.Sleep(time.Hour)
				mustRead(t, live, "s", nil)
				if given != 2 {
					t.Errorf("%d tokens after an hour", given)
				}
				time.Sleep(time.Hour)
				status = 401
				_, err := read(t, live, "s", nil)
				if err == nil || strings.Contains(err.Error(), connectortest.Token) || !strings.Contains(err.Error(), "invalid_client") {
					t.Errorf("a refused token: %v", err)
				}
			})
		})
	}
}

func TestASecretInTheBodyIsNotRepeated(t *testing.T) {
	t.Parallel()
	live := open(t, to(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body["apiKey"] != connectortest.Token {
			t.Errorf("body %v, %v", body, err)
		}
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]any{"message": "you sent " + connectortest.Token})
	})), "tool:\n  kind: http\n  url: https://api.example.com\n  auth: {body: {name: apiKey, value: TOKEN}}\n  streams: {s: {yields: feedback, request: {method: POST, path: /s}, fields: {id: id, at: at}}}\n")
	_, err := read(t, live, "s", nil)
	if err == nil || strings.Contains(err.Error(), connectortest.Token) || !strings.Contains(err.Error(), "[redacted]") {
		t.Error(err)
	}
}
