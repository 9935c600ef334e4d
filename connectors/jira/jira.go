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

// Definition describes the connector.
func Definition() connectors.Definition {
	return connectors.Define(connectors.Definition{
		Kind:    kind,
		Summary: "Reads issues of Jira Cloud and Data Center, and writes priority, labels and custom fields back.",
		Doc:     doc,
		Example: example,
		Schema:  schema(),
		Streams: []connectors.Stream{{Name: issueStream, Every: time.Minute, Doc: "issues of the projects, by their last change"}},
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

	mu    sync.Mutex
	book  *fieldBook          // nil until a field must be found by name
	metas map[string]editMeta // by project and issue type
	flows map[string]*flow    // by project and issue type
	// silences are the rights to write without mails, by project.
	silences map[string]silence
	me       string // id of the own account; empty until it is needed
}

// open connects without a call: whatever is needed is asked for when it is.
func open(_ context.Context, env connectors.Env, c Config) (*connectors.Connector, error) {
	s := &site{
		name: env.Name, config: c, wanted: env.Fields, watched: env.Watched, features: env.Features, log: env.Log, now: env.Now,
		metas: map[string]editMeta{}, flows: map[string]*flow{}, silences: map[string]silence{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.log = s.log.With("connector", env.Name)
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.client, err = newClient(env, c); err != nil {
		return nil, err
	}
	s.search = s.searchCloud
	if !c.cloud() {
		s.search = s.searchOffset
	}
	return &connectors.Connector{
		Source: &source{site: s}, Sink: &sink{site: s}, Reader: &reader{site: s}, Checker: &checker{site: s},
		Forecaster: &forecaster{site: s}, Census: &census{site: s}, Inbox: newInbox(env.Name, c),
	}, nil
}

const doc = `Reads issues of Jira Cloud and Data Center and writes single values back.

**Reads** the issues of ` + "`projects:`" + `, further restricted by ` + "`where:`" + `, by their last change: title, description, type,
status, priority, labels, people, dates, parent, versions, components, security level, issue links, the issue property
` + "`tandem`" + `, and the custom fields that rules name. A poll without changes is one call.

**Writes** priority, labels (one by one) and custom fields (numbers, texts, dates, single choices). The issue is read by
id right before; what changed since the plan is not overwritten. Nothing else is ever written.

**Audience** is internal unless the settings say public. Issues with a security level or restriction are restricted.

**Rights** of the account: *Browse projects*; for writing *Edit issues*, and the fields must be on the edit screen.
Security levels that the account is not in stay invisible.

**Credentials**: an API token with the e-mail address of its account; or a token alone, sent as Bearer: the way
of personal access tokens on Data Center (` + "`deployment: datacenter`" + `), where ` + "`user:`" + ` and a password work too until release 11. Scoped tokens and
service accounts need ` + "`cloud_id:`" + ` and the scopes read:jira-work, write:jira-work, read:jira-user. Tokens expire after
at most a year.

**Limits**: when Jira asks for a pause, the connector keeps it.
`
