package jira

import (
	"context"
	_ "embed"
	"log/slog"
	"sync"
	"time"

	"tandem/connectors"
)

const (
	kind        = "jira"
	issueStream = "issues"
)

//go:embed example.yaml
var example string

//go:embed operations.md
var operations string

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Works with Jira Cloud and Data Center: issues, backlog order, status, links and comments.",
		Doc:     doc + operations,
		Example: example,
		Schema:  schema(),
		Streams: []connectors.Stream{
			{Name: issueStream, Every: time.Minute, Doc: "issues of the projects, by their last change"},
			{Name: rankStream, Every: 5 * time.Minute, Needs: backlogFeature, Aside: true, Doc: "the order of the projects' backlogs, as a whole"},
		},
	}, defaults, validate, places, open)
}

// site is one Jira with what was learned about it since open.
type site struct {
	name   string
	config Config
	client *client
	// search is how this deployment pages through issues.
	search searcher
	log    *slog.Logger
	now    func() time.Time
	// wanted are the fields that rules use beyond the schema's own, watched
	// those of which rules ask who changed them.
	wanted, watched []string
	// features are those of the schema's that rules use.
	features []string
	ranks    *ranking

	mu    sync.Mutex
	book  *fieldBook // nil until a field must be found by name
	names *nameBook
	// extras are links and markers, usuals the default priorities by project.
	extras extras
	usuals map[string]usual
	metas  map[string]editMeta // by project and issue type
	flows  map[string]*flow    // by project and issue type
	// silences are the rights to write without mails, by project.
	silences map[string]silence
	owner    connectors.Owner
	claims   claims
	me       string // id of the own account; empty until it is needed
}

// open connects without a call: whatever is needed is asked for when it is.
func open(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
	s := &site{
		name: env.Name, config: c, wanted: env.Fields, watched: env.Watched, features: env.Features, log: env.Log, now: env.Now,
		names: &nameBook{spelled: env.Spellings}, usuals: map[string]usual{},
		owner: env.Owner, metas: map[string]editMeta{}, flows: map[string]*flow{}, silences: map[string]silence{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.log = s.log.With("connector", env.Name)
	if s.now == nil {
		s.now = time.Now
	}
	s.ranks = newRanking(s.now())
	var err error
	if s.client, err = newClient(env, c); err != nil {
		return nil, err
	}
	s.search = s.searchCloud
	if !c.cloud() {
		s.search = s.searchOffset
	}
	check, out := &checker{site: s, env: env}, &sink{site: s}
	return &connectors.Connector{
		Source: &source{site: s}, Sink: out, Preparer: out, Reader: &reader{site: s}, Checker: check, Surveyor: &surveyor{checker: check}, Sweeper: out,
		Forecaster: &forecaster{site: s}, Census: &census{site: s}, Inbox: newInbox(env.Name, c), Meter: s.client.gauge, Historian: &historian{site: s},
	}, nil
}

const doc = `Jira Cloud, and Jira Data Center 9 to 11 with ` + "`deployment: datacenter`" + `.

**Reads** the issues of ` + "`projects:`" + `, further restricted by ` + "`where:`" + `, by their last change: title, description, type,
status, priority, labels, people, dates, parent, versions, components, security level, issue links, the issue property
` + "`tandem`" + `, the sprint, story points and the custom fields that rules name, and links to other places where rules join by them. A poll
without changes is one call; a first import is one call for each page of issues. Priorities, statuses, types and fields
that are renamed, or shown in another language, keep the names that rules know and are followed by their ids. Where rules
write a field, the changelog tells who changed it last.

**Writes** priority, labels, fix versions, components, due date and custom fields (numbers, texts, dates, people, choices,
choices in two steps, lists). Of lists only the difference is written, element by element: what other people put there
stays. The status goes by the transitions that the account may take, at most four, and never through one that demands a
field; a request for each, none twice. The marker of the twin goes in the same request as the fields; a link to the twin
has an id of its own, so that repeating it makes no second one. One comment per issue can be kept up to date
(` + "`comments: {visibility: {role: Developers}}`" + ` restricts who reads it; at a
service desk it is internal, so that customers get no mail); whoever edits or deletes it has the last word. The
issue is read by id right before; what changed since the plan is not overwritten. Jira takes no condition with a write, so
the changelog is asked afterwards what a write of a single value replaced: on Cloud one call for up to 1,000 issues, on Data
Center one for each. What a person set in between is put back. Entries of the account that Tandem uses count as its own,
so give it one that no person works with; choices in two steps are not looked at. Backlogs are ordered
(` + "`rank: {owner: tandem, jira: {backlog: true}}`" + `): only the issues that must move, up to 50 in a call, never what a person
dragged meanwhile as far as Jira shows it. Nothing else is ever written.

**Mails**: where the account has *Administer projects* or *Administer Jira*, fields are written without mails to watchers;
transitions and comments cannot be. The plan counts the issues that will notify.

**Audience** is internal unless the settings say public. Issues with a security level or restriction are restricted.

**Rights** of the account: *Browse projects*; for writing *Edit issues*, and the fields must be on the edit screen.
Security levels that the account is not in stay invisible.

**Credentials**: an API token with the e-mail address of its account; or a token alone, sent as Bearer: the way
of personal access tokens on Data Center (` + "`deployment: datacenter`" + `), where ` + "`user:`" + ` and a password work too until release 11. Scoped tokens and
service accounts need ` + "`cloud_id:`" + ` and the scopes read:jira-work, write:jira-work, read:jira-user. Tokens expire after
at most a year. An OAuth app: ` + "`auth: {client_id, client_secret, refresh_token_file}`" + ` with ` + "`cloud_id:`" + `; Tandem writes each new
refresh token into that file, which no other program may use.

**Limits**: when Jira asks for a pause, the connector keeps it: seconds in place, anything longer for what it is about, the
issue or the site. A fifth of what Jira says it allows is left to people. No request that creates something is repeated.
`
