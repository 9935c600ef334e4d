package jira

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // a daemon in an empty container must know every account's zone
)

// literal is how JQL writes a time: to the minute, without a zone. Jira reads
// it in the zone of the account that asks.
const literal = "2006-01-02 15:04"

// zoneTrust is how long the account's zone is believed without asking, and
// zoneDoubt how long after a poll found nothing, which a wrong zone can cause.
const (
	zoneTrust = 24 * time.Hour
	zoneDoubt = 10 * time.Minute
)

// account is what /myself says.
type account struct {
	user
	DisplayName string `json:"displayName"`
	TimeZone    string `json:"timeZone"`
	Active      *bool  `json:"active"`
}

func (c *client) myself(ctx context.Context) (account, error) {
	var a account
	if err := c.get(ctx, path("myself"), nil, &a); err != nil {
		return account{}, fmt.Errorf("read own account: %w", err)
	}
	return a, nil
}

// sinceLiteral renders a lower bound in the zone, down to the minute.
func sinceLiteral(t time.Time, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		// Nobody knows how Jira will read it; no zone is further away.
		return t.UTC().Add(-24 * time.Hour).Format(literal)
	}
	local := t.In(loc)
	// In the hour that comes twice in autumn Jira may mean the later one: go
	// back to the hour before.
	for _, d := range []time.Duration{30 * time.Minute, time.Hour} {
		if local.Add(d).Format(literal) == local.Format(literal) {
			return local.Add(-d).Format(literal)
		}
	}
	return local.Format(literal)
}
