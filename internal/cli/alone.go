package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/store"
	"tandem/internal/work"
)

const (
	// aloneSpan is how long a command keeps nodes from a duty after it ended
	// without a word; it renews it three times meanwhile.
	aloneSpan = 30 * time.Second
	// goodbye is how long it may take to give the duties back.
	goodbye = 5 * time.Second
)

// alone is what a command holds that works itself on a store which several
// nodes share: all duties. The lock of a file does that for the other kind of
// store.
type alone struct {
	store  *store.Store
	node   string
	leases []work.Lease
	stop   context.CancelFunc
	over   chan struct{}
}

// work loads the settings, opens what they name, and sees to it that nobody
// else works there until the session ends: neither nodes of a daemon nor other
// commands. The error is store.ErrInUse where somebody does.
func (a *app) work(cmd *cobra.Command) (*session, error) {
	s, err := a.begin(cmd)
	if err != nil || !s.store.Shared() {
		return s, err
	}
	s.alone = &alone{store: s.store, node: "command-" + rand.Text()[:8], over: make(chan struct{}), stop: func() {}}
	close(s.alone.over)
	for _, live := range s.live {
		err = errors.Join(err, s.alone.take(cmd.Context(), live.Name))
	}
	if err = errors.Join(err, s.alone.take(cmd.Context(), work.Deciding)); err != nil {
		s.end()
		return nil, err
	}
	ctx, lost := context.WithCancelCause(cmd.Context())
	cmd.SetContext(ctx)
	s.alone.keep(ctx, lost)
	return s, nil
}

func (o *alone) take(ctx context.Context, duty string) error {
	lease, got, err := o.store.Acquire(ctx, duty, o.node, aloneSpan)
	switch {
	case err != nil:
		return err
	case !got:
		return fmt.Errorf("the store is %w: node %s has %s until %s; stop tandem run on every node first, or only look and decide: status, plan and explain read beside it, apply, reject and release note what you decide, and a daemon that runs does undo and retire itself",
			store.ErrInUse, lease.Node, duty, lease.Expires.Local().Format(time.TimeOnly))
	default:
		o.leases = append(o.leases, lease)
		return nil
	}
}

// keep renews the duties. Where one is lost, the command ends: another node
// works there by now.
func (o *alone) keep(ctx context.Context, lost context.CancelCauseFunc) {
	ctx, o.stop = context.WithCancel(ctx)
	o.over = make(chan struct{})
	go func() {
		defer close(o.over)
		tick := time.NewTicker(aloneSpan / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for _, l := range o.leases {
				now, got, err := o.store.Acquire(ctx, l.Duty, o.node, aloneSpan)
				if ctx.Err() == nil && err == nil && (!got || now.Token != l.Token) {
					lost(work.ErrLeaseLost)
					return
				}
			}
		}
	}()
}

// end gives the duties back.
func (o *alone) end(ctx context.Context) error {
	o.stop()
	<-o.over
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	var errs []error
	for _, l := range o.leases {
		errs = append(errs, o.store.Yield(ctx, l))
	}
	return errors.Join(errs...)
}
