package cli

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/spf13/cobra"

	"tandem/connectors"
	"tandem/internal/inbox"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

func (a *app) runCommand() *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use: "run", Short: "Run the daemon: read, decide and write, again and again",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			begin := a.begin // nodes share their store
			if once {
				begin = a.work
			}
			s, err := begin(cmd)
			if err != nil {
				return err
			}
			defer func() { s.end() }()
			s.log.Info("tandem runs; stop it with Ctrl-C, or stop writing with: tandem pause",
				"count", len(s.live), "after", time.Duration(s.interval()))
			if once {
				if err := s.expire(cmd.Context()); err != nil {
					return err
				}
				report, err := s.cycle.Run(cmd.Context(), scheduler.None)
				if err != nil {
					return err
				}
				s.tell(report)
				s.watch.Cycle(report.Took)
				s.note(cmd.Context(), report)
				return a.showApplied(report)
			}
			s, err = a.daemon(cmd, s)
			return err
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "run one cycle and end")
	return cmd
}

// host does the duties of this process.
func (s *session) host(told func(kind string, r scheduler.Report)) *jobs.Host {
	var host *jobs.Host
	host = jobs.New(jobs.Config{
		Cycle: s.config(s.store, s.live, s.log), Leases: s.store,
		Under:  func(leases ...work.Lease) scheduler.Store { return s.store.Under(leases...) },
		Errand: func(ctx context.Context) { s.commissions(ctx, host) }, Notify: s.notify,
		Every: s.interval(), Housekeep: s.housekeep, Report: told, Moved: s.watch.Moved, Ended: s.watch.Ended,
	})
	return host
}

// work runs the jobs of a host beside the store until the context ends.
func (s *session) work(ctx context.Context, host *jobs.Host) error {
	queue, err := s.store.Queue(ctx)
	switch {
	case err != nil:
		return err
	case queue.Server != nil:
		return jobs.Run(ctx, riverpgxv5.New(queue.Server), host)
	default:
		return jobs.Run(ctx, riversqlite.New(queue.File), host)
	}
}

// housekeep forgets what nobody asks for any more, and what is not to be kept
// any longer.
func (s *session) housekeep(ctx context.Context) error {
	if err := s.expire(ctx); err != nil {
		return err
	}
	gone, err := s.store.Prune(ctx, time.Now().Add(-store.Keep))
	if n := gone.Edits + gone.Runs + gone.Versions + gone.DeadLetters; n > 0 {
		s.log.Debug("what is older than 90 days is forgotten", "count", n)
	}
	return err
}

// expire removes feedback that is older than the retention of its connector.
func (s *session) expire(ctx context.Context) error {
	for connector, span := range s.retention() {
		n, err := s.store.Expire(ctx, connector, time.Now().Add(-time.Duration(span)))
		if err != nil {
			return err
		}
		if n > 0 {
			s.log.Info("feedback that is older than its retention was removed", "connector", connector, "count", n, "after", span.String())
		}
	}
	return nil
}

// interval is the shortest that the settings ask for: what failed is tried
// again so often.
func (s *setup) interval() time.Duration {
	shortest := time.Duration(s.settings.Every)
	for _, c := range s.settings.Connectors {
		if c.Every > 0 {
			shortest = min(shortest, time.Duration(c.Every))
		}
	}
	return shortest
}

// inboxes takes the deliveries of all connectors that have a webhook secret.
func (s *session) inboxes(wake func()) http.Handler {
	w := s.settings.Webhooks
	inboxes, mailboxes := map[string]connectors.Inbox{}, map[string]connectors.Mailbox{}
	for _, l := range s.live {
		switch {
		case l.Conn.Mailbox != nil:
			mailboxes[l.Name] = l.Conn.Mailbox
		case l.Conn.Inbox != nil:
			inboxes[l.Name] = l.Conn.Inbox
		default:
			continue
		}
		if w.Listen == "" {
			s.log.Warn("the connector has a webhook secret, but nothing listens; write webhooks: {listen: \":8443\"}", "connector", l.Name)
		} else {
			s.log.Info("webhooks are taken; enter this address at the service", "connector", l.Name, "ref", strings.TrimRight(w.PublicURL, "/")+inbox.Path(l.Name))
		}
	}
	if w.Listen != "" && len(inboxes)+len(mailboxes) == 0 {
		s.log.Warn("webhooks.listen is set, but no connector has a webhook secret; every delivery is refused")
	}
	return inbox.Handler(inbox.Config{Inboxes: inboxes, Mailboxes: mailboxes, Store: s.store, Wake: wake, Log: s.log})
}

// listen takes webhooks where the settings name an address. The returned
// function ends that; the store is closed after it.
func (s *session) listen(ctx context.Context, h http.Handler) (stop func(), err error) {
	w := s.settings.Webhooks
	if w.Listen == "" {
		return func() {}, nil
	}
	return inbox.Serve(ctx, inbox.Address{Listen: w.Listen, Cert: w.TLS.Cert, Key: w.TLS.Key}, h, s.log)
}

// teller returns what tells of jobs, one at a time.
func (s *session) teller(ctx context.Context) func(kind string, r scheduler.Report) {
	var one sync.Mutex
	return func(_ string, r scheduler.Report) {
		one.Lock()
		defer one.Unlock()
		s.tell(r)
		s.note(ctx, r)
	}
}

// tell logs a cycle, or a part of one, in which something happened.
func (s *session) tell(r scheduler.Report) {
	for name, err := range r.Failures {
		s.log.Warn("a connector is stale: what is stored stays, nothing is written to it", "connector", name, "err", err)
	}
	if r.Paused != "" {
		s.log.Info("writing stopped; what had begun is finished, the rest stays planned", "err", r.Paused)
	}
	o := r.Outcome
	if o == nil {
		return
	}
	switch {
	case r.Evaluated:
		s.log.Info("cycle done", "cycle", o.Number, "count", len(o.Items), "took", r.Took.Round(time.Millisecond))
	case r.Sent > 0:
		s.log.Info("edits sent", "cycle", o.Number, "count", r.Sent, "took", r.Took.Round(time.Millisecond))
	}
	if waiting := o.Plan.Count(plan.NeedsApproval) + o.Plan.Count(plan.Braked) + o.Plan.Count(plan.Ramped); waiting > 0 && r.Evaluated {
		s.log.Info("edits wait for a person; see them with: tandem plan", "count", waiting)
	}
	if o.Plan.Brake != "" && r.Evaluated {
		s.log.Warn("the brake is on", "err", o.Plan.Brake)
	}
}
