package jira

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// forecaster tells what writing sets off.
type forecaster struct{ site *site }

// Forecast counts issues, not edits: Jira sends one mail for one request. What
// it cannot prove it counts as happening.
func (f *forecaster) Forecast(ctx context.Context, edits []work.Edit) []work.Finding {
	loud, touched, led := map[work.RefID]bool{}, map[work.RefID]bool{}, map[work.RefID]bool{}
	projects := map[string]bool{}
	for _, e := range edits {
		touched[e.Target.RefID] = true
		if laneOf(e) == byTransition {
			led[e.Target.RefID] = true
		}
		mail, silenceable := mails(e)
		if !mail {
			continue
		}
		if silenceable {
			if quiet, err := f.site.maySilence(ctx, e.Place); quiet && err == nil {
				continue
			}
			projects[e.Place] = true
		}
		loud[e.Target.RefID] = true
	}
	var findings []work.Finding
	say := func(level work.Level, what, remedy string) {
		findings = append(findings, work.Finding{Level: level, Subject: f.site.name, What: what, Remedy: remedy})
	}
	if n := len(loud); n > 0 {
		remedy := "transitions and comments always do; fewer of them are fewer mails"
		if len(projects) > 0 {
			remedy = "give the account Administer projects in " + strings.Join(slices.Sorted(maps.Keys(projects)), ", ") + ", which keeps field changes quiet; or let the ramp spread them over days"
		}
		say(work.Warning, fmt.Sprintf("up to %s will notify their watchers", issues(n)), remedy)
	}
	if n := len(led); n > 0 {
		say(work.Note, issues(n)+" will be moved by transitions, which run the post functions of the workflow", "look at the workflow for what else they set off")
	}
	if n := len(touched); n > 0 {
		say(work.Note, fmt.Sprintf("%s will get another `updated`, which filters and reports by last change see", issues(n)), "")
		say(work.Note, fmt.Sprintf("automation rules, service goals and webhooks that watch these fields may run for %s", issues(n)), "look at the automation rules of the projects; the account can be excluded there")
	}
	return findings
}

func issues(n int) string {
	if n == 1 {
		return "1 issue"
	}
	return fmt.Sprintf("%d issues", n)
}
