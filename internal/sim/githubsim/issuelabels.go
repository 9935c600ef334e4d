package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// The published limits of a label.
const (
	longestLabel       = 50
	longestDescription = 100
)

// writable finds the path's issue for a change of its labels or assignees.
func (a *asker) writable(r *http.Request) (*repository, *Issue, *reply) {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return nil, nil, refused
	}
	if repo.Archived {
		no := archived()
		return nil, nil, &no
	}
	if a.access(repo) != Push {
		no := a.forbidden()
		return nil, nil, &no
	}
	return repo, i, nil
}

// issueLabels answers with the labels of an issue.
func (s *Site) issueLabels(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	address := fmt.Sprintf("%s/repositories/%d/issues/%d/labels", a.base, repo.ID, i.Number)
	return paged(r, address, repo.labelled(i), func(l *Label) any { return a.label(repo, l) })
}

// issueLabelsPost adds labels. Names that the repository does not have become
// labels of it.
func (s *Site) issueLabelsPost(a *asker, r *http.Request) reply {
	return s.relabelIssue(a, r, func(old, sent []string) []string { return append(old, without(sent, old)...) })
}

// issueLabelsPut replaces all labels.
func (s *Site) issueLabelsPut(a *asker, r *http.Request) reply {
	return s.relabelIssue(a, r, func(_, sent []string) []string { return sent })
}

func (s *Site) relabelIssue(a *asker, r *http.Request, combine func(old, sent []string) []string) reply {
	repo, i, refused := a.writable(r)
	if refused != nil {
		return *refused
	}
	sent, refused := a.names("labels")
	if refused != nil {
		return *refused
	}
	if details := badLabels("Label", sent); len(details) > 0 {
		return invalid(details...)
	}
	labels := unique(combine(slices.Clone(i.Labels), sent))
	if len(labels) > mostLabels {
		return invalid(detail{Resource: "Issue", Code: "custom", Field: "labels", Message: "labels are too many (maximum is 100)"})
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Labels = labels })
	return ok(a.labels(repo, repo.issues[i.Number]))
}

// issueLabelsClear removes all labels.
func (s *Site) issueLabelsClear(a *asker, r *http.Request) reply {
	repo, i, refused := a.writable(r)
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Labels = nil })
	return reply{status: http.StatusNoContent}
}

// issueLabelDelete removes one label.
func (s *Site) issueLabelDelete(a *asker, r *http.Request) reply {
	repo, i, refused := a.writable(r)
	if refused != nil {
		return *refused
	}
	name := r.PathValue("name")
	if len(without([]string{name}, i.Labels)) > 0 {
		return refuse(http.StatusNotFound, "Label does not exist")
	}
	s.commit(a, r, repo, i, func(i *Issue) {
		i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return strings.EqualFold(l, name) })
	})
	return ok(a.labels(repo, repo.issues[i.Number]))
}

// names reads a list of names: bare, as the value of a key, or a single one.
func (a *asker) names(key string) ([]string, *reply) {
	var list []named
	if json.Unmarshal(a.payload, &list) == nil {
		return texts(list), nil
	}
	var single string
	if json.Unmarshal(a.payload, &single) == nil {
		return []string{single}, nil
	}
	var object map[string]json.RawMessage
	if refused := a.decode(&object); refused != nil {
		return nil, refused
	}
	if raw, there := object[key]; there {
		if err := json.Unmarshal(raw, &list); err != nil {
			refused := malformed("For 'properties/" + key + "', it is not an array of names.")
			return nil, &refused
		}
	}
	return texts(list), nil
}

// badLabels reports names that cannot be labels.
func badLabels(resource string, names []string) []detail {
	var details []detail
	for _, name := range names {
		if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > longestLabel {
			details = append(details, detail{Resource: resource, Code: "invalid", Field: "name", Value: name})
		}
	}
	if len(unique(names)) > mostLabels {
		details = append(details, detail{Resource: "Issue", Code: "custom", Field: "labels", Message: "labels are too many (maximum is 100)"})
	}
	return details
}

// unique removes names that are there already, ignoring case.
func unique(names []string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, name := range names {
		if !seen[fold(name)] {
			seen[fold(name)] = true
			kept = append(kept, name)
		}
	}
	return kept
}

// assigneesPost adds assignees; users that cannot be assigned are ignored.
func (s *Site) assigneesPost(a *asker, r *http.Request) reply {
	repo, i, refused := a.writable(r)
	if refused != nil {
		return *refused
	}
	sent, refused := a.names("assignees")
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Assignees = s.assignable(append(i.Assignees, sent...)) })
	return created(a.single(repo, repo.issues[i.Number]), "")
}

// assigneesDelete removes assignees.
func (s *Site) assigneesDelete(a *asker, r *http.Request) reply {
	repo, i, refused := a.writable(r)
	if refused != nil {
		return *refused
	}
	sent, refused := a.names("assignees")
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Assignees = without(i.Assignees, sent) })
	return ok(a.single(repo, repo.issues[i.Number]))
}
