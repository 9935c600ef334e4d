package httpx_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/httpx"
)

func answer(status int, header map[string]string, body string) reply {
	h := http.Header{}
	for k, v := range header {
		h.Set(k, v)
	}
	u, _ := url.Parse("https://bot:geheim@jira.example/rest/api/2/issue/1?jql=x&token=geheim")
	return reply{&http.Response{
		StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)),
		Request: &http.Request{Method: "GET", URL: u},
	}}
}

func TestReasonsAreFoundInEveryUsualForm(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		header map[string]string
		body   string
		kind   httpx.Kind
		reason string
	}{
		{"Jira", 400, nil, `{"errorMessages":["A","B"],"errors":{"priority":"C","labels":"D"}}`, httpx.Invalid, "A; B; labels: D; priority: C"},
		{"nested", 400, nil, `{"errors":{"x":{"y":["deep"]}}}`, httpx.Invalid, "x: y: deep"},
		{"one message", 400, nil, `{"errorMessage":"Only one."}`, httpx.Invalid, "Only one."},
		{"gateway", 401, nil, `{"code":401,"message":"Unauthorized; scope does not match"}`, httpx.Credentials, "Unauthorized; scope does not match"},
		{"OAuth", 403, nil, `{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}`, httpx.Forbidden, "Unknown or invalid refresh token."},
		{"OAuth, short", 403, nil, `{"error":"invalid_grant"}`, httpx.Forbidden, "invalid_grant"},
		{"GitHub", 422, nil, `{"message":"Validation Failed","errors":[{"resource":"Label","field":"name","code":"already_exists"}]}`, httpx.Invalid, "Validation Failed; code: already_exists; field: name; resource: Label"},
		{"empty limit", 429, map[string]string{"Content-Type": "application/json", "RateLimit-Reason": "jira-burst-based"}, "", httpx.Limited, "jira-burst-based"},
		{"removed", 410, nil, `{"errorMessages":["The requested API has been removed."],"errors":{}}`, httpx.Removed, "The requested API has been removed."},
		{"page of a proxy", 502, map[string]string{"Content-Type": "text/html"}, "<html>Bad gateway</html>", httpx.WebPage, "the service answered a web page, not JSON: is the address right, is a proxy in between?"},
		{"login page", 200, nil, "\n<!DOCTYPE html><html>", httpx.WebPage, "the service answered a web page, not JSON: is the address right, is a proxy in between?"},
		{"nothing", 500, nil, "", httpx.Unavailable, ""},
		{"many lines", 400, nil, `{"message":"one\n  two"}`, httpx.Invalid, "one two"},
		{"not modified", 304, nil, "", httpx.Unexpected, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := httpx.FromResponse(answer(c.status, c.header, c.body).Response)
			if got.Kind != c.kind || got.Reason != c.reason || got.Status != c.status {
				t.Errorf("got %d %s %q, want %s %q", got.Status, got.Kind, got.Reason, c.kind, c.reason)
			}
			if text := got.Error(); strings.Contains(text, "geheim") || !strings.HasPrefix(text, "GET https://jira.example/rest/api/2/issue/1: ") {
				t.Errorf("error is %q", text)
			}
		})
	}
}

func TestEveryStatusHasAKind(t *testing.T) {
	t.Parallel()
	for status := 100; status < 600; status++ {
		if got := httpx.FromResponse(answer(status, nil, "{}").Response); got.Kind == "" {
			t.Errorf("status %d has no kind", status)
		}
	}
}

func TestLongBodiesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Repeat(rapid.String().Draw(t, "part"), rapid.IntRange(0, 2000).Draw(t, "times"))
		got := httpx.FromResponse(answer(400, nil, body).Response)
		if len(got.Body) > 2000 || !utf8.ValidString(got.Body) {
			t.Fatalf("excerpt of %d bytes, valid %v", len(got.Body), utf8.ValidString(got.Body))
		}
	})
}

func TestHalfAnAnswerIsAnError(t *testing.T) {
	t.Parallel()
	whole := `{"issues":[{"id":"1"}],"isLast":true}`
	type page struct {
		Issues []struct{ ID string }
		IsLast bool
	}
	var p page
	if err := httpx.ReadJSON(answer(200, nil, whole).Response, &p); err != nil || !p.IsLast {
		t.Fatalf("got %+v, %v", p, err)
	}
	for cut := range whole {
		err := httpx.ReadJSON(answer(200, nil, whole[:cut]).Response, &page{})
		if !errors.Is(err, httpx.ErrCutOff) {
			t.Errorf("cut after %d bytes: got %v", cut, err)
		}
	}
	broken := answer(200, nil, "")
	broken.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"issues":[]}`), failing{}))
	if err := httpx.ReadJSON(broken.Response, &page{}); !errors.Is(err, httpx.ErrCutOff) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken connection: got %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReadJSONTellsErrorsApart(t *testing.T) {
	t.Parallel()
	var into map[string]any
	page, ok := errors.AsType[*httpx.StatusError](httpx.ReadJSON(answer(200, map[string]string{"Content-Type": "text/html; charset=utf-8"}, "<p>Log in").Response, &into))
	if !ok || page.Kind != httpx.WebPage || page.Body != "<p>Log in" {
		t.Errorf("web page: got %+v", page)
	}
	refused, ok := errors.AsType[*httpx.StatusError](httpx.ReadJSON(answer(404, nil, `{"message":"Not Found"}`).Response, &into))
	if !ok || refused.Kind != httpx.Missing || string(refused.Raw()) != `{"message":"Not Found"}` {
		t.Errorf("refusal: got %+v", refused)
	}
	if err := httpx.ReadJSON(answer(200, nil, `[1]`).Response, &into); err == nil || errors.Is(err, httpx.ErrCutOff) {
		t.Errorf("wrong form: got %v", err)
	}
	if err := httpx.ReadJSON(answer(204, nil, "").Response, nil); err != nil {
		t.Errorf("nothing expected: got %v", err)
	}
	if d := cmp.Diff(map[string]any(nil), into); d != "" {
		t.Error(d)
	}
}

// TestRepeatedCredentialsAreHidden is promise S11: some gateways answer with
// what they were sent.
func TestRepeatedCredentialsAreHidden(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		authorize func(*http.Request) error
		secret    []string
	}{
		{"basic", func(r *http.Request) error { r.SetBasicAuth("bot", "geheim-1"); return nil }, []string{"geheim-1", "Ym90OmdlaGVpbS0x"}},
		{"bearer", func(r *http.Request) error { r.Header.Set("Authorization", "Bearer geheim-2"); return nil }, []string{"geheim-2"}},
		{"own header", func(r *http.Request) error { r.Header.Set("X-Api-Key", "geheim-3"); return nil }, []string{"geheim-3"}},
		{"query", func(r *http.Request) error {
			q := r.URL.Query()
			q.Set("key", "geheim 4")
			r.URL.RawQuery = q.Encode()
			return nil
		}, []string{"geheim 4", "geheim+4"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := strings.Join(c.secret, " ")
			echo := roundTrip(func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: 400, Header: http.Header{"X-Echo": {said}},
					Body: io.NopCloser(strings.NewReader(`{"message":"no: ` + said + `"}`)),
				}, nil
			})
			resp, err := send(t, httpx.New(httpx.Options{Transport: echo, Authorize: c.authorize}), "GET", "https://a.example/x?page=2", "")
			if err != nil {
				t.Fatal(err)
			}
			got := httpx.FromResponse(resp.Response)
			for _, s := range c.secret {
				for _, text := range []string{got.Error(), got.Body, string(got.Raw()), got.Header.Get("X-Echo")} {
					if strings.Contains(text, s) || !strings.Contains(text, "[redacted]") {
						t.Errorf("%s in %q", s, text)
					}
				}
			}
		})
	}
}
