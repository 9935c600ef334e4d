package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// spot is an issue as edits name it.
type spot struct {
	ref    work.RefID
	name   string // of the repository
	number int
}

// lookFields is what a write needs to know of an issue.
const lookFields = `id fullDatabaseId number locked state stateReason milestone { title }
	repository { nameWithOwner isArchived isPrivate } labels(first: 100) { nodes { name } }`

// node is an issue as a look-up shows it.
type node struct {
	ID         string `json:"id"`
	DatabaseID bigID  `json:"fullDatabaseId"`
	Number     int    `json:"number"`
	Repository struct {
		Name     string `json:"nameWithOwner"`
		Archived bool   `json:"isArchived"`
		Private  *bool  `json:"isPrivate"`
	} `json:"repository"`
	Labels struct {
		Nodes []wireLabel `json:"nodes"`
	} `json:"labels"`
	State       string     `json:"state"`
	StateReason string     `json:"stateReason"`
	Milestone   *wireTitle `json:"milestone"`
}

// state is what decisions are made on.
func (n *node) state() *issueState {
	return &issueState{labels: names(n.Labels.Nodes), fields: fieldsOf(n.State, n.StateReason, n.Milestone)}
}

// audience is who may read the issue.
func (n *node) audience() work.Audience {
	return audienceOf(wireRepository{Private: n.Repository.Private})
}

// found is what a look-up says of one issue: a node, nothing, or why not.
type found struct {
	raw    json.RawMessage // nil where it is not there
	denied string          // why it cannot be told
	unseen bool            // the whole repository cannot be seen
}

// lookUp asks for issues by number, a hundred in one request; for fewer where
// that is too much for the service.
func (c *client) lookUp(ctx context.Context, spots []spot, fields string) (map[spot]found, error) {
	all := make(map[spot]found, len(spots))
	for len(spots) > 0 {
		size := min(c.graph.size(), len(spots))
		part, err := c.lookUpPart(ctx, spots[:size], fields)
		if errors.Is(err, errTooHeavy) && c.graph.shrink() {
			continue
		}
		if err != nil {
			return all, err
		}
		maps.Copy(all, part)
		spots = spots[size:]
	}
	return all, nil
}

func (c *client) lookUpPart(ctx context.Context, spots []spot, fields string) (map[spot]found, error) {
	byName := map[string][]spot{}
	var names []string
	for _, s := range spots {
		if byName[s.name] == nil {
			names = append(names, s.name)
		}
		byName[s.name] = append(byName[s.name], s)
	}
	var b strings.Builder
	var params []string
	variables := map[string]any{}
	for i, name := range names {
		owner, repository, _ := strings.Cut(name, "/")
		o, n := fmt.Sprintf("o%d", i), fmt.Sprintf("n%d", i)
		params = append(params, "$"+o+": String!", "$"+n+": String!")
		variables[o], variables[n] = owner, repository
		fmt.Fprintf(&b, " r%d: repository(owner: $%s, name: $%s) {", i, o, n)
		for _, s := range byName[name] {
			fmt.Fprintf(&b, " i%d: issue(number: %d) { ...look }", s.number, s.number)
		}
		b.WriteString(" }")
	}
	document := "query(" + strings.Join(params, ", ") + ") {" + b.String() + " } fragment look on Issue { " + fields + " }"
	a, err := c.query(ctx, document, variables)
	if err != nil {
		return nil, err
	}
	return a.pick(names, byName)
}

// pick reads the answer. Only NOT_FOUND means that something is not there: a
// repository that cannot be seen any more says nothing of its issues.
func (a graphAnswer) pick(names []string, byName map[string][]spot) (map[spot]found, error) {
	all := map[spot]found{}
	for i, name := range names {
		alias := "r" + strconv.Itoa(i)
		var issues map[string]json.RawMessage
		if raw := a.data[alias]; len(raw) > 0 && string(raw) != "null" {
			if err := json.Unmarshal(raw, &issues); err != nil {
				return nil, &answerError{"the GraphQL answer has not the form that was asked for: " + err.Error()}
			}
		}
		for _, s := range byName[name] {
			own := "i" + strconv.Itoa(s.number)
			raw := issues[own]
			switch {
			case len(raw) > 0 && string(raw) != "null":
				all[s] = found{raw: raw}
			default:
				all[s] = found{denied: a.denial(alias, own), unseen: a.hides(alias)}
			}
		}
	}
	return all, nil
}

// denial says why a part is null; empty where it is not there.
func (a graphAnswer) denial(repository, issue string) string {
	for _, f := range a.faults {
		if f.at(repository, issue) {
			if f.Type == "NOT_FOUND" {
				return ""
			}
			return f.Message
		}
	}
	for _, f := range a.faults {
		if f.at(repository) {
			return f.Message
		}
	}
	return "GitHub left it out and does not say why"
}

// hides reports whether there is no such repository for these credentials.
func (a graphAnswer) hides(repository string) bool {
	return slices.ContainsFunc(a.faults, func(f graphFault) bool {
		return f.Type == "NOT_FOUND" && len(f.Path) == 1 && f.at(repository)
	})
}

// spotsOf returns the issues of edits, each once. Keys that are none are left
// to Send.
func spotsOf(edits []work.Edit) []spot {
	var spots []spot
	for _, e := range edits {
		name, number, err := splitKey(e.Key)
		if err != nil {
			continue
		}
		s := spot{e.Target.RefID, name, number}
		if !slices.Contains(spots, s) {
			spots = append(spots, s)
		}
	}
	return spots
}
