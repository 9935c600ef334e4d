package github

import (
	"fmt"
	"net/url"

	"tandem/connectors"
)

// account is what all connectors with one set of credentials have in common:
// GitHub counts for all of them together.
type account struct {
	governor *governor
	budget   *budget
	graph    *graph
}

// accountOf returns what the credentials have used so far in this process. Of
// connectors that leave different shares to people, the first one's counts.
func accountOf(env connectors.Env, c Config, base *url.URL) *account {
	open := func() *account {
		reserve := float64(c.Reserve)
		return &account{
			governor: newGovernor(base, reserve, env.Now), budget: &budget{resource: "core", reserve: reserve, now: env.Now},
			graph: &graph{budget: &budget{resource: "graphql", reserve: reserve, now: env.Now}},
		}
	}
	name := c.Auth.name()
	if name == "" {
		return open()
	}
	return connectors.Share(env.Shared, kind+" "+base.Host+" "+name, open)
}

// name tells sets of credentials apart without reading them: an installation by
// its numbers, a token by its place. It is empty where it has none.
func (a Auth) name() string {
	switch {
	case a.isApp():
		return fmt.Sprintf("app %d/%d", a.AppID, a.InstallationID)
	case a.Token.Env != "" || a.Token.File != "":
		return a.Token.Source()
	default:
		return ""
	}
}
