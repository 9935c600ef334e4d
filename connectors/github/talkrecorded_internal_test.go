package github

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tandem/internal/work"
)

// Each recorded comment is understood: it becomes feedback, or belongs to a
// pull request, to a bot, or says nothing of its own.
func TestRecordedCommentsBecomeFeedback(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(shared(t), "recordings", "github", "devlake", "_raw_github_api_comments.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(rows[0], "data")
	s := &source{name: "gh", comments: Comments{Feedback: fromEverybody}}
	feedback := 0
	for _, row := range rows[1:] {
		var c wireTalk
		if err := json.Unmarshal([]byte(row[column]), &c); err != nil || c.ID == 0 || c.Body == "" || c.Author == nil || c.Association == "" || c.Updated.Before(c.Created) {
			t.Errorf("%v: %+v", err, c)
		}
		feedback += len(s.voices("panjf2000/ants", []wireTalk{c}, work.Public))
	}
	t.Logf("recordings/github/devlake: %d comments, %d of them feedback", len(rows)-1, feedback)
	if len(rows)-1 != 95 || feedback != 48 {
		t.Errorf("%d of %d comments are feedback", feedback, len(rows)-1)
	}
}

// The recorded GraphQL answers were asked for with other fields; those that we
// ask for as well are read out of them.
func TestRecordedGraphQLIssuesAreUnderstood(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(shared(t), "recordings", "github", "gh-cli-graphql", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	issues := 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Data struct {
				Repository struct {
					Issues struct{ Nodes []graphIssue } `json:"issues"`
					Issue  *graphIssue                  `json:"issue"`
				} `json:"repository"`
				Search struct{ Nodes []graphIssue } `json:"search"`
			} `json:"data"`
		}
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		all := slices.Concat(body.Data.Repository.Issues.Nodes, body.Data.Search.Nodes)
		if body.Data.Repository.Issue != nil {
			all = append(all, *body.Data.Repository.Issue)
		}
		for _, g := range all {
			if w := g.wire(); w.Number == 0 || w.Title == "" && w.Body != nil && *w.Body == "" && g.Comments.Total == 0 {
				t.Errorf("%s: %+v", filepath.Base(path), w)
			}
		}
		issues += len(all)
	}
	t.Logf("recordings/github/gh-cli-graphql: %d issues in %d files", issues, len(files))
	if len(files) != 4 || issues != 7 {
		t.Errorf("%d issues in %d files", issues, len(files))
	}
}
