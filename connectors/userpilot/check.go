package userpilot

import (
	"context"
	"fmt"

	"tandem/internal/work"
)

// checker looks whether key and plan are right.
type checker struct{ source *source }

// Check lists exports and surveys; it begins no export.
func (c *checker) Check(ctx context.Context) []work.Finding {
	s := c.source
	if err := s.client.jobs(ctx); err != nil {
		return []work.Finding{{Level: work.Fatal, Subject: s.name, What: err.Error(), Remedy: remedyOf(err)}}
	}
	b, err := s.client.surveyBooks(ctx)
	if err != nil {
		return []work.Finding{{Level: work.Warning, Subject: s.name + " surveys", What: "wordings cannot be looked up: " + err.Error(), Remedy: "none is needed; questions have their ids for names"}}
	}
	return []work.Finding{{Level: work.Note, Subject: s.name, What: fmt.Sprintf("exports can be read; %d surveys are known", len(b.surveys))}}
}
