package jira

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// sprint is what is needed of one.
type sprint struct {
	ID    int64
	Name  string
	State string
	Start time.Time
}

// sprintName reads the sprint that an issue is planned in.
func sprintName(raw json.RawMessage) (work.Value, error) {
	s, ok := plannedSprint(raw)
	if !ok {
		return work.Value{}, nil
	}
	return work.NewText(s.Name), nil
}

// sprintState reads whether that sprint is active or future.
func sprintState(raw json.RawMessage) (work.Value, error) {
	s, ok := plannedSprint(raw)
	if !ok {
		return work.Value{}, nil
	}
	return work.NewText(s.State), nil
}

// plannedSprint is the active sprint of an issue, else the nearest future one,
// else none: closed ones are history. An element that is not understood makes
// the answer unknown, unless the active sprint is among the others.
func plannedSprint(raw json.RawMessage) (best sprint, ok bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw} // Agile calls write one alone
	}
	var open []sprint
	ok = true
	for _, one := range list {
		if isNull(one) {
			continue
		}
		s, understood := parseSprint(one)
		ok = ok && understood
		if s.State == "active" || s.State == "future" {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return sprint{}, ok
	}
	best = slices.MinFunc(open, compareSprints)
	return best, ok || best.State == "active"
}

// compareSprints puts the active before the future, the nearer before the
// later, and those without a start last.
func compareSprints(a, b sprint) int {
	return cmp.Or(
		cmp.Compare(a.State, b.State), // "active" < "future"
		cmp.Compare(btoi(a.Start.IsZero()), btoi(b.Start.IsZero())),
		a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID),
	)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parseSprint reads an object, or the toString of a Java object.
func parseSprint(raw json.RawMessage) (sprint, bool) {
	var o struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		State string `json:"state"`
		Start string `json:"startDate"`
	}
	var java string
	if json.Unmarshal(raw, &java) == nil {
		values, ok := javaValues(java)
		if !ok {
			return sprint{}, false
		}
		o.ID, _ = strconv.ParseInt(values["id"], 10, 64)
		o.Name, o.State, o.Start = values["name"], values["state"], values["startDate"]
	} else if json.Unmarshal(raw, &o) != nil {
		return sprint{}, false
	}
	s := sprint{ID: o.ID, Name: o.Name, State: strings.ToLower(o.State)}
	s.Start, _ = parseMoment(o.Start)
	known := slices.Contains([]string{"active", "future", "closed"}, s.State)
	return s, known && s.Name != ""
}

// javaValues takes the toString of a sprint apart. Nothing is escaped there:
// names and goals hold commas and brackets, so a value ends where a key that
// sprints have begins, or at the last bracket.
func javaValues(text string) (map[string]string, bool) {
	start, end := strings.IndexByte(text, '['), strings.LastIndexByte(text, ']')
	if start < 0 || end < start || !strings.Contains(text[:start], "Sprint@") {
		return nil, false
	}
	text = text[start+1 : end]
	key := regexp.MustCompile(`(?:^|,)(id|rapidViewId|state|name|goal|startDate|endDate|completeDate|activatedDate|sequence|incompleteIssuesDestinationId|autoStartStop|synced)=`)
	values := map[string]string{}
	found := key.FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		to := len(text)
		if i+1 < len(found) {
			to = found[i+1][0]
		}
		name, value := text[at[2]:at[3]], text[at[1]:to]
		if _, twice := values[name]; !twice && value != "<null>" {
			values[name] = value
		}
	}
	return values, true
}
