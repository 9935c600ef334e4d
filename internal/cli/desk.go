package cli

import (
	"context"
	"fmt"
	"maps"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

// person is who sits at the keyboard, for the audit.
func person() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "somebody"
}

func (a *app) pauseCommand() *cobra.Command {
	var because string
	cmd := &cobra.Command{
		Use: "pause", Short: "Stop all writing at once; reading and deciding go on",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.desk(cmd, func(ctx context.Context, _ *setup, db *store.Store) error {
				if err := db.Pause(ctx, true, person(), because); err != nil {
					return err
				}
				return a.say(map[string]any{"paused": true}, "Writing is paused. Reading and deciding go on. End it with: tandem resume")
			})
		},
	}
	cmd.Flags().StringVar(&because, "because", "", "why, for those who look later")
	return cmd
}

func (a *app) releaseCommand() *cobra.Command {
	var setAside, gone, firstRead bool
	one := exactArgs(2, "name the record and the field, such as: tandem release jira:PAY-12 priority")
	cmd := &cobra.Command{
		Use: "release REF FIELD", Short: "End a hold: the next plan writes Tandem's value over what stands there",
		Example: "  tandem release jira:PAY-12 priority\n  tandem release --set-aside jira",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case gone && (setAside || firstRead || len(args) != 1):
				return wrong("name the connector, and nothing else: tandem release --gone jira")
			case firstRead && (setAside || len(args) != 1):
				return wrong("name the connector, and nothing else: tandem release --first-read github")
			case !setAside && !gone && !firstRead:
				return one(cmd, args)
			case len(args) > 1:
				return wrong("name one connector, or none: tandem release --set-aside jira")
			default:
				return nil
			}
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case gone:
				return a.believe(cmd, args[0])
			case firstRead:
				return a.countAsRead(cmd, args[0])
			case setAside:
				return a.retry(cmd, args)
			default:
			}
			field, ok := work.ParseField(args[1])
			if !ok {
				return wrong("%q is no field; %s", args[1], work.Suggest(args[1], work.FieldNames()))
			}
			return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				d, outcome, err := a.find(ctx, s, db, args[0])
				if err != nil {
					return err
				}
				n, objected := 0, false
				for _, h := range outcome.Plan.Holds {
					if h.Item != d.Item.ID || h.Field != field || !names(args[0], h) {
						continue
					}
					if h.Cause == work.ObjectedTo {
						objected = true
						continue
					}
					if err := db.Release(ctx, plan.ReleaseOf(&h), person()); err != nil {
						return err
					}
					n++
				}
				if n == 0 && objected {
					return wrong("somebody objects, and nobody answered: tandem object %s --answer '…'", args[0])
				}
				if n == 0 {
					return wrong("nothing of %s is held at %s; tandem explain %s shows what is", field, args[0], args[0])
				}
				return a.say(map[string]any{"released": n}, fmt.Sprintf("%s ended. The next plan writes Tandem's value there.", plural(n, "hold", "holds")))
			})
		},
	}
	cmd.Flags().BoolVar(&setAside, "set-aside", false, "try again all that was refused, of one connector or of all, once the cause is mended; what people set stays held")
	cmd.Flags().BoolVar(&firstRead, "first-read", false, "write although a connector was never read whole: nothing in it is the twin of anything")
	cmd.Flags().BoolVar(&gone, "gone", false, "believe the census of a connector where it misses most of the records: they were deleted")
	return cmd
}

// believed is for how long a person's word about deleted records counts: a
// census that fails is tried again every hour.
const believed = 24 * time.Hour

// believe lets a census count as gone what it does not find.
func (a *app) believe(cmd *cobra.Command, connector string) error {
	return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
		if _, known := s.schemas[connector]; !known {
			return wrong("there is no connector %s; %s", connector, work.Suggest(connector, slices.Sorted(maps.Keys(s.schemas))))
		}
		taken, err := db.BelieveCensus(ctx, connector, time.Now().Add(believed))
		switch {
		case err != nil:
			return err
		case !taken:
			return wrong("no census was taken of %s yet; there is nothing to believe", connector)
		default:
			return a.say(map[string]any{"believed": connector},
				fmt.Sprintf("What the next census of %s does not find counts as gone. It is taken with the next poll; until then nothing changes.", connector))
		}
	})
}

// countAsRead lets a connector count as read whole.
func (a *app) countAsRead(cmd *cobra.Command, connector string) error {
	return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
		if _, known := s.schemas[connector]; !known {
			return wrong("there is no connector %s; %s", connector, work.Suggest(connector, slices.Sorted(maps.Keys(s.schemas))))
		}
		if err := db.BelieveRead(ctx, connector); err != nil {
			return err
		}
		return a.say(map[string]any{"first_read": connector},
			fmt.Sprintf("Nothing waits for %s any more. What of it is read later joins its twins then.", connector))
	})
}

// retry lets edits that were refused be planned anew.
func (a *app) retry(cmd *cobra.Command, args []string) error {
	return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
		connector := strings.Join(args, "")
		if _, known := s.schemas[connector]; !known && connector != "" {
			return wrong("there is no connector %s; %s", connector, work.Suggest(connector, slices.Sorted(maps.Keys(s.schemas))))
		}
		n, err := db.Retry(ctx, connector)
		if err != nil {
			return err
		}
		if n == 0 {
			return a.say(map[string]any{"released": n}, "No edit is set aside.")
		}
		return a.say(map[string]any{"released": n}, fmt.Sprintf("%s set aside no longer; the next plan tries again.", plural(n, "edit is", "edits are")))
	})
}

// names reports whether the hold is at the record that the person named.
func names(ref string, h work.Hold) bool {
	return strings.HasSuffix((work.Ref{RefID: h.Target.RefID, Key: h.Key}).String(), ref)
}

// exactArgs is cobra's, with a remedy.
func exactArgs(n int, remedy string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return wrong("%s", remedy)
		}
		return nil
	}
}

// find evaluates what is stored and finds an item by any of its keys.
func (a *app) find(ctx context.Context, s *setup, db *store.Store, ref string) (*engine.Decided, *engine.Outcome, error) {
	d, outcome, _, err := a.findIn(ctx, s, db, ref)
	return d, outcome, err
}

// findIn is find, with the snapshot that was evaluated.
func (a *app) findIn(ctx context.Context, s *setup, db *store.Store, ref string) (*engine.Decided, *engine.Outcome, engine.Snapshot, error) {
	outcome, snapshot, err := s.evaluate(ctx, db)
	if err != nil {
		return nil, nil, snapshot, err
	}
	d, err := a.pick(ctx, db, outcome, &snapshot, ref)
	return d, outcome, snapshot, err
}

// pick finds an item of an outcome by any of its keys.
func (a *app) pick(ctx context.Context, db *store.Store, outcome *engine.Outcome, snapshot *engine.Snapshot, ref string) (*engine.Decided, error) {
	d, ok := outcome.FindKey(ref)
	if !ok {
		d, ok = outcome.FindKey(moved(snapshot.Records, ref))
	}
	if !ok {
		if len(outcome.Items) == 0 {
			return nil, wrong("nothing was read yet; run: tandem plan")
		}
		if connector, id, ok := work.ParseRef(ref); ok {
			said, err := db.FeedbackOf(ctx, []work.RefID{{Connector: connector, ID: id}})
			if err != nil {
				return nil, err
			}
			if len(said) > 0 {
				return nil, wrong("%s is a feedback and no item; see what it is linked to with: tandem links %s", ref, ref)
			}
		}
		return nil, wrong("there is no item %q, or several; name it as CONNECTOR:KEY, such as jira:PAY-12", ref)
	}
	return d, nil
}

// evaluate decides on what is stored.
func (s *setup) evaluate(ctx context.Context, db *store.Store) (*engine.Outcome, engine.Snapshot, error) {
	snapshot, err := db.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return nil, snapshot, err
	}
	outcome := engine.Evaluate(s.rules, snapshot)
	outcome.Gate(s.guardNow(), snapshot)
	return &outcome, snapshot, nil
}

// moved returns where the record is now that once had the key.
func moved(records []*work.Record, key string) string {
	for _, r := range records {
		for _, former := range r.Former {
			if key == former || key == r.Connector+":"+former {
				return r.String()
			}
		}
	}
	return key
}

// say prints one line, or an object.
func (a *app) say(object map[string]any, line string) error {
	if a.json {
		return a.printJSON(object)
	}
	p := a.printer()
	p.line("%s", line)
	return p.err
}
