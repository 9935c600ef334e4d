package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) objectCommand() *cobra.Command {
	var f said
	var answer string
	cmd := &cobra.Command{
		Use:   "object REF",
		Short: "Object to what is decided of an item: nothing of it is written until somebody answers",
		Example: "  tandem object jira:PAY-12 --because 'we agreed on something else in the review'\n" +
			"  tandem object jira:PAY-12 --answer 'true, see the new rule'",
		Args: func(cmd *cobra.Command, args []string) error {
			answered := cmd.Flags().Changed("answer")
			switch {
			case len(args) != 1:
				return wrong("name the item, such as: tandem object jira:PAY-12 --because 'we agreed on something else'")
			case answered == (f.because != ""):
				return wrong("object with --because 'we agreed on something else', or answer with --answer 'true, see the new rule'")
			case answered && strings.TrimSpace(answer) == "":
				return wrong("an answer says something: --answer 'true, see the new rule'")
			default:
				return nil
			}
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if answer != "" {
					return a.answerObjection(ctx, s, db, args[0], strings.TrimSpace(answer))
				}
				return a.override(ctx, s, db, args[0], []want{{work.Objection, ""}}, &f)
			})
		},
	}
	cmd.Flags().StringVar(&f.because, "because", "", "why; people see it beside what is held")
	cmd.Flags().StringVar(&f.until, "until", "", "the last day on which it counts, or for how long, such as 14d (default 30d)")
	cmd.Flags().StringVar(&answer, "answer", "", "answer all objections to the item: what was held is written again")
	return cmd
}

// answerObjection ends the objections to an item.
func (a *app) answerObjection(ctx context.Context, s *setup, db *store.Store, ref, answer string) error {
	d, _, err := a.find(ctx, s, db, ref)
	if err != nil {
		return err
	}
	open, _, err := db.Overrides(ctx, time.Now().UTC().Truncate(24*time.Hour), 0)
	if err != nil {
		return err
	}
	numbers := numbersOf(d.Said(open, ""), true)
	if len(numbers) == 0 {
		return wrong("nobody objects to what is decided of %s; tandem override --list", ref)
	}
	ended, err := db.EndOverrides(ctx, numbers, person(), answer)
	if err != nil {
		return err
	}
	return a.say(map[string]any{"answered": ended}, plural(len(ended), "objection is", "objections are")+" answered. The next plan writes there again.")
}
