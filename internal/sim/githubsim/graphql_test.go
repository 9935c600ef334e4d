package githubsim_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/githubsim"
)

// board is the sample with a project of the organisation.
func board() githubsim.World {
	w := sample()
	w.Projects = []githubsim.Project{{
		Owner: "acme", Number: 7, Title: "Roadmap", Fields: []githubsim.ProjectField{
			{Name: "Horizon", Kind: githubsim.SelectField, Options: []githubsim.ProjectOption{{Name: "Now"}, {Name: "Next"}, {Name: "Later"}}},
			{Name: "Estimate", Kind: githubsim.NumberField},
			{Name: "Target", Kind: githubsim.DateField},
			{Name: "Notes", Kind: githubsim.TextField},
			{Name: "Sprint", Kind: githubsim.IterationField, Options: []githubsim.ProjectOption{{Name: "Sprint 1", Start: noon(), Days: 14}}},
		},
	}}
	return w
}

// ask sends a GraphQL request and returns its data and the messages of its
// errors.
func (d *desk) ask(query string, variables map[string]any) (data map[string]any, errs []string) {
	d.t.Helper()
	a := d.call("POST", "/graphql", map[string]any{"query": query, "variables": variables})
	var body struct {
		Data   map[string]any
		Errors []struct {
			Message string
			Path    []any
		}
	}
	if err := json.Unmarshal(a.raw, &body); err != nil || a.status != 200 {
		d.t.Fatalf("%d %s: %v", a.status, a.raw, err)
	}
	for _, e := range body.Errors {
		errs = append(errs, fmt.Sprint(e.Path...)+": "+e.Message)
	}
	return body.Data, errs
}

func TestABatchOfMutationsChangesWhatItCanAndSaysWhatItCannot(t *testing.T) {
	t.Parallel()
	d := open(t, board(), githubsim.Options{})
	got, _ := d.ask(`query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
		id bug: label(name: "BUG") { id name } none: label(name: "nope") { id }
		one: issue(number: 1) { id databaseId state labels(first: 10) { nodes { name } } } three: issue(number: 3) { id }
	} rateLimit { remaining cost } }`, map[string]any{"owner": "acme", "name": "pay"})
	repo := at(got, "repository")
	if at(repo, "bug", "name") != "bug" || at(repo, "none") != nil {
		t.Fatalf("answer = %v", got)
	}
	d.FailMutations("closeIssue")
	got, errs := d.ask(`mutation($one: ID!, $three: ID!, $bug: [ID!]!, $repo: ID!) {
		a: addLabelsToLabelable(input: {labelableId: $one, labelIds: $bug}) { labelable { ... on Issue { number labels(first: 10) { nodes { name } } } } }
		b: closeIssue(input: {issueId: $three, stateReason: NOT_PLANNED}) { issue { state } }
		c: createLabel(input: {repositoryId: $repo, name: "priority/p1", color: "b60205", description: "by Tandem"}) { label { id name } }
		d: addLabelsToLabelable(input: {labelableId: "I_nowhere", labelIds: $bug}) { clientMutationId }
		e: addComment(input: {subjectId: $three, body: "hello"}) { commentEdge { node { id body } } }
	}`, map[string]any{"one": at(repo, "one", "id"), "three": at(repo, "three", "id"), "bug": []any{at(repo, "bug", "id")}, "repo": at(repo, "id")})
	if at(got, "a", "labelable", "labels", "nodes", 0, "name") != "bug" || at(got, "b") != nil || at(got, "c", "label", "name") != "priority/p1" {
		t.Errorf("answer = %v", got)
	}
	want := []string{"b: Something went wrong while executing your query.", "d: Could not resolve to a node with the global id of 'I_nowhere'."}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	one, _ := d.Issue("acme/pay#1")
	three, _ := d.Issue("acme/pay#3")
	if len(one.Labels) != 1 || len(three.Comments) != 1 || three.State != githubsim.Open {
		t.Errorf("issues = %+v, %+v", one, three)
	}
}

func TestAProjectIsReadAndWrittenFromTheSideOfItsIssues(t *testing.T) {
	t.Parallel()
	d := open(t, board(), githubsim.Options{})
	got, _ := d.ask(`{ organization(login: "acme") { projectV2(number: 7) { id title fields(first: 20) { nodes {
		__typename ... on ProjectV2FieldCommon { id name dataType } ... on ProjectV2SingleSelectField { options { id name } }
		... on ProjectV2IterationField { configuration { iterations { id title } completedIterations { id } } } } } } }
		repository(owner: "acme", name: "pay") { issue(number: 1) { id } } }`, nil)
	p := at(got, "organization", "projectV2")
	field := func(i int) any { return at(p, "fields", "nodes", i, "id") }
	added, errs := d.ask(`mutation($p: ID!, $i: ID!) { addProjectV2ItemById(input: {projectId: $p, contentId: $i}) { item { id } } }`,
		map[string]any{"p": at(p, "id"), "i": at(got, "repository", "issue", "id")})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	item := at(added, "addProjectV2ItemById", "item", "id")
	set := func(n int, value map[string]any) []string {
		_, errs := d.ask(`mutation($p: ID!, $i: ID!, $f: ID!, $v: ProjectV2FieldValue!) {
			updateProjectV2ItemFieldValue(input: {projectId: $p, itemId: $i, fieldId: $f, value: $v}) { projectV2Item { id } } }`,
			map[string]any{"p": at(p, "id"), "i": item, "f": field(n), "v": value})
		return errs
	}
	for n, value := range []map[string]any{
		{"singleSelectOptionId": at(p, "fields", "nodes", 0, "options", 1, "id")},
		{"number": 3.5},
		{"date": noon().Format(time.DateOnly)},
		{"text": "soon"},
		{"iterationId": at(p, "fields", "nodes", 4, "configuration", "iterations", 0, "id")},
	} {
		if errs := set(n, value); len(errs) > 0 {
			t.Error(n, errs)
		}
	}
	if errs := set(0, map[string]any{"singleSelectOptionId": "nope"}); len(errs) != 1 {
		t.Errorf("an option that is not there was taken: %v", errs)
	}
	got, _ = d.ask(`{ repository(owner: "acme", name: "pay") { issue(number: 1) { projectItems(first: 5) { nodes { id project { number } fieldValues(first: 20) { nodes {
		__typename
		... on ProjectV2ItemFieldSingleSelectValue { name optionId field { ... on ProjectV2FieldCommon { name } } }
		... on ProjectV2ItemFieldNumberValue { number } ... on ProjectV2ItemFieldDateValue { date }
		... on ProjectV2ItemFieldTextValue { text } ... on ProjectV2ItemFieldIterationValue { title } } } } } } } }`, nil)
	values := at(got, "repository", "issue", "projectItems", "nodes", 0, "fieldValues", "nodes")
	if at(values, 0, "name") != "Next" || at(values, 1, "number") != 3.5 || at(values, 3, "text") != "soon" || at(values, 4, "title") != "Sprint 1" {
		t.Errorf("values = %v", values)
	}
	if held, _ := d.Project("acme/7"); len(held.Items) != 1 || held.Items[0].Values[held.Fields[1].ID] != 3.5 {
		t.Errorf("project = %+v", held)
	}
}
