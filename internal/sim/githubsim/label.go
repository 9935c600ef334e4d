package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"tandem/internal/sim"
)

// labelList answers with the labels of a repository.
func (s *Site) labelList(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	address := fmt.Sprintf("%s/repositories/%d/labels", a.base, repo.ID)
	return paged(r, address, repo.sortedLabels(), func(l *Label) any { return a.label(repo, l) })
}

// labelGet answers with one label.
func (s *Site) labelGet(a *asker, r *http.Request) reply {
	repo, l, refused := a.findLabel(r)
	if refused != nil {
		return *refused
	}
	return ok(a.label(repo, l))
}

func (a *asker) findLabel(r *http.Request) (*repository, *Label, *reply) {
	repo, refused := a.repository(r)
	if refused != nil {
		return nil, nil, refused
	}
	l := repo.labels[fold(r.PathValue("name"))]
	if l == nil {
		none := missing()
		return nil, nil, &none
	}
	return repo, l, nil
}

// labelBody is the body of a label's creation or change.
type labelBody struct {
	Name        *string `json:"name"`
	NewName     *string `json:"new_name"`
	Color       *string `json:"color"`
	Description *string `json:"description"`
}

// labelPost defines a label.
func (s *Site) labelPost(a *asker, r *http.Request) reply {
	repo, refused := a.definable(r)
	if refused != nil {
		return *refused
	}
	var body labelBody
	if refused := a.decode(&body); refused != nil {
		return *refused
	}
	if body.Name == nil {
		return invalid(detail{Resource: "Label", Code: "missing_field", Field: "name"})
	}
	l := Label{}
	if details := repo.fill(&l, body.Name, body, nil); len(details) > 0 {
		return invalid(details...)
	}
	defined := s.define(repo, l)
	call := sim.CallOf(r.Context())
	call.Effects = append(call.Effects, sim.Effect{Ref: repo.Name, Field: "label " + l.Name, To: l.Name})
	return created(a.label(repo, defined), a.self(repo)+"/labels/"+url.PathEscape(l.Name))
}

// labelPatch changes a label's definition. Issues keep their updated_at.
func (s *Site) labelPatch(a *asker, r *http.Request) reply {
	repo, refused := a.definable(r)
	if refused != nil {
		return *refused
	}
	_, l, refused := a.findLabel(r)
	if refused != nil {
		return *refused
	}
	var body labelBody
	if refused := a.decode(&body); refused != nil {
		return *refused
	}
	changed := *l
	if body.NewName == nil {
		body.NewName = body.Name
	}
	if details := repo.fill(&changed, body.NewName, body, l); len(details) > 0 {
		return invalid(details...)
	}
	call := sim.CallOf(r.Context())
	call.Effects = append(call.Effects, repo.redefine(l, changed)...)
	return ok(a.label(repo, repo.labels[fold(changed.Name)]))
}

// labelDelete removes a label from the repository and all issues.
func (s *Site) labelDelete(a *asker, r *http.Request) reply {
	repo, refused := a.definable(r)
	if refused != nil {
		return *refused
	}
	_, l, refused := a.findLabel(r)
	if refused != nil {
		return *refused
	}
	call := sim.CallOf(r.Context())
	call.Effects = append(call.Effects, repo.undefine(l)...)
	return reply{status: http.StatusNoContent}
}

// definable finds the path's repository for a change of its labels. Without
// the right to see that there is something to change, it is not there.
func (a *asker) definable(r *http.Request) (*repository, *reply) {
	repo, refused := a.repository(r)
	if refused != nil {
		return nil, refused
	}
	if repo.Archived {
		no := archived()
		return nil, &no
	}
	if a.access(repo) != Push {
		no := missing()
		if a.account.App {
			no = a.forbidden()
		}
		return nil, &no
	}
	return repo, nil
}

// fill puts a request into a label and reports what is wrong with it. Self is
// the label that is being changed, or nil.
func (r *repository) fill(l *Label, name *string, body labelBody, self *Label) []detail {
	var details []detail
	if name != nil {
		l.Name = *name
		other := r.labels[fold(l.Name)]
		switch {
		case strings.TrimSpace(l.Name) == "":
			details = append(details, detail{Resource: "Label", Code: "missing_field", Field: "name"})
		case utf8.RuneCountInString(l.Name) > longestLabel:
			details = append(details, tooLong("Label", "name", longestLabel))
		case other != nil && other != self:
			details = append(details, detail{Resource: "Label", Code: "already_exists", Field: "name"})
		}
	}
	if body.Color != nil {
		l.Color = *body.Color
		if !regexp.MustCompile(`^[0-9A-Fa-f]{6}$`).MatchString(l.Color) {
			details = append(details, detail{Resource: "Label", Code: "invalid", Field: "color"})
		}
	}
	if body.Description != nil {
		l.Description = *body.Description
		if utf8.RuneCountInString(l.Description) > longestDescription {
			details = append(details, tooLong("Label", "description", longestDescription))
		}
	}
	return details
}
