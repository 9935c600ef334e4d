package hotjar_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/hotjar"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

const hookKey = "planted-hook-key-55aa10"

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"HOTJAR_TEST_SECRET": connectortest.Token, "HOTJAR_TEST_HOOK": hookKey} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestContract(t *testing.T) {
	t.Parallel()
	connectortest.Suite{Definition: hotjar.Definition(), Open: world}.Run(t)
}

const settings = `h:
  kind: hotjar
  url: http://127.0.0.1
  site: 991
  auth: {client_id: c1, client_secret: {env: HOTJAR_TEST_SECRET}}
  requests_per_minute: 6000
  webhook: {verify: {preset: hotjar, secret: {env: HOTJAR_TEST_HOOK}}}
`

// connect opens a connector with settings, to which lines are added.
func connect(tb testing.TB, env connectors.Env, more string) *connectors.Connector {
	tb.Helper()
	_, decode := connectortest.Settings(settings + more)
	instance, problems := hotjar.Definition().New(env.Name, decode)
	if len(problems) > 0 {
		tb.Fatalf("settings: %v", problems)
	}
	live, err := instance.Open(tb.Context(), env)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

func service() *toolsim.Hotjar {
	return &toolsim.Hotjar{Site: "991", ClientID: "c1", ClientSecret: connectortest.Token, Plan: "Ask Scale"}
}

// nps is a survey with the questions of most surveys.
func nps(id string) toolsim.HotjarSurvey {
	return toolsim.HotjarSurvey{ID: id, Name: "NPS " + id, Type: "popover", Enabled: true, Questions: []toolsim.HotjarQuestion{
		{ID: "q1", Type: "nps", Text: "How likely are you to recommend us?"},
		{ID: "q2", Type: "long-text", Text: "Why?"},
	}}
}

func response(id string, at time.Time) toolsim.HotjarResponse {
	return toolsim.HotjarResponse{
		ID: id, Created: at, Complete: true, Device: "desktop", Browser: "Chrome", OS: "Windows", Country: "DE", User: "u-" + id,
		Origin: "https://app.example.com/orders/12/export?token=x", Answers: []toolsim.HotjarAnswer{{Question: "q1", Answer: "9"}, {Question: "q2", Answer: "fine " + id}},
	}
}

// world has 130 responses to one survey and 3 to another.
func world(t *testing.T, lab *connectortest.Lab) connectortest.World {
	t.Helper()
	h := service()
	var ids []string
	for survey, n := range map[string]int{"s1": 130, "s2": 3} {
		h.AddSurvey(nps(survey))
		for i := range n {
			id := fmt.Sprintf("r%03d", i)
			h.Put(survey, response(id, time.Now().Add(-time.Duration(n-i)*time.Hour)))
			ids = append(ids, survey+"/"+id)
		}
	}
	return connectortest.World{
		Connector: connect(t, lab.Env(h), ""),
		IDs:       map[string][]string{"responses": ids},
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			time.Sleep(time.Minute)
			h.Put("s1", response("new", time.Now().Add(-time.Second)))
			return "responses", work.NewRef(connectortest.Name, "s1/new", "s1/new")
		},
		IsWrite: func(r *http.Request) bool {
			return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/oauth/token")
		},
		Missing: work.NewRef(connectortest.Name, "s1/none", "s1/none"),
	}
}
