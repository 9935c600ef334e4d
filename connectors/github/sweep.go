package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tandem/connectors"
)

// Sweep removes the definitions of labels in a repository that were made by
// add and that no issue and no pull request bears. One that people coloured or
// described otherwise has become theirs.
func (s *sink) Sweep(ctx context.Context, place string, of connectors.Remains, look bool) (connectors.Remains, error) {
	s.sending.Lock()
	defer s.sending.Unlock()
	var swept connectors.Remains
	for _, label := range of.Labels {
		ours, err := s.definedByUs(ctx, place, label)
		if err == nil && ours && !look {
			ours, err = s.undefine(ctx, place, label)
		}
		if err != nil {
			return swept, fmt.Errorf("remove the label %q of %s: %w", label, place, err)
		}
		if ours {
			swept.Labels = append(swept.Labels, label)
		}
	}
	return swept, nil
}

func labelPath(name, label string) string {
	return repositoryPath(name) + "/labels/" + url.PathEscape(label)
}

// definedByUs reports whether the label exists as add defines it. In a query a
// comma would mean two labels, so that one with a comma stays.
func (s *sink) definedByUs(ctx context.Context, place, label string) (bool, error) {
	if label == "." || label == ".." || strings.Contains(label, ",") {
		return false, nil
	}
	var w definedLabel
	a, err := s.client.get(ctx, labelPath(place, label), "")
	if statusOf(err) == http.StatusNotFound {
		return false, nil
	}
	if err == nil {
		err = a.into(&w)
	}
	_, ours := signatureIn(w.Description)
	return err == nil && ours && s.foreign(w.Description) == "" && strings.EqualFold(w.Color, labelColour), err
}

// undefine removes the definition, unless something bears the label: that
// would lose it.
func (s *sink) undefine(ctx context.Context, place, label string) (bool, error) {
	query := url.Values{"labels": {label}, "state": {"all"}, "per_page": {"1"}}
	a, err := s.client.get(ctx, repositoryPath(place)+"/issues?"+query.Encode(), "")
	var borne []struct {
		ID int64 `json:"id"`
	}
	if err == nil {
		err = a.into(&borne)
	}
	if err != nil || borne == nil || len(borne) > 0 {
		return false, err
	}
	_, _, err = s.write(ctx, http.MethodDelete, labelPath(place, label), nil)
	if err != nil && statusOf(err) != http.StatusNotFound {
		return false, err
	}
	delete(s.defined, definedKey(place, label))
	delete(s.labelIDs, definedKey(place, label))
	return true, nil
}
