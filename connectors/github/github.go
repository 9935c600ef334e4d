package github

import (
	"context"
	_ "embed"
	"time"

	"tandem/connectors"
)

// kind is the kind of this connector.
const kind = "github"

//go:embed example.yaml
var example string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Reads issues of GitHub repositories, and adds and removes labels on them.",
		Doc:     doc,
		Example: example,
		Schema:  schema(),
		Streams: []connectors.Stream{{Name: issueStream, Every: time.Minute, Doc: "issues of all repositories, oldest change first"}},
	}, defaults, validate, places, open)
}

func open(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
	if env.Now == nil {
		env.Now = time.Now
	}
	cl, err := newClient(env, c)
	if err != nil {
		return nil, err
	}
	where := scope{patterns: c.Repositories, client: cl, now: env.Now}
	v := &viewers{client: cl, now: env.Now}
	out := &sink{client: cl, now: env.Now, pause: c.pause(cl.base)}
	return &connectors.Connector{
		Source: &source{name: env.Name, client: cl, scope: where, viewers: v, overlap: time.Duration(c.Overlap), now: env.Now},
		Sink:   out, Preparer: out,
		Reader:  &reader{name: env.Name, client: cl, viewers: v, scope: where},
		Inbox:   newInbox(env.Name, c, where, v),
		Census:  &census{name: env.Name, client: cl, scope: where},
		Checker: &checker{name: env.Name, client: cl, scope: where, config: c},
	}, nil
}

const doc = `Works with github.com and GitHub Enterprise Server, with a token or as a GitHub App.

**Reads** issues (pull requests are told apart): title, body, type, state, labels, milestone, assignees, author, times,
numbers of comments and of thumbs up. ` + "`repositories:`" + ` takes full names and globs; what a glob stands for is looked up once an
hour. Private and internal repositories are for members (internal), public ones for everybody (public). A repository in
which nothing changed costs one conditional request, which takes nothing from the quota.

**Twins** are named in the body, on a line of their own: ` + "`Twin: jira:PAY-12`" + ` or ` + "`Twin: https://acme.atlassian.net/browse/PAY-12`" + `
(` + "`Tandem-Link:`" + ` means the same). Lines in code blocks and mentions in a text do not count.

**Writes** labels, one by one; never a set, never another field. A label that the repository lacks is created first, with a
description that says how to object. The answer is compared with the wish, because GitHub drops silently what the
credentials may not do.

**Rights**: of a fine-grained token or an App: Metadata (read) and Issues (read and write); of a classic token: repo, or
public_repo where all repositories are public. Reading alone needs Issues (read).
`
