package judge_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"tandem/internal/sim"
	"tandem/internal/sim/judge"
)

func TestGraphQLIsJudgedByTheOfficialSchema(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, query, answer, accused string }{
		{"good", `{viewer{login}}`, `{"data":{"viewer":{"login":"ana"}}}`, ""},
		{"an error excuses null", `{repository(owner:"a",name:"b"){id}}`, `{"data":{"repository":null},"errors":[{"message":"x","path":["repository"]}]}`, ""},
		{"unknown field", `{viewer{nonsense}}`, `{"data":{}}`, "nonsense"},
		{"missing argument", `{repository(owner:"a"){id}}`, `{"data":{}}`, "name"},
		{"null that never is", `{viewer{login}}`, `{"data":{"viewer":{"login":null}}}`, "null"},
		{"not asked for", `{viewer{login}}`, `{"data":{"viewer":{"login":"ana","id":"x"}}}`, "not asked for"},
		{"wrong kind", `{rateLimit{cost}}`, `{"data":{"rateLimit":{"cost":"1"}}}`, "no Int"},
		{"not answered", `{viewer{login}}`, `{"data":{"viewer":{}}}`, "not there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := judge.New(judge.Find()).Fresh()
			if !j.Present() {
				t.Skip("no ../shared/specs beside the repository: nothing to judge by")
			}
			service := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, c.answer)
			})
			client := http.Client{Transport: j.Transport(judge.GitHub, sim.Network{"api.github.com": service})}
			resp, err := client.Post("https://api.github.com/graphql", "application/json", strings.NewReader(`{"query":`+quote(c.query)+`}`))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			found := ""
			for _, v := range j.Violations() {
				found += v.Detail + "; "
			}
			if (c.accused == "") != (found == "") || !strings.Contains(found, c.accused) {
				t.Errorf("accused of %q, want %q", found, c.accused)
			}
		})
	}
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }
