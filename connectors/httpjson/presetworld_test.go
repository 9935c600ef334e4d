package httpjson_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/internal/sim/toolsim"
)

// stage is a stand-in with known content.
type stage struct {
	tool interface {
		http.Handler
		Refused() []string
	}
	entry string
	ids   map[string][]string
	// change edits one record; nil where the tool shows no changes.
	change func() (stream, id string)
}

// accountKey is the key file of a service account.
func accountKey(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key.json")
	text, err := json.Marshal(map[string]string{
		"client_email": "tandem@acme.iam.example", "private_key_id": "1", "private_key": rsaKey(), "token_uri": "https://oauth2.example/token",
	})
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var rsaKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
})

// usageIDs are metrics of one name on so many days up to now.
func usageIDs(name, account string, now time.Time, days int) []string {
	var ids []string
	for i := range days {
		ids = append(ids, name+"/"+account+"/"+now.AddDate(0, 0, -i).Format(time.DateOnly))
	}
	return ids
}

// stages are the presets with their worlds.
func stages() map[string]func(t *testing.T, now time.Time) stage {
	const key = connectortest.Token
	return map[string]func(t *testing.T, now time.Time) stage{
		"posthog": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.PostHog{Key: key, Project: "4711"}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: posthog\n  project: 4711\n  auth: {token: TOKEN}\n  events: [export clicked]\n  nps: [s-nps]\n"}
			for i := range 1200 {
				e := toolsim.PostHogEvent{UUID: fmt.Sprintf("u-%d", i), Event: "survey sent", DistinctID: fmt.Sprintf("p-%d", i%50), At: now.Add(-time.Duration(1200-i) * 700 * time.Millisecond)}
				e.Properties = map[string]any{"$survey_id": "s-nps", "$survey_name": "How likely", "$survey_response": i % 11, "$survey_response_q2": "because " + strconv.Itoa(i)}
				tool.Events, s.ids["answers"] = append(tool.Events, e), append(s.ids["answers"], e.UUID)
			}
			for i := range 40 {
				tool.Events = append(tool.Events, toolsim.PostHogEvent{UUID: "e", Event: "export clicked", DistinctID: "p-1", At: now.AddDate(0, 0, -i)})
			}
			s.ids["usage"] = usageIDs("export clicked", "", now, 40)
			s.change = func() (string, string) {
				tool.Events = append(tool.Events, toolsim.PostHogEvent{UUID: "new", Event: "survey sent", DistinctID: "p", At: time.Now(), Properties: map[string]any{}})
				return "answers", "new"
			}
			return s
		},
		"amplitude": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Amplitude{Key: key + "-key", Secret: key, Now: time.Now}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: amplitude\n  rate: {requests: 1000, per: 1m}\n  first: 20d\n  auth: {key: KEY, token: TOKEN}\n  events: [Export]\n"}
			for i := range 15 {
				at := now.Add(-time.Duration(i*25+3) * time.Hour)
				tool.Events = append(
					tool.Events,
					toolsim.AmplitudeEvent{UUID: fmt.Sprintf("a-%d", i), Type: "[Guides-Surveys] Survey Submitted", User: "u1", Uploaded: at, Properties: map[string]any{"[Guides-Surveys] Survey Response Number": 4}},
					toolsim.AmplitudeEvent{UUID: fmt.Sprintf("b-%d", i), Type: "[Guides-Surveys] Survey Viewed", User: "u1", Uploaded: at},
				)
				s.ids["answers"] = append(s.ids["answers"], fmt.Sprintf("a-%d", i))
			}
			s.ids["usage"] = usageIDs("Export", "", now, 21) // zeros are said
			s.change = func() (string, string) {
				tool.Events = append(tool.Events, toolsim.AmplitudeEvent{UUID: "late", Type: "[Guides-Surveys] Survey Submitted", Uploaded: time.Now().Add(-4 * time.Hour)})
				return "answers", "late"
			}
			return s
		},
		"mixpanel": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Mixpanel{User: "bot", Secret: key, Project: "99"}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: mixpanel\n  project: 99\n  user: bot\n  rate: {requests: 1000, per: 1m}\n  first: 10d\n  auth: {token: TOKEN}\n  events: [Export clicked]\n"}
			for i := range 100 {
				tool.Events = append(tool.Events, toolsim.MixpanelEvent{Event: "Export clicked", InsertID: fmt.Sprintf("i%d", i%97), DistinctID: fmt.Sprintf("d%d", i%7), At: now.AddDate(0, 0, -i%10)})
			}
			s.ids["usage"] = usageIDs("Export clicked", "", now, 10)
			return s
		},
		"ga4": func(t *testing.T, now time.Time) stage {
			t.Helper()
			tool := &toolsim.GA4{Property: "123", Token: key, Counts: map[string]map[string]int{}}
			s := stage{tool: tool, ids: map[string][]string{"usage": usageIDs("export", "", now, 45)}, entry: "x:\n  kind: ga4\n  property: 123\n  auth: {token: {file: '" + accountKey(t) + "'}}\n  events: [export, never]\n"}
			for i := range 45 {
				tool.Counts[now.AddDate(0, 0, -i).Format(time.DateOnly)] = map[string]int{"export": i + 1}
			}
			return s
		},
		"pendo": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Pendo{Key: key}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: pendo\n  first: 40d\n  auth: {token: TOKEN}\n  features: [F1]\n"}
			for i := range 30 {
				tool.Polls = append(tool.Polls, toolsim.PendoPoll{PollID: "p1", GuideID: "g", VisitorID: fmt.Sprintf("v%d", i), AccountID: "acme", BrowserTime: now.Add(-time.Duration(i) * time.Hour).UnixMilli(), Type: "NPSRating", Response: i % 11})
				for v := range 3 {
					tool.Features = append(tool.Features, toolsim.PendoUse{FeatureID: "F1", VisitorID: fmt.Sprintf("v%d", v), AccountID: "acme", Day: now.Truncate(24*time.Hour).AddDate(0, 0, -i).UnixMilli(), NumEvents: 2})
				}
			}
			s.ids["usage"] = usageIDs("F1", "acme", now, 30)
			return s
		},
		"productboard": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Productboard{Token: key, Integration: "j1", PageSize: 10, Connections: map[string][]string{"f-3": {"PAY-12", "PAY-13"}}}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: productboard\n  jira_integration: j1\n  auth: {token: TOKEN}\n"}
			for i := range 25 {
				at := now.Add(-time.Duration(25-i) * time.Microsecond * 3).Truncate(time.Microsecond)
				note := toolsim.ProductboardEntity{ID: fmt.Sprintf("n-%d", i), Name: "Note", Content: "<p>Export drops rows</p>", Creator: "Ana@Acme.example", Tags: []string{"export"}, LinkedTo: "f-3", Created: at, Updated: at}
				feature := toolsim.ProductboardEntity{ID: fmt.Sprintf("f-%d", i), Name: "Feature", Content: "<b>why</b>", Status: "planned", Created: at, Updated: at}
				tool.Notes, tool.Features = append(tool.Notes, note), append(tool.Features, feature)
				s.ids["notes"], s.ids["features"] = append(s.ids["notes"], note.ID), append(s.ids["features"], feature.ID)
			}
			s.change = func() (string, string) {
				tool.Notes[3].Updated, tool.Notes[3].Content = time.Now(), "changed"
				return "notes", "n-3"
			}
			return s
		},
		"canny": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Canny{Key: key, PageSize: 4}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: canny\n  jira: jira\n  auth: {token: TOKEN}\n"}
			for i := range 11 {
				p := toolsim.CannyPost{ID: fmt.Sprintf("c-%d", i), Title: "Export", Details: "drops rows", Author: "ana", Board: "b1", Created: now.AddDate(0, 0, -i).Truncate(time.Second), Issues: []string{"PAY-12"}, Tags: []string{"export"}}
				for v := range i {
					id := fmt.Sprintf("v-%d-%d", i, v)
					p.Votes = append(p.Votes, toolsim.CannyVote{ID: id, Voter: id, Email: "V@acme.example", Created: p.Created})
					s.ids["votes"] = append(s.ids["votes"], id)
				}
				tool.Posts, s.ids["posts"] = append(tool.Posts, p), append(s.ids["posts"], p.ID)
			}
			tool.Posts[2].Merged = []toolsim.CannyPost{{ID: "c-merged", Title: "CSV", Details: "incomplete", Created: now.AddDate(0, 0, -5)}}
			s.ids["posts"] = append(s.ids["posts"], "c-merged")
			s.change = func() (string, string) {
				tool.Posts = append(tool.Posts, toolsim.CannyPost{ID: "c-new", Title: "new", Board: "b1", Created: time.Now()})
				return "posts", "c-new"
			}
			return s
		},
		"fider": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Fider{Key: key}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: fider\n  url: https://feedback.acme.example\n  auth: {token: TOKEN}\n  audience: public\n"}
			for i := 1; i <= 35; i++ { // more than the 30 that come by themselves
				p := toolsim.FiderPost{Number: i, Title: "Export", Description: "drops rows", User: 3, Created: now.AddDate(0, 0, -i), Tags: []string{"csv"}, Status: "open"}
				if i%5 == 0 {
					p.Votes = []toolsim.FiderVote{{User: 8, Email: "B@acme.example", Created: now}}
					s.ids["votes"] = append(s.ids["votes"], fmt.Sprintf("%d-8", i))
				}
				tool.Posts, s.ids["posts"] = append(tool.Posts, p), append(s.ids["posts"], strconv.Itoa(i))
			}
			tool.Posts[4].Original = 9
			s.change = func() (string, string) {
				tool.Posts[6].Title = "changed"
				return "posts", "7"
			}
			return s
		},
		"intercom": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Intercom{Token: key, Version: "2.16", Cut: 10}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: intercom\n  auth: {token: TOKEN}\n"}
			for i := range 25 {
				c := toolsim.IntercomConversation{ID: fmt.Sprintf("i-%d", i), Body: "<p>Where is <b>export</b>?</p>", Author: "u", Email: "U@acme.example", Tags: []string{"export"}, Rating: i % 6, Remark: "thanks", Created: now.Add(-time.Hour * time.Duration(i+1)), Updated: now.Add(-time.Hour * time.Duration(i))}
				tool.Conversations, s.ids["conversations"] = append(tool.Conversations, c), append(s.ids["conversations"], c.ID)
			}
			s.change = func() (string, string) {
				tool.Conversations[20].Updated, tool.Conversations[20].Rating = time.Now(), 1
				return "conversations", "i-20"
			}
			return s
		},
		"zendesk": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Zendesk{User: "bot@acme.example/token", Token: key, PageSize: 10, Now: time.Now}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: zendesk\n  subdomain: acme\n  email: bot@acme.example\n  rate: {requests: 100, per: 1m}\n  auth: {token: TOKEN}\n"}
			for i := range 25 {
				tool.Tickets = append(tool.Tickets, toolsim.ZendeskTicket{ID: i + 1, Subject: "Export", Description: "drops rows", Status: "open", Requester: 5, Organization: 6, Tags: []string{"export"}, Created: now.Add(-100 * time.Hour), Generated: now.Add(-time.Duration(60-i) * time.Hour)})
				s.ids["tickets"] = append(s.ids["tickets"], strconv.Itoa(i+1))
				score := []string{"good", "bad", "offered"}[i%3]
				tool.Ratings = append(tool.Ratings, toolsim.ZendeskRating{ID: 500 + i, Ticket: i, Score: score, Comment: "ok", Created: now.Add(-time.Hour), Updated: now})
				if score != "offered" {
					s.ids["ratings"] = append(s.ids["ratings"], strconv.Itoa(500+i))
				}
			}
			s.change = func() (string, string) {
				tool.Tickets[4].Generated, tool.Tickets[4].Status = time.Now().Add(-2*time.Minute), "solved"
				return "tickets", "5"
			}
			return s
		},
		"typeform": func(_ *testing.T, now time.Time) stage {
			tool := &toolsim.Typeform{Token: key, Now: time.Now}
			s := stage{tool: tool, ids: map[string][]string{}, entry: "x:\n  kind: typeform\n  rate: {requests: 100, per: 1s}\n  auth: {token: TOKEN}\n"}
			fields := []map[string]any{{"id": "q1", "title": "How likely?", "type": "nps"}, {"id": "q2", "title": "Why?", "type": "long_text"}, {"id": "q3", "title": "Stars", "type": "rating", "properties": map[string]any{"steps": 5}}}
			for f, n := range []int{1003, 4} {
				form := toolsim.TypeformForm{ID: fmt.Sprintf("form%d", f), Title: "Survey", Fields: fields}
				for i := range n {
					form.Responses = append(form.Responses, toolsim.TypeformResponse{
						Token: fmt.Sprintf("t-%d-%d", f, i), Submitted: now.Add(-time.Duration(i) * time.Hour), Hidden: map[string]string{"user_id": "u7", "email": "X@acme.example"},
						Answers: []map[string]any{
							{"type": "number", "number": 9, "field": map[string]any{"id": "q1", "type": "nps"}},
							{"type": "text", "text": "rows are missing", "field": map[string]any{"id": "q2", "type": "long_text"}},
							{"type": "number", "number": 4, "field": map[string]any{"id": "q3", "type": "rating"}},
						},
					})
					s.ids["responses"] = append(s.ids["responses"], form.Responses[i].Token)
				}
				tool.Forms = append(tool.Forms, form)
			}
			s.change = func() (string, string) {
				tool.Forms[1].Responses = append(tool.Forms[1].Responses, toolsim.TypeformResponse{Token: "late", Submitted: time.Now().Add(-40 * time.Minute)})
				return "responses", "late"
			}
			return s
		},
	}
}
