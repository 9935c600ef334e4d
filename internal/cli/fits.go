package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) fitsCommand() *cobra.Command {
	var team string
	var every bool
	sprint := engine.NextSprint
	cmd := &cobra.Command{
		Use: "fits", Short: "Say what of a team's order fits into its next sprint, and what does not and why; nothing is written",
		Long: "fits reads the store and asks no service. It takes the items of a team in their order, as long as they are ready,\n" +
			"estimated and fit into one period of the team's capacity, less what is carried over from the sprint that runs.\n" +
			"It is advice: Tandem never puts anything into a sprint.",
		Example: "  tandem fits\n  tandem fits --team pay\n  tandem fits --team pay --sprint 'Payments 43'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sprint == "" {
				return wrong("--sprint names no sprint; write --sprint next, or the name of one")
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if names := s.rules.Org().TeamNames(); team != "" && !slices.Contains(names, team) {
					return wrong("there is no team %q; %s", team, work.Suggest(team, names))
				}
				outcome, _, err := s.evaluate(ctx, db)
				if err != nil {
					return err
				}
				all, findings := outcome.Fits(s.rules, team, sprint)
				if a.json {
					return a.printJSON(fitsJSON(all, findings))
				}
				p := a.printer()
				for i := range all {
					p.fits(&all[i], every)
				}
				if len(all) == 0 && len(findings) == 0 {
					p.line("The rules name no team, so nobody can say what fits; add teams: with a capacity.")
				}
				p.findings("Worth knowing", findings, true)
				return p.err
			})
		},
	}
	cmd.Flags().StringVar(&team, "team", "", "one team; all of them where it is left out")
	cmd.Flags().StringVar(&sprint, "sprint", sprint, "next, or the name of a sprint")
	cmd.Flags().BoolVar(&every, "all", false, "everything that does not fit, not only the first of it")
	return cmd
}

// firstMisses is how much of what does not fit is shown.
const firstMisses = 12

// fits prints the advice for one team.
func (p *printer) fits(f *engine.Fits, every bool) {
	name := f.Sprint
	if name == "" {
		name = "the next period"
	}
	p.line("Team %s · %s · %s in %s", f.Team, name, points(f.Capacity), f.Every)
	for _, group := range []struct {
		what string
		fits []engine.Fit
	}{{"carried over", f.Carried}, {"in it already", f.Planned}} {
		if len(group.fits) > 0 {
			p.line("  %s of it %s: %s", points(sum(group.fits)), group.what, plural(len(group.fits), "item", "items"))
		}
	}
	p.line("  %s left", points(f.Room))
	if len(f.Coming) > 0 {
		p.line("  the first of the sprints to come: %s; --sprint NAME asks for another", strings.Join(f.Coming, ", "))
	}
	for _, note := range f.Notes {
		p.line("  %s", note)
	}
	p.section("Fits", fitRows(f.Fit), true)
	p.line("  %s of %s", points(f.Used), points(f.Room))
	misses := f.Miss
	if !every && len(misses) > firstMisses {
		misses = misses[:firstMisses]
	}
	p.section("Does not fit", fitRows(misses), true)
	if more := len(f.Miss) - len(misses); more > 0 {
		p.line("  … and %s; --all shows them", thousands(more)+" more")
	}
	p.line("")
}

func sum(all []engine.Fit) float64 {
	s := 0.0
	for i := range all {
		s += all[i].Effort
	}
	return s
}

func points(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func fitRows(all []engine.Fit) [][]string {
	rows := make([][]string, 0, len(all))
	for i := range all {
		f := &all[i]
		effort := points(f.Effort)
		if f.Assumed {
			effort = "?"
		}
		rows = append(rows, []string{
			strconv.Itoa(f.Item.TeamPlace) + ".", f.Item.Item.Key(), effort, short(f.Item.Item.Fields.Get(titleField).Text(), 50), short(becauseOf(f), 90),
		})
	}
	return rows
}

// becauseOf says why an item does not fit, or why it fits out of its turn.
func becauseOf(f *engine.Fit) string {
	if f.Past != nil {
		return "small enough for what " + f.Past.Item.Key() + " leaves"
	}
	return f.Because
}

// fitsJSON is the same as an object.
func fitsJSON(all []engine.Fits, findings []work.Finding) map[string]any {
	list := func(fits []engine.Fit) []map[string]any {
		rows := make([]map[string]any, 0, len(fits))
		for i := range fits {
			f := &fits[i]
			row := map[string]any{
				"ref": f.Item.Item.Key(), "title": f.Item.Item.Fields.Get(titleField).Text(), "team_place": f.Item.TeamPlace, "horizon": f.Item.Horizon,
				"effort": f.Effort, "assumed": f.Assumed,
			}
			if why := becauseOf(f); why != "" {
				row["because"] = why
			}
			rows = append(rows, row)
		}
		return rows
	}
	teams := make([]map[string]any, 0, len(all))
	for i := range all {
		f := &all[i]
		teams = append(teams, map[string]any{
			"team": f.Team, "sprint": f.Sprint, "capacity": f.Capacity, "every": f.Every.String(), "room": f.Room, "used": f.Used,
			"carried": list(f.Carried), "planned": list(f.Planned), "fits": list(f.Fit), "misses": list(f.Miss), "coming": append([]string{}, f.Coming...), "notes": append([]string{}, f.Notes...),
		})
	}
	return map[string]any{"teams": teams, "findings": append([]work.Finding{}, findings...)}
}
