package likeness_test

import (
	"slices"
	"strings"
	"testing"

	"tandem/internal/sim/dataset"
	"tandem/mapping/evidence"
	"tandem/mapping/likeness"
)

// recall is the share of questions whose answer was among the first k.
type recall struct{ at1, at5, at10, asked float64 }

func (r *recall) count(found []string, want string) {
	r.asked++
	switch at := slices.Index(found, want); {
	case at == 0:
		r.at1++
		fallthrough
	case at > 0 && at < 5:
		r.at5++
		fallthrough
	case at > 0 && at < 10:
		r.at10++
	}
}

func (r *recall) log(t *testing.T, what string) {
	t.Helper()
	t.Logf("%-42s asked %3.0f  recall@1 %.2f  @5 %.2f  @10 %.2f", what, r.asked, r.at1/r.asked, r.at5/r.asked, r.at10/r.asked)
}

// The figures of docs/quality.md are what this test logs. The bounds are a
// little below them: a change that makes suggestions worse is noticed.
func TestQualityOfSuggestionsDuplicatesAreFoundMoreOftenThanByPlainBM25(t *testing.T) {
	t.Parallel()
	for _, project := range []struct {
		name      string
		at5, at10 float64
	}{{"hadoop", 0.74, 0.80}, {"SeaMonkey", 0.71, 0.79}} {
		docs, pairs := gitbugs(t, project.name)
		by := map[string]likeness.Doc{}
		for _, d := range docs {
			by[d.ID] = d
		}
		base, index := newPlain(docs), likeness.Build(docs)
		var before, ours recall
		for _, p := range pairs {
			q, known := by[p[0]]
			if _, there := by[p[1]]; !known || !there {
				continue
			}
			before.count(base.find(q.Title+" "+q.Body, q.ID, 10), p[1])
			query := likeness.Query{Title: q.Title, Text: q.Body, Language: "en"}
			ours.count(ids(index.Find(query, 10, func(id string) bool { return id == q.ID })), p[1])
		}
		before.log(t, project.name+", plain BM25")
		ours.log(t, project.name+", suggestions")
		if ours.at5/ours.asked < project.at5 || ours.at10/ours.asked < project.at10 {
			t.Errorf("%s: suggestions got worse: recall@5 below %.2f or recall@10 below %.2f", project.name, project.at5, project.at10)
		}
		if ours.at5 <= before.at5 || ours.at10 <= before.at10 {
			t.Errorf("%s: plain BM25 is as good", project.name)
		}
	}
}

// What people accepted teaches the index the users' words: half of the judged
// reviews are accepted, the other half asks, but for those that a curated
// phrase would link without asking anybody.
func TestQualityOfSuggestionsAcceptedFeedbackTeachesTheWordsOfUsers(t *testing.T) {
	t.Parallel()
	rows := dataset.Table(t, "is22_feature_reviews", "feature_review_relevance.csv")[1:]
	docs := map[string]*likeness.Doc{}
	var ask [][]string
	for _, row := range rows {
		id := row[0] + ": " + row[1]
		if docs[id] == nil {
			docs[id] = &likeness.Doc{ID: id, Title: row[1], Language: "en"}
		}
		switch {
		case row[4] != "Y":
		case row[2][len(row[2])-1]%2 == 0: // of a hash: as good as a coin
			docs[id].Also = append(docs[id].Also, row[3])
		case saysAll(row[3], row[1]): // linked without asking anybody
		default:
			ask = append(ask, []string{id, row[3]})
		}
	}
	var taught, untaught []likeness.Doc
	for _, d := range docs {
		taught = append(taught, *d)
		untaught = append(untaught, likeness.Doc{ID: d.ID, Title: d.Title, Language: "en"})
	}
	base, titles, learned := newPlain(untaught), likeness.Build(untaught), likeness.Build(taught)
	var before, bare, after recall
	for _, q := range ask {
		query := likeness.Query{Text: q[1], Language: "en"}
		before.count(base.find(q[1], "", 10), q[0])
		bare.count(ids(titles.Find(query, 10, nil)), q[0])
		after.count(ids(learned.Find(query, 10, nil)), q[0])
	}
	before.log(t, "reviews to 24 features, plain BM25")
	bare.log(t, "reviews to 24 features, suggestions")
	after.log(t, "the same, after others were accepted")
	if after.at1 <= before.at1 || after.at1 <= bare.at1 || after.at5/after.asked < 0.95 {
		t.Error("what people accepted teaches nothing")
	}
}

// saysAll reports whether all words of the phrase are in the text, as the rule
// of curated phrases asks.
func saysAll(text, phrase string) bool {
	said := evidence.Terms(text, "en")
	return !slices.ContainsFunc(evidence.Terms(phrase, "en"), func(w string) bool { return !slices.Contains(said, w) })
}

func ids(matches []likeness.Match) []string {
	var found []string
	for _, m := range matches {
		found = append(found, m.ID)
	}
	return found
}

// gitbugs reads the issues of a project and the pairs of duplicates, both ways
// where the source names both.
func gitbugs(t *testing.T, project string) (docs []likeness.Doc, pairs [][2]string) {
	t.Helper()
	issues := dataset.Table(t, "gitbugs", project+"_bugs.csv")
	column := func(name string) int { return slices.Index(issues[0], name) }
	for _, r := range issues[1:] {
		docs = append(docs, likeness.Doc{ID: r[column("Issue id")], Title: r[column("Summary")], Body: r[column("Description")], Language: "en"})
	}
	for _, r := range dataset.Table(t, "gitbugs", project+"_bugs-combined.csv")[1:] {
		for other := range strings.SplitSeq(r[1], ",") {
			pairs = append(pairs, [2]string{strings.TrimSpace(r[0]), strings.TrimSpace(other)})
		}
	}
	return docs, pairs
}
