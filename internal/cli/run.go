package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/connectors"
	"tandem/internal/inbox"
	"tandem/internal/plan"
	"tandem/scheduler"
)

func (a *app) runCommand() *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use: "run", Short: "Run the daemon: read, decide and write, again and again",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.begin(cmd)
			if err != nil {
				return err
			}
			defer s.end()
			s.log.Info("tandem runs; stop it with Ctrl-C, or stop writing with: tandem pause",
				"count", len(s.live), "after", time.Duration(s.interval()))
			if once {
				report, err := s.cycle.Run(cmd.Context(), scheduler.None)
				if err != nil {
					return err
				}
				s.tell(report)
				s.note(cmd.Context(), report)
				return a.showApplied(report)
			}
			stop, err := s.listen(cmd.Context())
			if err != nil {
				return err
			}
			defer stop()
			stopAPI, err := a.serve(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer stopAPI()
			return s.cycle.Loop(cmd.Context(), time.Duration(s.interval()), func(r scheduler.Report) {
				s.tell(r)
				s.note(cmd.Context(), r)
			})
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "run one cycle and end")
	return cmd
}

// interval is the shortest that the settings ask for: so often the daemon
// looks what people decided beside it.
func (s *setup) interval() time.Duration {
	shortest := time.Duration(s.settings.Every)
	for _, c := range s.settings.Connectors {
		if c.Every > 0 {
			shortest = min(shortest, time.Duration(c.Every))
		}
	}
	return shortest
}

// listen takes webhooks where the settings name an address. The returned
// function ends that; the store is closed after it.
func (s *session) listen(ctx context.Context) (stop func(), err error) {
	w := s.settings.Webhooks
	inboxes := map[string]connectors.Inbox{}
	for _, l := range s.live {
		if l.Conn.Inbox == nil {
			continue
		}
		inboxes[l.Name] = l.Conn.Inbox
		if w.Listen == "" {
			s.log.Warn("the connector has a webhook secret, but nothing listens; write webhooks: {listen: \":8443\"}", "connector", l.Name)
		} else {
			s.log.Info("webhooks are taken; enter this address at the service", "connector", l.Name, "ref", strings.TrimRight(w.PublicURL, "/")+inbox.Path(l.Name))
		}
	}
	if w.Listen == "" {
		return func() {}, nil
	}
	if len(inboxes) == 0 {
		s.log.Warn("webhooks.listen is set, but no connector has a webhook secret; every delivery is refused")
	}
	handler := inbox.Handler(inbox.Config{Inboxes: inboxes, Store: s.store, Wake: s.cycle.Wake, Log: s.log})
	return inbox.Serve(ctx, inbox.Address{Listen: w.Listen, Cert: w.TLS.Cert, Key: w.TLS.Key}, handler, s.log)
}

// tell logs a cycle in which something happened.
func (s *session) tell(r scheduler.Report) {
	for name, err := range r.Failures {
		s.log.Warn("a connector is stale: what is stored stays, nothing is written to it", "connector", name, "err", err)
	}
	o := r.Outcome
	if r.Evaluated || r.Sent > 0 {
		s.log.Info("cycle done", "cycle", o.Number, "count", len(o.Items), "took", r.Took.Round(time.Millisecond))
	}
	if waiting := o.Plan.Count(plan.NeedsApproval) + o.Plan.Count(plan.Braked) + o.Plan.Count(plan.Ramped); waiting > 0 && r.Evaluated {
		s.log.Info("edits wait for a person; see them with: tandem plan", "count", waiting)
	}
	if r.Paused != "" {
		s.log.Info("writing stopped; what had begun is finished, the rest stays planned", "err", r.Paused)
	}
	if o.Plan.Brake != "" && r.Evaluated {
		s.log.Warn("the brake is on", "err", o.Plan.Brake)
	}
}
