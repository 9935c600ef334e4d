package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) rejectCommand() *cobra.Command {
	var because, span string
	cmd := &cobra.Command{
		Use:     "reject EDIT-ID | REF FIELD",
		Short:   "Say no to what Tandem proposes: it comes back when it proposes something else or for other reasons, or finds something else there",
		Example: "  tandem reject jira:PAY-12 priority --because 'agreed with sales until May' --for 30d",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return wrong("name an edit by its id (tandem plan --json), or the record and the field, such as: tandem reject jira:PAY-12 priority --because '…'")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(because) == "" {
				return wrong("nobody would know why; add --because 'agreed with sales'")
			}
			var end work.Span
			if span != "" {
				if err := end.UnmarshalText([]byte(span)); err != nil {
					return wrong("--for: %w", err)
				}
			}
			return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				return a.reject(ctx, s, db, args, plan.Rejection{By: person(), Because: because}, time.Duration(end))
			})
		},
	}
	cmd.Flags().StringVar(&because, "because", "", "why; people see it beside the proposal")
	cmd.Flags().StringVar(&span, "for", "", "for how long, such as 30d; without it, as long as the proposal is the same (30d for a place in the backlog)")
	return cmd
}

// moveRejected is for how long a no to a move holds where nobody says: an order
// changes all the time, so that nothing else ends it.
const moveRejected = 30 * 24 * time.Hour

func (a *app) reject(ctx context.Context, s *setup, db *store.Store, args []string, r plan.Rejection, span time.Duration) error {
	outcome, _, err := s.evaluate(ctx, db)
	if err != nil {
		return err
	}
	edits := outcome.Plan.Edits
	ids, err := rejectable(edits, args)
	if err != nil {
		return err
	}
	n := 0
	var ends time.Time
	for _, slot := range plan.Reject(edits, ids) {
		r.Slot, r.Edits, r.Inputs, r.Until = slot.Slot, slot.Edits, outcome.InputsOf(s.rules, slot.Slot), time.Time{}
		if span > 0 {
			r.Until = time.Now().Add(span)
		} else if len(r.Edits) == 0 {
			r.Until = time.Now().Add(moveRejected)
		}
		if err := db.Reject(ctx, r); err != nil {
			return err
		}
		ends, n = r.Until, n+1
	}
	object := map[string]any{"rejected": n, "edits": len(ids)}
	line := plural(n, "proposal is", "proposals are") + " rejected. It comes back when Tandem proposes something else or for other reasons, or something else stands there"
	if !ends.IsZero() {
		object["until"] = ends.UTC()
		line += ", and on " + ends.Format(time.DateOnly)
	}
	return a.say(object, line+". Take it back with: tandem release REF FIELD")
}

// rejectable finds the edits that a person names by an id, or by record and
// field.
func rejectable(edits []plan.Planned, args []string) (map[string]bool, error) {
	if len(args) == 2 {
		if _, ok := work.ParseField(args[1]); !ok {
			return nil, wrong("%q is no field; %s", args[1], work.Suggest(args[1], work.FieldNames()))
		}
	} else if !slices.ContainsFunc(edits, func(e plan.Planned) bool { return strings.HasPrefix(e.ID, args[0]) }) {
		return nil, wrong("%q is no edit of the plan; tandem plan --json lists ids, or name record and field: tandem reject jira:PAY-12 priority", args[0])
	}
	ids, unknown := plan.Select(edits, []string{strings.Join(args, " ")})
	if len(unknown) > 0 {
		return nil, wrong("nothing of %s is planned; tandem explain %s shows what is", strings.Join(args, " "), args[0])
	}
	return ids, nil
}
