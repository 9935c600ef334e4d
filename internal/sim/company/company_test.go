package company_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"tandem/internal/sim/company"
)

func day() time.Time { return time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC) }

func acme() company.Company { return company.New(7, day(), company.DemoSize()) }

func TestTheSameSeedMakesTheSameFirm(t *testing.T) {
	t.Parallel()
	unexported := cmpopts.IgnoreUnexported(company.GitHubIssue{})
	if diff := cmp.Diff(acme(), acme(), unexported); diff != "" {
		t.Error(diff)
	}
	other := company.New(8, day(), company.DemoSize())
	if cmp.Equal(acme().JiraIssues, other.JiraIssues) {
		t.Error("another seed makes the same issues")
	}
}

func TestMoreFeedbackChangesNoIssue(t *testing.T) {
	t.Parallel()
	size := company.DemoSize()
	size.Feedback *= 2
	more := company.New(7, day(), size)
	if diff := cmp.Diff(acme().JiraIssues, more.JiraIssues); diff != "" {
		t.Error(diff)
	}
	if got, want := len(more.Feedback), size.Feedback; got != want {
		t.Errorf("got %d rows, want %d", got, want)
	}
}

func TestSizesAreKept(t *testing.T) {
	t.Parallel()
	for _, size := range []company.Size{{}, {JiraIssues: 1}, {GitHubIssues: 3}, {Feedback: 5}, {7, 9, 30}, {40, 300, 100}, {1000, 10, 10}, company.DemoSize()} {
		c := company.New(1, day(), size)
		if got := (company.Size{JiraIssues: len(c.JiraIssues), GitHubIssues: len(c.GitHubIssues), Feedback: len(c.Feedback)}); got != size {
			t.Errorf("got %+v, want %+v", got, size)
		}
	}
}

func TestShareOfEachKind(t *testing.T) {
	t.Parallel()
	c := acme()
	share := func(name string, n, of int, low, high float64) {
		t.Helper()
		if got := float64(n) / float64(of); got < low || got > high {
			t.Errorf("%s: %d of %d, want %.0f to %.0f %%", name, n, of, 100*low, 100*high)
		}
	}
	count := func(is func(company.JiraIssue) bool) int {
		n := 0
		for _, i := range c.JiraIssues {
			if is(i) {
				n++
			}
		}
		return n
	}
	all := len(c.JiraIssues)
	share("twins", len(c.Twins), len(c.GitHubIssues), 0.28, 0.40)
	share("done", count(func(i company.JiraIssue) bool { return !i.Open() }), all, 0.15, 0.45)
	share("set by hand", count(func(i company.JiraIssue) bool { return i.PriorityBy != "" }), all, 0.25, 0.45)
	share("estimated", count(func(i company.JiraIssue) bool {
		return i.Custom[company.StoryPoints] != nil || i.Custom[company.StoryPointEstimate] != nil
	}), all, 0.55, 0.85)
	share("bugs", count(func(i company.JiraIssue) bool { return i.Type == "Bug" }), all, 0.2, 0.4)
	share("epics", count(func(i company.JiraIssue) bool { return i.Type == "Epic" }), all, 0.04, 0.12)

	linked, german := 0, 0
	via, methods := map[string]int{}, map[string]int{}
	for _, f := range c.Feedback {
		if f.About != "" {
			linked++
			via[f.Via]++
		}
		if f.Language == "de" {
			german++
		}
		methods[f.Method]++
	}
	share("linked feedback", linked, len(c.Feedback), 0.28, 0.40)
	share("German feedback", german, len(c.Feedback), 0.05, 0.30)
	if got, want := slices.Sorted(maps.Keys(via)), []string{"key", "link", "phrase", "tag"}; !slices.Equal(got, want) {
		t.Errorf("links by %v, want %v", got, want)
	}
	if got, want := slices.Sorted(maps.Keys(methods)), []string{"interview", "nps", "request", "support", "survey"}; !slices.Equal(got, want) {
		t.Errorf("methods %v, want %v", got, want)
	}
	joins := map[company.Join]int{}
	for _, twin := range c.Twins {
		joins[twin.By]++
	}
	for _, by := range []company.Join{company.ByTitle, company.ByLink, company.ByMarker, company.ByRemoteLink} {
		if joins[by] < 5 {
			t.Errorf("%d twins by %s, want 5 or more", joins[by], by)
		}
	}
}

func TestIssuesAreWhatTheServicesTake(t *testing.T) {
	t.Parallel()
	c := acme()
	keys := map[string]bool{}
	ids := map[string]bool{}
	for _, i := range c.JiraIssues {
		if keys[i.Key] || ids[i.ID] {
			t.Errorf("%s: key or id twice", i.Key)
		}
		if i.Parent != "" && !keys[i.Parent] {
			t.Errorf("%s: parent %s is not older", i.Key, i.Parent)
		}
		keys[i.Key], ids[i.ID] = true, true
		checkText(t, i.Key, i.Summary, i.Description)
		checkTimes(t, i.Key, c.AsOf, i.Created, i.Updated, i.Resolved)
		for _, label := range i.Labels {
			if strings.ContainsAny(label, " \t") || len(label) > 255 {
				t.Errorf("%s: Jira refuses label %q", i.Key, label)
			}
		}
		p := c.Projects[slices.IndexFunc(c.Projects, func(p company.Project) bool { return p.Key == i.Project })]
		if !slices.Contains(p.Priorities, i.Priority) {
			t.Errorf("%s: priority %s is not in the scheme of %s", i.Key, i.Priority, p.Key)
		}
		if !slices.Contains(p.Statuses, company.Status{Name: i.Status, Category: i.Category}) {
			t.Errorf("%s: no status %s in %s", i.Key, i.Status, p.Key)
		}
		if i.Open() != i.Resolved.IsZero() {
			t.Errorf("%s: %s, resolved %s", i.Key, i.Status, i.Resolved)
		}
		for id := range i.Custom {
			if !slices.ContainsFunc(c.JiraFields, func(f company.JiraField) bool {
				return f.ID == id && (f.Projects == nil || slices.Contains(f.Projects, i.Project))
			}) {
				t.Errorf("%s: field %s is not on its screen", i.Key, id)
			}
		}
	}
	keys = map[string]bool{}
	for _, i := range c.GitHubIssues {
		if keys[i.Key()] {
			t.Errorf("%s twice", i.Key())
		}
		keys[i.Key()] = true
		checkText(t, i.Key(), i.Title, i.Body)
		checkTimes(t, i.Key(), c.AsOf, i.Created, i.Updated, i.Closed)
		if (i.State == "closed") == i.Closed.IsZero() {
			t.Errorf("%s: %s, closed at %s", i.Key(), i.State, i.Closed)
		}
		for _, label := range i.Labels {
			if utf8.RuneCountInString(label) > 50 {
				t.Errorf("%s: GitHub refuses label %q", i.Key(), label)
			}
		}
	}
}

func checkText(t *testing.T, key, title, body string) {
	t.Helper()
	if title == "" || utf8.RuneCountInString(title) > 255 || strings.ContainsAny(title, "\r\n") || !utf8.ValidString(title+body) {
		t.Errorf("%s: title or body %q", key, title)
	}
}

func checkTimes(t *testing.T, key string, asOf, created, updated, closed time.Time) {
	t.Helper()
	if created.After(updated) || !updated.Before(asOf) || closed.After(updated) || created.Location() != time.UTC {
		t.Errorf("%s: created %s, updated %s, closed %s at %s", key, created, updated, closed, asOf)
	}
}

func TestTwinsAreWrittenWhereTheySay(t *testing.T) {
	t.Parallel()
	c := acme()
	jira := map[string]company.JiraIssue{}
	for _, i := range c.JiraIssues {
		jira[i.Key] = i
	}
	github := map[string]company.GitHubIssue{}
	for _, i := range c.GitHubIssues {
		github[i.Key()] = i
	}
	seen := map[string]bool{}
	for _, twin := range c.Twins {
		j, g := jira[twin.Jira], github[twin.GitHub]
		var written bool
		switch twin.By {
		case company.ByTitle:
			written = strings.HasPrefix(g.Title, j.Key+": ") || strings.HasPrefix(g.Title, "["+j.Key+"] ")
		case company.ByLink:
			written = strings.Contains(g.Body, "\nTwin: https://acme.atlassian.net/browse/"+j.Key+"\n")
		case company.ByMarker:
			written = strings.Contains(g.Body, "jira:"+j.ID+" ")
		case company.ByRemoteLink:
			written = slices.Contains(j.RemoteLinks, "https://github.com/"+strings.Replace(g.Key(), "#", "/issues/", 1))
		}
		if !written || seen[twin.Jira] || seen[twin.GitHub] {
			t.Errorf("%+v: %q", twin, g.Title)
		}
		seen[twin.Jira], seen[twin.GitHub] = true, true
	}
	hidden := slices.ContainsFunc(c.Twins, func(twin company.Twin) bool {
		return jira[twin.Jira].Level != "" && github[twin.GitHub].Repository == "acme/web"
	})
	if !hidden {
		t.Error("no hidden issue has a public twin")
	}
}

func TestServicesMayStandElsewhere(t *testing.T) {
	t.Parallel()
	at := acme().At("http://127.0.0.1:81", "http://127.0.0.1:82")
	links := 0
	for _, i := range at.GitHubIssues {
		links += strings.Count(i.Body, "Twin: http://127.0.0.1:81/browse/")
		if strings.Contains(i.Body, company.JiraURL) {
			t.Errorf("%s still names %s", i.Key(), company.JiraURL)
		}
	}
	for _, i := range at.JiraIssues {
		for _, link := range i.RemoteLinks {
			if !strings.HasPrefix(link, "http://127.0.0.1:82/acme/") {
				t.Errorf("%s: %s", i.Key, link)
			}
			links++
		}
	}
	if links < 10 {
		t.Errorf("only %d links moved", links)
	}
}

func TestChangesFindTheirIssues(t *testing.T) {
	t.Parallel()
	size := company.DemoSize()
	size.Feedback = 0
	for seed := range uint64(20) {
		c := company.New(seed, day(), size)
		inputs, overrides := 0, 0
		for _, change := range c.Changes {
			if change.Override {
				overrides++
			} else {
				inputs++
			}
			j := slices.IndexFunc(c.JiraIssues, func(i company.JiraIssue) bool { return i.Key == change.Jira })
			g := slices.IndexFunc(c.GitHubIssues, func(i company.GitHubIssue) bool { return i.Key() == change.GitHub })
			if j < 0 && g < 0 {
				t.Errorf("seed %d, %s: no such issue", seed, change)
				continue
			}
			if j >= 0 && (!c.JiraIssues[j].Open() || change.Set != nil && c.JiraIssues[j].Custom[change.Field] == change.Set) {
				t.Errorf("seed %d, %s: changes nothing", seed, change)
			}
			if g >= 0 && c.GitHubIssues[g].State != "open" {
				t.Errorf("seed %d, %s: the issue is closed", seed, change)
			}
		}
		if inputs != 7 || overrides != 5 {
			t.Errorf("seed %d: %d inputs and %d overrides, want 7 and 5", seed, inputs, overrides)
		}
	}
}

func TestFeedbackRowsAreJSONExceptOne(t *testing.T) {
	t.Parallel()
	c := acme()
	var out bytes.Buffer
	if err := company.WriteFeedback(&out, c.Feedback); err != nil {
		t.Fatal(err)
	}
	rows, broken := 0, 0
	for line := range strings.Lines(out.String()) {
		var row company.Feedback
		if json.Unmarshal([]byte(line), &row) != nil {
			broken++
			continue
		}
		if row.ID != c.Feedback[rows].ID || row.Text != c.Feedback[rows].Text {
			t.Errorf("row %d: got %+v, want %+v", rows, row, c.Feedback[rows])
		}
		if !row.At.Before(c.AsOf) {
			t.Errorf("%s is of the future: %s", row.ID, row.At)
		}
		rows++
	}
	if rows != len(c.Feedback) || broken != 1 {
		t.Errorf("%d rows and %d broken ones, want %d and 1", rows, broken, len(c.Feedback))
	}
}

func TestSettingsAndRulesAreYAMLWithKeysSetOnce(t *testing.T) {
	t.Parallel()
	for _, github := range []string{"", "http://127.0.0.1:82"} {
		settings, err := company.Settings(company.Places{
			Store: "sqlite:/tmp/x/tandem.db", Listen: "127.0.0.1:0", Every: "2s",
			Jira: "http://127.0.0.1:81", GitHub: github, Secrets: "/tmp/x/secrets", Drop: "/tmp/x/drop",
		})
		if err != nil {
			t.Fatal(err)
		}
		var top struct {
			Connectors map[string]map[string]any `yaml:"connectors"`
		}
		if err := yaml.Unmarshal([]byte(settings), &top); err != nil || len(top.Connectors) != 3 {
			t.Errorf("got %v, error %v", top, err)
		}
		if got := top.Connectors["github"]["url"]; got != nil && got != github || got == nil && github != "" {
			t.Errorf("got GitHub at %v, want %q", got, github)
		}
	}
	files, err := fs.Glob(company.Rules(), "rules/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("got %v, error %v", files, err)
	}
	where := map[string]string{}
	for _, name := range files {
		b, err := fs.ReadFile(company.Rules(), name)
		if err != nil {
			t.Fatal(err)
		}
		var sections map[string]any
		if err := yaml.Unmarshal(b, &sections); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key := range sections {
			if where[key] != "" && key != "tests" {
				t.Errorf("%s is set in %s and %s", key, where[key], name)
			}
			where[key] = name
		}
	}
}

func TestRulesTieTagsToIssuesThatExist(t *testing.T) {
	t.Parallel()
	b, err := fs.ReadFile(company.Rules(), "rules/evidence.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Evidence struct {
			Link []struct {
				Tags map[string]string `yaml:"tags"`
				To   string            `yaml:"to"`
			} `yaml:"link"`
		} `yaml:"evidence"`
	}
	if err := yaml.Unmarshal(b, &rules); err != nil {
		t.Fatal(err)
	}
	c := acme()
	about := map[string]string{}
	for _, f := range c.Feedback {
		if f.Via == "tag" {
			about[f.Tags[0]] = "jira:" + f.About
		}
	}
	if diff := cmp.Diff(about, rules.Evidence.Link[0].Tags); diff != "" {
		t.Error(diff)
	}
	targets := map[string]bool{}
	for _, rule := range rules.Evidence.Link[1:] {
		targets[rule.To] = true
	}
	for tag, target := range about {
		if !targets[target] {
			t.Errorf("no phrase leads to %s (%s)", target, tag)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		company.New(1, day(), company.Size{JiraIssues: 50_000, GitHubIssues: 50_000, Feedback: 100_000})
	}
}
