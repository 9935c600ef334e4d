package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/demo"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
)

// cycle says in a few lines what a cycle did.
func (p *printer) cycle(r scheduler.Report) {
	o := r.Outcome
	var read []string
	for _, name := range slices.Sorted(maps.Keys(r.Reads)) {
		s := r.Reads[name]
		n, what := s.New+s.Changed, "records"
		if s.Feedback > 0 {
			n, what = s.Feedback, "feedback rows"
		}
		read = append(read, fmt.Sprintf("%s %s %s", name, thousands(n), what))
		if s.Rejects > 0 {
			read[len(read)-1] += fmt.Sprintf(" (%d set aside)", s.Rejects)
		}
	}
	p.line("  read      %s", strings.Join(read, ", "))
	p.line("  joined    %s, %s with a twin", plural(len(o.Items), "item", "items"), thousands(o.Twins))
	p.line("  wrote     %s (%s), refused %d", plural(r.Applied(), "edit", "edits"), perConnector(&o.Plan, plan.Ready), len(r.Refused))
	for _, x := range r.Refused {
		p.line("            %s %s: %s: %s", x.Edit.Ref(), change(x.Edit), x.Result.State, x.Result.Detail)
	}
	if n := o.Plan.Count(plan.Observed); n > 0 {
		p.line("  shown     %s of teams that are only observed: %s", plural(n, "edit", "edits"), perTeam(&o.Plan, plan.Observed))
	}
	if held := o.Held(); len(held) > 0 {
		p.line("  held      %s", counts(held))
	}
}

// top shows the first of each team's order with the reason for its place.
func (p *printer) top(o *engine.Outcome, teams []string) {
	for _, team := range teams {
		var rows [][]string
		for _, d := range o.Items {
			if d.Item.Team == team && d.TeamPlace > 0 && d.TeamPlace <= 5 {
				rows = append(rows, []string{
					fmt.Sprintf("%d.", d.TeamPlace), d.Item.Key(), short(d.Item.Fields.Get(work.Title).Text(), 46), d.Horizon,
					"P" + orDash(d.Item.Fields.Get(work.Priority).Text()), d.Route.Accountable,
					fmt.Sprintf("%.0f points, %s", d.Scored.Next.Value, voices(d)),
				})
			}
		}
		p.section("Team "+team, rows, true)
	}
}

// why explains one place in full, so that a stranger sees what a reason is.
func (p *printer) why(s *session, o *engine.Outcome, team string) {
	for _, d := range o.Items {
		if d.Item.Team != team || d.TeamPlace != 1 {
			continue
		}
		x := o.Explain(s.rules, d)
		p.line("\nWhy is %s first in team %s?", d.Item.Key(), team)
		p.line("Horizon %s: %s", d.Horizon, d.HorizonBecause)
		p.terms(x)
		p.line("\nWho must act: %s, because %s", d.Route.Accountable, d.Route.Because)
	}
}

func orDash(s string) string {
	if s == "unknown" || s == "empty" {
		return "–"
	}
	return s
}

func voices(d *engine.Decided) string {
	if d.Evidence.Accounts == 0 {
		return "no voices yet"
	}
	return plural(d.Evidence.Accounts, "account asks", "accounts ask")
}

// changes tells a job of the running demo in which something happened.
func (p *printer) changes(r scheduler.Report) {
	n := 0
	for _, s := range r.Reads {
		n += s.New + s.Changed + s.Feedback
	}
	switch {
	case n > 0:
		p.line("%s changed", plural(n, "record", "records"))
	case r.Evaluated:
		p.line("run %d: %s; held: %s", r.Outcome.Number, plural(len(r.Outcome.Plan.Edits), "edit", "edits"), counts(r.Outcome.Held()))
	case r.Sent > 0:
		p.line("run %d: %s written", r.Outcome.Number, plural(r.Applied(), "value", "values"))
	}
}

// demoHints says what one can do while the demo runs.
func (a *app) demoHints(p *printer, firm *demo.Firm, r scheduler.Report) {
	ref := "jira:PAY-12"
	if _, ok := r.Outcome.FindKey(ref); !ok && len(r.Outcome.Items) > 0 {
		ref = r.Outcome.Items[0].Item.Key()
	}
	p.line("\nIt goes on, a poll every two seconds. In another terminal, ask why:")
	p.line("  go run ./cmd/tandem explain %s -c %s", ref, firm.Config())
	p.line("  go run ./cmd/tandem status -c %s", firm.Config())
	p.line("and be somebody at Acme: the PO sets a priority by hand (it will be held), the PM raises an impact (it will have effects):")
	p.line("  curl -u cy@acme.example:%s -X PUT -H 'Content-Type: application/json' -d '{\"fields\":{\"priority\":{\"name\":\"Trivial\"}}}' %s/rest/api/2/issue/PAY-18", firm.Token(), firm.JiraURL)
	p.line("  curl -u ana@acme.example:%s -X PUT -H 'Content-Type: application/json' -d '{\"fields\":{\"customfield_10103\":3,\"customfield_10104\":20}}' %s/rest/api/2/issue/PAY-24", firm.Token(), firm.JiraURL)
}
