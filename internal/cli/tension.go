package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) tensionCommand() *cobra.Command {
	team, most := "", 10
	cmd := &cobra.Command{
		Use: "tension", Short: "List where the PM's lens (why) and the PO's lens (next) disagree most, and why; from what is stored",
		Example: "  tandem tension\n  tandem tension --team pay --limit 20",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if most < 1 {
				return wrong("--limit %d lists nothing; write a number above 0", most)
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if team != "" {
					if _, ok := s.rules.Org().Team(team); !ok {
						return wrong("there is no team %s; %s", team, work.Suggest(team, s.teams()))
					}
				}
				o, _, err := s.evaluate(ctx, db)
				if err != nil {
					return err
				}
				return a.showTension(s, o.Tensions(s.rules, team, team == "", most))
			})
		},
	}
	cmd.Flags().StringVar(&team, "team", "", "of one team")
	cmd.Flags().IntVar(&most, "limit", most, "how many of each team")
	return cmd
}

func (a *app) showTension(s *setup, all []engine.Tension) error {
	if a.json {
		return a.printJSON(map[string]any{"two_lenses": s.rules.TwoLenses(), "tensions": append([]engine.Tension{}, all...)})
	}
	p := a.printer()
	switch {
	case !s.rules.TwoLenses():
		p.line("One lens answers both questions, so nothing can disagree. Two are written as rank: {why: …, next: …}.")
		return p.err
	case len(all) == 0:
		p.line("The two lenses agree: every item has the same place in both.")
		return p.err
	}
	p.line("Where the PM's lens (why) and the PO's lens (next) disagree most: places within the team, by score alone.\n")
	for i := range all {
		t := &all[i]
		higher := "why puts it " + plural(t.Gap(), "place", "places") + " higher"
		if t.Gap() < 0 {
			higher = "next puts it " + plural(-t.Gap(), "place", "places") + " higher"
		}
		p.line("%s (%s)  %s: %s", t.Ref, orNone(t.Team), higher, short(t.Decided().Item.Fields.Get(titleField).Text(), 60))
		p.table([][]string{
			{"why", "place " + strconv.Itoa(t.Why), fmt.Sprintf("%.1f points", t.WhyScore), short(t.WhyTerm, 110)},
			{"next", "place " + strconv.Itoa(t.Next), fmt.Sprintf("%.1f points", t.NextScore), short(t.NextTerm, 110)},
		})
	}
	return p.err
}
