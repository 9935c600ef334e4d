package github

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// Labels that Tandem defines say by their description whose they are. It has at
// most 100 characters.
const (
	keptBy           = "Kept by Tandem"
	longestDescribed = 100
)

// claimEvery is how often the labels of a repository are looked at for the
// signature of another Tandem, while it is written.
const claimEvery = 10 * time.Minute

// mostLabelPages bounds how many labels of a repository are looked at.
const mostLabelPages = 20

// claim is what a look at the labels of a repository said.
type claim struct {
	by string // the signature of another Tandem; empty where there is none
	at time.Time
}

// description is that of labels which we define. The longer it is, the more of
// the advice is left out; the signature never is.
func description(owner connectors.Owner) string {
	by := owner.String()
	if by == "" {
		return keptBy + ". To stop it on an issue, add the label tandem/hands-off there."
	}
	text := keptBy + " " + by + "."
	advices := []string{" To stop it on an issue, add the label tandem/hands-off there.", " The label tandem/hands-off stops it."}
	if owner.Pages != "" { // where to look, if the way to stop it stays
		why := " Why: " + owner.Pages
		advices = append([]string{advices[0] + why, advices[1] + why, " Stop it: label tandem/hands-off." + why, " Stop: tandem/hands-off." + why}, advices...)
	}
	for _, advice := range advices {
		if len(text)+len(advice) <= longestDescribed {
			return text + advice
		}
	}
	return text
}

// signatureIn is who defined a label, by its description; ours tells that it is a
// description of Tandem's at all. Older ones have no signature.
func signatureIn(described string) (by string, ours bool) {
	rest, found := strings.CutPrefix(described, keptBy)
	if !found {
		return "", false
	}
	if strings.HasPrefix(rest, ".") {
		return "", described == description(connectors.Owner{})
	}
	by, _, _ = strings.Cut(strings.TrimPrefix(rest, " "), ".")
	instance, store, signed := strings.Cut(by, "/")
	return by, signed && instance != "" && store != "" && !strings.Contains(by, " ")
}

// foreign is the signature of another Tandem in a description; empty without.
func (s *sink) foreign(described string) string {
	if by, ours := signatureIn(described); ours && s.owner.Foreign(by) {
		return by
	}
	return ""
}

// claimed says why nothing is written in a repository: another Tandem writes
// there. An error means that this could not be found out.
func (s *sink) claimed(ctx context.Context, name string) (string, error) {
	if s.owner.String() == "" {
		return "", nil
	}
	s.sending.Lock()
	defer s.sending.Unlock()
	known, looked := s.claims[strings.ToLower(name)]
	if !looked || !work.Fresh(known.at, s.now(), claimEvery) {
		by, err := s.lookForClaims(ctx, name)
		if err != nil {
			return "", fmt.Errorf("look whether another Tandem writes in %s: %w", name, err)
		}
		known = s.claim(name, by)
	}
	if known.by != "" {
		return connectors.Refusal(known.by), nil
	}
	return "", nil
}

// refuseClaimed is the result of an edit in a repository of another Tandem; nil
// where it may go.
func (s *sink) refuseClaimed(ctx context.Context, e work.Edit) *work.Result {
	name, _, err := splitKey(e.Key)
	if err != nil {
		return nil // it is refused for that
	}
	why, err := s.claimed(ctx, name)
	r := rejected(why)
	switch {
	case err != nil:
		r = s.outcome(err, false)
	case why == "":
		return nil
	}
	return &r
}

func (s *sink) claim(name, by string) claim {
	if s.claims == nil {
		s.claims = map[string]claim{}
	}
	c := claim{by, s.now()}
	s.claims[strings.ToLower(name)] = c
	return c
}

// lookForClaims reads the labels of a repository, and remembers them.
func (s *sink) lookForClaims(ctx context.Context, name string) (by string, err error) {
	address := repositoryPath(name) + fmt.Sprintf("/labels?per_page=%d", perPage)
	for range mostLabelPages {
		a, err := s.client.get(ctx, address, "")
		if err != nil {
			return "", err
		}
		var page []definedLabel
		if err := a.into(&page); err != nil {
			return "", err
		}
		for _, l := range page {
			if by = s.foreign(l.Description); by != "" {
				return by, nil
			}
			s.noteLabel(name, l.Name, l.NodeID)
		}
		next := nextOf(a.header)
		if next == "" {
			break
		}
		if address, err = follow(s.client.base, next); err != nil {
			return "", err
		}
	}
	return "", nil
}

// definedLabel is a label as a repository defines it.
type definedLabel struct {
	Name        string `json:"name"`
	NodeID      string `json:"node_id"`
	Color       string `json:"color"`
	Description string `json:"description"`
}
