package github_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // to show that it counts for nothing
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

const hookSecret = "It's a Secret to Everybody"

// hooked opens a connector with the secret of a webhook.
func hooked(t *testing.T, transport http.RoundTripper, repositories string) *connectors.Connector {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hook.secret")
	if err := os.WriteFile(path, []byte(hookSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := connectors.Env{Name: "gh", Transport: transport, Now: time.Now}
	c := connect(t, env, fmt.Sprintf("%swebhook: {secret: {file: %q}}\nrepositories: [%s]", hubSettings, path, repositories))
	if c.Inbox == nil {
		t.Fatal("there is no inbox")
	}
	return c
}

func sign(body []byte, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func delivered(event string, body []byte) http.Header {
	h := http.Header{}
	h.Set("X-GitHub-Event", event)
	h.Set("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
	h.Set("X-Hub-Signature-256", sign(body, hookSecret))
	return h
}

// heard is what a delivery is a reason to read.
func heard(t *testing.T, c *connectors.Connector, event, body string) []string {
	t.Helper()
	hints, err := c.Inbox.Verify(delivered(event, []byte(body)), []byte(body))
	if err != nil {
		t.Error(err)
	}
	names := []string{"unsure", "inside", "outside"}
	var got []string
	for _, h := range hints {
		if h.Delivery == "" || h.Ref.Connector != "gh" || !strings.HasPrefix(h.Event, event) {
			t.Errorf("hint %+v", h)
		}
		got = append(got, strings.TrimSpace(h.Ref.ID+" "+h.Ref.Key+" "+names[h.Scope]))
	}
	return got
}

// The vector is that of GitHub's own documentation.
func TestOnlySHA256WithTheSecretIsBelieved(t *testing.T) {
	t.Parallel()
	c := hooked(t, nil, "acme/pay")
	const official = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	body := []byte("Hello, World!")
	if sign(body, hookSecret) != official {
		t.Fatal("the test signs otherwise than GitHub")
	}
	old := hmac.New(sha1.New, []byte(hookSecret))
	old.Write(body)
	sha1sum := "sha1=" + hex.EncodeToString(old.Sum(nil))
	cases := map[string]struct {
		header http.Header
		want   error
	}{
		"the official vector": {http.Header{"X-Hub-Signature-256": {official}}, connectors.ErrUnreadable}, // believed, and no JSON
		"no signature":        {http.Header{}, connectors.ErrUnverified},
		"only the old one":    {http.Header{"X-Hub-Signature": {sha1sum}}, connectors.ErrUnverified},
		"the old one's value": {http.Header{"X-Hub-Signature-256": {sha1sum}}, connectors.ErrUnverified},
		"two of them":         {http.Header{"X-Hub-Signature-256": {official, official}}, connectors.ErrUnverified},
		"another secret":      {http.Header{"X-Hub-Signature-256": {sign(body, "another")}}, connectors.ErrUnverified},
		"of no secret":        {http.Header{"X-Hub-Signature-256": {sign(body, "")}}, connectors.ErrUnverified},
		"cut short":           {http.Header{"X-Hub-Signature-256": {official[:40]}}, connectors.ErrUnverified},
		"no number":           {http.Header{"X-Hub-Signature-256": {"sha256=zz"}}, connectors.ErrUnverified},
	}
	for name, k := range cases {
		hints, err := c.Inbox.Verify(k.header, body)
		if !errors.Is(err, k.want) || len(hints) > 0 || strings.Contains(fmt.Sprint(err), hookSecret) {
			t.Errorf("%s: %v, error %v", name, hints, err)
		}
	}
}

func TestWithoutASecretNothingIsTaken(t *testing.T) {
	t.Parallel()
	if c := connect(t, connectors.Env{Name: "gh", Now: time.Now}, hubSettings+"repositories: [acme/pay]"); c.Inbox != nil {
		t.Error("there is an inbox without a secret")
	}
	path := filepath.Join(t.TempDir(), "hook.secret")
	if err := os.WriteFile(path, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := connect(t, connectors.Env{Name: "gh", Now: time.Now}, fmt.Sprintf("%swebhook: {secret: {file: %q}}\nrepositories: [acme/pay]", hubSettings, path))
	body := []byte(`{}`)
	_, err := c.Inbox.Verify(http.Header{"X-Hub-Signature-256": {sign(body, "")}}, body)
	if err == nil || errors.Is(err, connectors.ErrUnverified) {
		t.Errorf("with an empty secret: %v", err)
	}
}

func TestWhatADeliveryIsAReasonToRead(t *testing.T) {
	t.Parallel()
	c := hooked(t, nil, `"acme/*", "!acme/*-archive"`)
	repo := func(name string) string { return `"repository":{"full_name":"` + name + `"}` }
	issue := func(part, home string, number int, more string) string {
		return fmt.Sprintf(`%q:{"id":5000000001,"number":%d,"repository_url":"https://api.github.com/repos/%s"%s}`, part, number, home, more)
	}
	cases := map[string]struct {
		event, body string
		want        []string
	}{
		"an issue":                      {"issues", `{"action":"labeled",` + issue("issue", "acme/pay", 7, "") + "," + repo("acme/pay") + "}", []string{"acme/pay#7 inside"}},
		"one out of the scope":          {"issues", `{"action":"opened",` + issue("issue", "acme/web-archive", 7, "") + "," + repo("acme/web-archive") + "}", []string{"acme/web-archive#7 outside"}},
		"a deletion":                    {"issues", `{"action":"deleted",` + issue("issue", "acme/pay", 7, "") + "," + repo("acme/pay") + "}", []string{"acme/pay#7 outside"}},
		"a transfer":                    {"issues", `{"action":"transferred",` + issue("issue", "acme/pay", 7, "") + `,"changes":{` + issue("new_issue", "acme/web", 9, "") + "}," + repo("acme/pay") + "}", []string{"acme/pay#7 outside", "acme/web#9 inside"}},
		"an edit":                       {"issues", `{"action":"edited","changes":{"title":{"from":"x"}},` + issue("issue", "acme/pay", 7, "") + "," + repo("acme/pay") + "}", []string{"acme/pay#7 inside"}},
		"a comment":                     {"issue_comment", `{"action":"created",` + issue("issue", "acme/pay", 7, "") + "," + repo("acme/pay") + "}", []string{"acme/pay#7 inside"}},
		"a comment of a pull request":   {"issue_comment", `{"action":"created",` + issue("issue", "acme/pay", 7, `,"pull_request":{}`) + "," + repo("acme/pay") + "}", nil},
		"a sub-issue":                   {"sub_issues", `{"action":"sub_issue_added",` + issue("parent_issue", "acme/pay", 7, "") + "," + issue("sub_issue", "acme/web", 9, "") + "," + repo("acme/pay") + "}", []string{"acme/pay#7 inside", "acme/web#9 inside"}},
		"a dependency":                  {"issue_dependencies", `{"action":"blocked_by_added","blocked_issue":{"number":3},"blocking_issue":{"number":4},"blocking_issue_repo":{"full_name":"acme/web"},` + repo("acme/pay") + "}", []string{"acme/pay#3 inside", "acme/web#4 inside"}},
		"a card":                        {"projects_v2_item", `{"action":"edited","projects_v2_item":{"content_type":"Issue","content_node_id":"I_kwDOBQfyVc4Xaabb"}}`, []string{"I_kwDOBQfyVc4Xaabb inside"}},
		"a card without an issue":       {"projects_v2_item", `{"action":"edited","projects_v2_item":{"content_type":"DraftIssue","content_node_id":"DI_kwDO"}}`, nil},
		"a repository that is public":   {"repository", `{"action":"publicized",` + repo("acme/pay") + "}", []string{"unsure"}},
		"a new repository":              {"repository", `{"action":"created",` + repo("acme/new") + "}", nil},
		"a label":                       {"label", `{"action":"edited","label":{"name":"bug"},` + repo("acme/pay") + "}", []string{"unsure"}},
		"a milestone":                   {"milestone", `{"action":"closed","milestone":{"number":1},` + repo("acme/pay") + "}", nil},
		"a pull request":                {"pull_request", `{"action":"opened","pull_request":{"number":1},` + repo("acme/pay") + "}", nil},
		"a ping":                        {"ping", `{"zen":"Keep it logically awesome."}`, nil},
		"odd parts":                     {"issues", `{"action":1,"issue":[],"repository":"x","changes":7}`, nil},
		"a name with tricks":            {"issues", `{"action":"opened","issue":{"number":7,"repository_url":"https://api.github.com/repos/acme/pay#1?x"},` + repo("acme/pay") + "}", nil},
		"a number that is none":         {"issues", `{"action":"opened","issue":{"number":-7},` + repo("acme/pay") + "}", nil},
		"a node id that is a path":      {"projects_v2_item", `{"projects_v2_item":{"content_type":"Issue","content_node_id":"../../x"}}`, nil},
		"an issue of another structure": {"issues", `{"action":"opened","issue":{"number":"7"},` + repo("acme/pay") + "}", nil},
	}
	for name, k := range cases {
		if diff := cmp.Diff(k.want, heard(t, c, k.event, k.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := c.Inbox.Verify(delivered("issues", []byte("[]")), []byte("[]")); !errors.Is(err, connectors.ErrUnreadable) {
		t.Errorf("a list: %v", err)
	}
	form := []byte(url.Values{"payload": {`{"action":"labeled",` + issue("issue", "acme/pay", 7, "") + "}"}}.Encode())
	h := delivered("issues", form)
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	if hints, err := c.Inbox.Verify(h, form); err != nil || len(hints) != 1 {
		t.Errorf("a form: %v, %v", hints, err)
	}
}

// What the stand-in announces, read by what it is a reason to read, is what
// there is: also in another order, and twice.
func TestAnnouncedIssuesAreReadByTheirKeys(t *testing.T) {
	t.Parallel()
	site, err := githubsim.New(githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}, {Name: "acme/web", Private: true}},
		Issues: []githubsim.Issue{
			{Repository: "acme/pay", Title: "A"}, {Repository: "acme/pay", Title: "B"}, {Repository: "acme/pay", Title: "C"}, {Repository: "acme/pay", Title: "D", PullRequest: true},
		},
	}, githubsim.Options{Now: time.Now, Hook: &githubsim.Hook{Secret: hookSecret}})
	if err != nil {
		t.Fatal(err)
	}
	c := hooked(t, sim.Network{"127.0.0.1": site}, `"acme/*"`)
	a, _ := site.Issue("acme/pay#1")
	edit := func(key string, change func(*githubsim.Issue)) error { return site.Edit(key, "ana", change) }
	_, created := site.Create("ana", githubsim.Issue{Repository: "acme/web", Title: "New"})
	_, transferred := site.Transfer("acme/pay#3", "ana", "acme/web")
	for _, err := range []error{
		created, transferred, edit("acme/pay#1", func(i *githubsim.Issue) { i.Labels = []string{"bug"} }), site.Comment("acme/pay#2", "ana", "hello"),
		site.Comment("acme/pay#4", "ana", "looks good"), site.Delete("acme/pay#2", "ana"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	list := site.Deliveries()
	slices.Reverse(list)
	refs := map[string]work.Ref{}
	for _, d := range slices.Concat(list, list) {
		hints, err := c.Inbox.Verify(d.Header(), d.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hints {
			if h.Delivery != d.ID {
				t.Errorf("delivery %s of %s", h.Delivery, d.ID)
			}
			refs[h.Ref.Key] = h.Ref
		}
	}
	asked := []work.Ref{work.NewRef("gh", "", a.NodeID)}
	for _, key := range []string{"acme/pay#1", "acme/pay#2", "acme/pay#3", "acme/web#1", "acme/web#2"} {
		asked = append(asked, refs[key])
	}
	if len(refs) != 5 {
		t.Errorf("reasons to read: %v", refs)
	}
	for _, some := range [][]work.Ref{asked, asked[:2], asked[3:5]} {
		var got []string
		for page, err := range c.Reader.Read(t.Context(), some) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, keys(page.Records)...)
		}
		slices.Sort(got)
		if got = slices.Compact(got); len(some) == len(asked) && strings.Join(got, " ") != "acme/pay#1 acme/web#1 acme/web#2" {
			t.Errorf("read %v", got)
		}
	}
}

// Who may read a repository is looked at once a day, and at once where GitHub
// says that it changed.
func TestARepositoryThatTurnsPublicIsLookedAtAtOnce(t *testing.T) {
	t.Parallel()
	site, err := githubsim.New(githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
		Issues:       []githubsim.Issue{{Repository: "acme/pay", Title: "A"}},
	}, githubsim.Options{Now: time.Now, Hook: &githubsim.Hook{Secret: hookSecret}})
	if err != nil {
		t.Fatal(err)
	}
	c := hooked(t, sim.Network{"127.0.0.1": site}, "acme/pay")
	first := read(t, c, nil)
	if err := site.Configure("acme/pay", func(r *githubsim.Repository) { r.Private = false }); err != nil {
		t.Fatal(err)
	}
	before := read(t, c, first.Cursor)
	if len(first.Records) != 1 || first.Records[0].Audience != work.Internal || len(before.Records) != 0 {
		t.Fatalf("first %+v, then %+v", first.Records, before.Records)
	}
	for _, d := range site.Deliveries() {
		if hints, err := c.Inbox.Verify(d.Header(), d.Body); err != nil || len(hints) != 1 || hints[0].Scope != connectors.Unsure {
			t.Fatalf("%s.%s: %+v, %v", d.Event, d.Action, hints, err)
		}
	}
	after := read(t, c, before.Cursor)
	if len(after.Records) != 1 || after.Records[0].Audience != work.Public {
		t.Errorf("after the webhook %+v", after.Records)
	}
}
