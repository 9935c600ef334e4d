package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
)

// ordering lets the daemon that has the store do it, and waits for what it
// tells.
type ordering struct {
	app *app
	db  *store.Store
	// said is whether the person was told that it is waited.
	said bool
}

const (
	// orderLook is how often it is looked whether an order is over.
	orderLook = 50 * time.Millisecond
	// orderHush is how long it is waited without a word, and orderPatience how
	// long for somebody to set about it.
	orderHush     = 3 * time.Second
	orderPatience = 10 * time.Minute
)

func (o *ordering) plan(ctx context.Context, order work.Commission) (view.Order, error) {
	order.Confirm = ""
	return o.place(ctx, order)
}

func (o *ordering) carry(ctx context.Context, order work.Commission, planned view.Order) (view.Order, error) {
	order.Confirm = planned.Hash
	return o.place(ctx, order)
}

// place orders, and waits until it is over. Whoever breaks off while it waits
// withdraws it; what has begun goes on.
func (o *ordering) place(ctx context.Context, order work.Commission) (view.Order, error) {
	order.ID = strings.ToLower(rand.Text())
	placed, err := o.db.Commission(ctx, order)
	if err == nil && !placed {
		err = view.ErrBusy
	}
	if err != nil {
		return view.Order{}, err
	}
	began := time.Now()
	for {
		now, found, err := o.db.Commissioned(ctx, order.ID)
		switch {
		case err != nil && ctx.Err() == nil:
			return view.Order{}, err
		case err == nil && !found:
			return view.Order{}, view.ErrBrokenOff
		case err == nil && now.Stage == work.Over:
			return view.Read(now.Told)
		case ctx.Err() != nil:
			return view.Order{}, o.withdraw(ctx, order.ID, context.Cause(ctx))
		case now.Stage == work.Placed && now.Tries == 0 && time.Since(began) > orderPatience:
			return view.Order{}, o.withdraw(ctx, order.ID, errors.New("no daemon took it up for ten minutes; is another command at work there? tandem status"))
		}
		o.hush(time.Since(began))
		select {
		case <-ctx.Done():
		case <-time.After(orderLook):
		}
	}
}

// hush says once that it takes a while, and why.
func (o *ordering) hush(waited time.Duration) {
	if o.said || waited < orderHush {
		return
	}
	o.said = true
	_, _ = fmt.Fprintln(o.app.streams.Err, "The daemon that runs on this store does it; it first ends what it is doing, and reads the records. Ctrl-C withdraws what has not begun.") // a courtesy
}

// withdraw takes back an order of which nothing was done.
func (o *ordering) withdraw(ctx context.Context, id string, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	told, err := json.Marshal(view.Order{ID: id, State: "withdrawn"})
	if err != nil {
		return err
	}
	withdrawn, err := o.db.WithdrawCommission(ctx, id, told)
	switch {
	case err != nil:
		return errors.Join(why, err)
	case withdrawn:
		return refused("%w: the order was withdrawn, and nothing was written", why)
	default:
		return refused("%w: it has begun, and the daemon goes on with it; tandem status tells", why)
	}
}
