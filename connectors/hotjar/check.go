package hotjar

import (
	"context"
	"fmt"

	"tandem/internal/work"
)

// checker asks for the surveys and for one response.
type checker struct{ source *source }

// Check looks whether the key, the plan, the site and the surveys are right.
func (c *checker) Check(ctx context.Context) []work.Finding {
	s := c.source
	fatal := func(err error) []work.Finding {
		return []work.Finding{{Level: work.Fatal, Subject: s.name, What: err.Error(), Remedy: remedyOf(err)}}
	}
	surveys, err := s.client.surveys(ctx)
	if err != nil {
		return fatal(err)
	}
	var wanted []survey
	for _, one := range surveys {
		if s.config.wants(one) {
			wanted = append(wanted, one)
		}
	}
	findings := []work.Finding{{Level: work.Note, Subject: s.name, What: fmt.Sprintf("%d of %d surveys of the site are read", len(wanted), len(surveys))}}
	if len(wanted) == 0 {
		return append(findings, work.Finding{
			Level: work.Warning, Subject: s.name + " surveys", What: "no survey is read",
			Remedy: "write names or ids as Hotjar shows them into surveys:, or leave it out for all",
		})
	}
	l, err := s.client.responses(ctx, wanted[0].ID, "")
	if err != nil {
		return fatal(err)
	}
	if len(*l.Results) == 0 {
		findings = append(findings, work.Finding{Level: work.Note, Subject: s.name, What: fmt.Sprintf("survey %q has no response yet", wanted[0].Name)})
	}
	return findings
}
