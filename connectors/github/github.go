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

// operations is the part of the documentation about what is asked for how.
//
//go:embed operations.md
var operations string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Reads issues of GitHub repositories and fields of a project, and writes labels, project fields, milestones, states and one comment.",
		Doc:     doc + operations,
		Example: example,
		Schema:  schema(),
		Streams: []connectors.Stream{
			{Name: nameStream, Every: 15 * time.Minute, Aside: true, Doc: "issues that bear a label or milestone that was renamed or deleted, which moves no issue; read first, since records bear the names that rules know"},
			{Name: issueStream, Every: time.Minute, Doc: "issues of all repositories, oldest change first"},
			{Name: projectStream, Every: 5 * time.Minute, Doc: "issues whose card on the project board changed", Needs: projectFeature},
			{Name: talkStream, Every: 5 * time.Minute, Yields: connectors.YieldsFeedback, Doc: "comments as feedback on their issues, where comments: {feedback: …} says so"},
		},
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
	names := newNameBook(cl, env)
	b, kin := newBoard(env, c, cl), newRelations(cl, names, env.Fields, env.Now)
	recent := &newcomers{scope: where}
	in, lost := listen(env.Name, c, where, v, names)
	out := &sink{owner: env.Owner, names: names, newcomers: recent, viewers: v, client: cl, board: b, now: env.Now, pause: c.pause(cl.base)}
	names.forget = out.forget
	check := &checker{name: env.Name, client: cl, scope: where, config: c, board: b, lost: lost, features: env.Features, writes: env.Writes}
	live := &connectors.Connector{
		Source: &source{name: env.Name, newcomers: recent, names: names, client: cl, scope: where, viewers: v, board: b, relations: kin, comments: c.Comments, overlap: time.Duration(c.Overlap), now: env.Now},
		Sink:   out, Preparer: out, Sweeper: out, Meter: cl,
		Reader:  &reader{name: env.Name, client: cl, viewers: v, board: b, relations: kin, scope: where},
		Census:  &census{name: env.Name, client: cl, scope: where},
		Checker: check, Surveyor: newSurveyor(env, check),
	}
	if in != nil { // an interface that holds nil is not nil
		live.Inbox, live.Recovery = in, lost
	}
	return live, nil
}

const doc = `Works with github.com and GitHub Enterprise Server, with a token or as a GitHub App.

**Reads** issues (pull requests are told apart): title, body, type, state, labels, milestone, assignees, author, times,
numbers of comments and of thumbs up. ` + "`repositories:`" + ` takes full names and globs; what a glob stands for is looked up once an
hour, without repositories whose issues are switched off, as in most forks. Private and internal repositories are for members
(internal), public ones for everybody (public). A repository in which nothing changed costs one conditional request, which
takes nothing from the quota.

**Twins** are named in the body, on a line of their own: ` + "`Twin: jira:PAY-12`" + ` or ` + "`Twin: https://acme.atlassian.net/browse/PAY-12`" + `
(` + "`Tandem-Link:`" + ` means the same). Lines in code blocks and mentions in a text do not count.

**Project** (` + "`project: {board: acme/7, add_missing: false}`" + `): fields of a project board that rules name with
` + "`project_field:`" + `: single select and iteration (their names), number, date, text. They are read with each issue, and every five
minutes from the side of the board, because a change there does not move the issue. An issue that is not on the board, or
whose card is archived, has no such field: nothing is written there, unless ` + "`add_missing: true`" + ` lets Tandem add cards.
Drafts, pull requests and hidden cards are left alone. A field or an option that is renamed is followed until the next
start, and reported. Boards of people cannot be seen by Apps.

**Comments** (` + "`comments: {feedback: outsiders}`" + `) become feedback on their issue, of the kind request: of people who do not belong
to the repository, or with ` + "`everybody`" + ` of all; never those of bots, of pull requests and Tandem's own, and without the lines
that quote others. The audience is that of the repository. The first read goes back 90 days; a comment that is deleted later
stays. Each repository costs a conditional request every five minutes. Without the setting no comment is read.

**Writes**, and nothing else:

| field | how |
|---|---|
| ` + "`labels`" + ` | one by one, never as a set. A label that the repository lacks is created first, with a description that says how to object |
| ` + "`project:…`" + ` | by the id of the option or iteration, number, date or text |
| ` + "`milestone`" + ` | by its title; it must be open in the repository. None is created |
| ` + "`state`" + `, ` + "`state_reason`" + ` | open or closed; completed or not_planned closes the issue |
| ` + "`comment`" + ` | one comment that is kept up to date, known by a hidden line and its author. Once a person deleted it, it is never written again; once a person edited it, it is left alone |

Edits of many issues go together in few GraphQL requests, each answered by itself; where GraphQL is not to be had, one by
one (project fields then not at all). The answer is compared with the wish, because GitHub drops silently what the
credentials may not do. Redirects of writes are not followed.

Of a label that takes the place of another one, the new one comes first, and the old one stays where the new one is refused.
On an issue with a hundred labels, which is all that GitHub takes, the old one goes first, and is put back where the new one
is refused; a label for which there is no room is refused with the limit as its cause.

**Parents and dependencies**: ` + "`parent`" + ` (sub-issues) and ` + "`blocked_by`" + ` are read where rules map a field to them and the server has
them. The second costs a request for each changed issue that is blocked.

**Rights**: of a fine-grained token or an App: Metadata (read) and Issues (read and write), for a project also Projects (read
and write) of the organisation; of a classic token: repo, or public_repo where all repositories are public, and project.
Reading alone needs Issues (read).
`
