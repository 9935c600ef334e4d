package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
)

func (a *app) loadCommand() *cobra.Command {
	return &cobra.Command{
		Use: "load", Short: "Show how much each person answers for, by hat, and when it is too much for one",
		Long: "load counts for each hat of each person the items that it answers for, what of them waits and is late, and their effort.\n" +
			"Where more waits or is late than route: {load: {waiting: 20, late: 5}} takes for one person, it says so.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				outcome, _, err := s.evaluate(ctx, db)
				if err != nil {
					return err
				}
				loads := outcome.Loads(s.rules, anyItem)
				if a.json {
					return a.printJSON(map[string]any{"as_of": outcome.AsOf.Format(time.DateOnly), "loads": loads})
				}
				p := a.printer()
				p.loads(loads, outcome.AsOf)
				return p.err
			})
		},
	}
}

// loads prints one row for each hat.
func (p *printer) loads(all []engine.Load, asOf time.Time) {
	if len(all) == 0 {
		p.line("No team has roles: give them under teams: in the rules.")
		return
	}
	rows := [][]string{{"person", "hat", "items", "effort", "no estimate", "waiting", "late", "oldest"}}
	for i := range all {
		for _, h := range all[i].Hats {
			who, oldest := all[i].Person, ""
			if who == "" {
				who = "(nobody)"
			}
			if !h.Oldest.IsZero() {
				oldest = plural(int(asOf.Sub(h.Oldest).Hours()/24), "day", "days")
			}
			rows = append(rows, []string{
				who, hatName(h.Hat), thousands(h.Items), strconv.FormatFloat(h.Effort, 'f', -1, 64), thousands(h.Unestimated),
				thousands(h.Waiting), thousands(h.Late), oldest,
			})
		}
	}
	p.table(rows)
	for i := range all {
		if all[i].Second != "" {
			p.line("\nIt is time for a second person beside %s: %s.", all[i].Person, all[i].Second)
		}
		if all[i].Person == "" && all[i].Waiting > 0 {
			p.line("\n%s for nobody: give the role to somebody under teams: in the rules.", waits(all[i].Waiting, all[i].Late))
		}
	}
}
