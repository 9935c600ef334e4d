package scheduler

import "context"

// parcelsAtOnce is how many deliveries are in memory at a time.
const parcelsAtOnce = 8

// unpack stores what deliveries hold that are the data themselves, the oldest
// first. It asks no service. The connector has a mailbox.
func (c *Cycle) unpack(ctx context.Context, live Live, report *Report) error {
	if err := c.reopenMailbox(ctx, live); err != nil {
		return err
	}
	for {
		parcels, err := c.c.Store.Parcels(ctx, live.Name, parcelsAtOnce)
		if err != nil || len(parcels) == 0 {
			return err
		}
		for _, p := range parcels {
			page := live.Conn.Mailbox.Unpack(p)
			saved, err := c.c.Store.SaveUnpacked(ctx, live.Name, c.c.ConfigHash, p, page, c.links(page))
			if err != nil {
				return err
			}
			report.read(live.Name, saved)
			report.noticed(page.Findings)
			c.c.Log.Debug("a delivery was unpacked", "connector", live.Name, "kind", p.Event, "count", saved.New+saved.Changed+saved.Feedback)
			if report.over(c.c.Now()) {
				return nil
			}
		}
	}
}

// reopenMailbox tries deliveries again that another configuration could not
// understand, once for each Cycle.
func (c *Cycle) reopenMailbox(ctx context.Context, live Live) error {
	if c.opened[live.Name] {
		return nil
	}
	again, err := c.c.Store.RetryParcels(ctx, live.Name, c.c.ConfigHash)
	if err != nil {
		return err
	}
	if again > 0 {
		c.c.Log.Info("deliveries that could not be understood are tried with the new configuration", "connector", live.Name, "count", again)
	}
	if c.opened == nil {
		c.opened = map[string]bool{}
	}
	c.opened[live.Name] = true
	return nil
}
