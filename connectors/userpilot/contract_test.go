package userpilot_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/userpilot"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

const hookToken = "planted-hook-token-81ce"

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"USERPILOT_TEST_TOKEN": connectortest.Token, "USERPILOT_TEST_HOOK": hookToken} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestContract(t *testing.T) {
	t.Parallel()
	connectortest.Suite{Definition: userpilot.Definition(), Open: world}.Run(t)
}

const settings = `u:
  kind: userpilot
  url: http://127.0.0.1
  auth: {token: {env: USERPILOT_TEST_TOKEN}}
  history: 30d
  usage: {events: [track_feature, page_view]}
  webhook: {verify: {kind: token, header: X-Hook, secret: {env: USERPILOT_TEST_HOOK}}}
`

// connect opens a connector with settings, to which lines are added.
func connect(tb testing.TB, env connectors.Env, more string) *connectors.Connector {
	tb.Helper()
	return open(tb, env, settings+more)
}

// open opens a connector with settings.
func open(tb testing.TB, env connectors.Env, text string) *connectors.Connector {
	tb.Helper()
	_, decode := connectortest.Settings(text)
	instance, problems := userpilot.Definition().New(env.Name, decode)
	if len(problems) > 0 {
		tb.Fatalf("settings: %v", problems)
	}
	live, err := instance.Open(tb.Context(), env)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

func definition() connectors.Definition { return userpilot.Definition() }

func service() *toolsim.Userpilot {
	u := &toolsim.Userpilot{Key: connectortest.Token, Files: "https://files.example", Takes: 5 * time.Second}
	u.AddSurvey(map[string]any{"id": 45, "title": "CSAT Survey", "platform": "web", "modules": []any{
		map[string]any{"id": 1, "order": 1, "type": "csat", "question": "How satisfied are you?"},
		map[string]any{"id": 2, "order": 2, "type": "open_text", "question": "How was it?"},
	}})
	for i, name := range []string{"Export", "Search", "Import"} {
		u.AddFeature(map[string]any{"id": i + 1, "name": name})
	}
	return u
}

func score(id, user string, at time.Time, n any) toolsim.UserpilotEvent {
	return interaction(id, user, at, "nps:7:SCORE", map[string]any{"score": n})
}

func comment(id, user string, at time.Time, text string) toolsim.UserpilotEvent {
	return interaction(id, user, at, "nps:7:FEEDBACK", map[string]any{"feedback": text})
}

func interaction(id, user string, at time.Time, name string, metadata any) toolsim.UserpilotEvent {
	return toolsim.UserpilotEvent{At: at, Type: "interaction", Fields: map[string]any{
		"event_name": name, "user_id": user, "company_id": "acme", "internal_event_id": id, "hostname": "app.example.com",
		"pathname": "/orders/12/export", "browser_language": "de-DE", "metadata": metadata,
	}}
}

func used(kind, name, path, user, company string, at time.Time) toolsim.UserpilotEvent {
	return toolsim.UserpilotEvent{At: at, Type: kind, Fields: map[string]any{"event_name": name, "pathname": path, "user_id": user, "company_id": company}}
}

// world has 600 responses to an NPS over the last days, in parts of 100 events,
// and a little usage.
func world(t *testing.T, lab *connectortest.Lab) connectortest.World {
	t.Helper()
	u := service()
	u.PartSize = 100
	ids := map[string][]string{}
	now := time.Now()
	var events []toolsim.UserpilotEvent
	for i := range 600 {
		id := fmt.Sprintf("e%03d", i)
		events = append(events, score(id, "u"+id, now.Add(-time.Duration(i+30)*10*time.Minute), i%11))
		ids["answers"] = append(ids["answers"], id)
	}
	yesterday := now.AddDate(0, 0, -1)
	for range 3 {
		events = append(events, used("track_feature", "1", "", "u1", "acme", yesterday), used("page_view", "", "/orders/7", "u2", "", yesterday))
	}
	u.Track(events...)
	for _, name := range []string{"Export/acme", "/orders/*" + "/"} {
		ids["usage"] = append(ids["usage"], name+"/"+yesterday.UTC().Format(time.DateOnly))
	}
	return connectortest.World{
		Connector: connect(t, lab.Env(u), "  window: 30d\n"), // one window: none is read twice
		IDs:       ids,
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			time.Sleep(3 * time.Hour)
			u.Track(score("new", "u-new", time.Now().Add(-time.Hour), 3))
			return "answers", work.NewRef(connectortest.Name, "new", "new")
		},
		Missing: work.NewRef(connectortest.Name, "none", "none"),
	}
}
