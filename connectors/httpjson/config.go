package httpjson

import (
	"tandem/internal/secret"
	"tandem/internal/work"
)

// Config is what an admin writes.
type Config struct {
	// URL is the address of the service; every request goes to its host.
	URL string `yaml:"url"`
	// Auth is one kind of credentials, or none.
	Auth Auth `yaml:"auth"`
	// Headers go with every request, such as a version of the API.
	Headers map[string]string `yaml:"headers"`
	// Params are values for placeholders: {project} in paths, queries and bodies.
	Params map[string]any `yaml:"params"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// Place is where items stand whose fields name no place.
	Place string `yaml:"place"`
	// Rate is the connector's own limit, beside what the service says.
	Rate Rate `yaml:"rate"`
	// MaxMB is the most that one answer may hold once it is unpacked.
	MaxMB int `yaml:"max_mb"`
	// Otherwise is what to do where the plan of the service has no API.
	Otherwise string `yaml:"otherwise"`
	// Streams are what is read, by name.
	Streams map[string]Stream `yaml:"streams"`

	name string // of the instance
}

// Auth holds one of the kinds of credentials.
type Auth struct {
	Bearer *secret.Secret  `yaml:"bearer"`
	Basic  *Basic          `yaml:"basic"`
	Header *NamedSecret    `yaml:"header"`
	Query  *NamedSecret    `yaml:"query"`
	Body   *NamedSecret    `yaml:"body"`
	OAuth2 *OAuth2         `yaml:"oauth2"`
	JWT    *ServiceAccount `yaml:"jwt"`
}

// Basic is a user and a password.
type Basic struct {
	// User is plain; Key is for services where it is a secret too.
	User     string        `yaml:"user"`
	Key      secret.Secret `yaml:"key"`
	Password secret.Secret `yaml:"password"`
}

// NamedSecret is a secret in a header, a parameter or a field of the body.
type NamedSecret struct {
	Name  string        `yaml:"name"`
	Value secret.Secret `yaml:"value"`
	// Prefix stands before the secret, such as "Token ".
	Prefix string `yaml:"prefix"`
}

// OAuth2 is the grant of client credentials.
type OAuth2 struct {
	TokenURL     string            `yaml:"token_url"`
	ClientID     string            `yaml:"client_id"`
	ClientSecret secret.Secret     `yaml:"client_secret"`
	Scopes       []string          `yaml:"scopes"`
	Extra        map[string]string `yaml:"extra"`
	// InBody sends id and secret in the body of the form instead of by Basic.
	InBody bool `yaml:"in_body"`
}

// ServiceAccount is a key file as Google makes it, with which tokens are asked
// for.
type ServiceAccount struct {
	// Key is the JSON of the file: client_email, private_key, token_uri.
	Key    secret.Secret `yaml:"key"`
	Scopes []string      `yaml:"scopes"`
	// TokenURL is where tokens come from; what the key says by default.
	TokenURL string `yaml:"token_url"`
}

// Rate is a number of requests in a span.
type Rate struct {
	Requests int       `yaml:"requests"`
	Per      work.Span `yaml:"per"`
}

// Stream is one flow of records.
type Stream struct {
	// Yields is feedback, metrics, insights or items.
	Yields string    `yaml:"yields"`
	Doc    string    `yaml:"doc"`
	Every  work.Span `yaml:"every"`
	// Needs names params without which the stream is not read.
	Needs    []string `yaml:"needs"`
	Endpoint `yaml:",inline"`
	// ForEach reads the stream once for each parent: posts, then their votes.
	ForEach *ForEach `yaml:"for_each"`
	Since   Since    `yaml:"since"`
	// Only and Skip keep and leave out records by the text at a path; '*' is
	// anything that is there.
	Only map[string][]string `yaml:"only"`
	Skip map[string][]string `yaml:"skip"`
	// Fields say where each field of the model stands.
	Fields map[string]Field `yaml:"fields"`
	// Answers are the questions inside of one response.
	Answers []Answers `yaml:"answers"`
	// Also are further records inside of a record, such as posts that were
	// merged into it.
	Also []Also `yaml:"also"`
	// AddUp sums rows of usage of the same name, account and day.
	AddUp bool `yaml:"add_up"`
	// Unique are the paths that tell repeats of a row that is added up.
	Unique []string `yaml:"unique"`
	// Join reads a second list before the walk, for lookups at @join.
	Join *Join `yaml:"join"`
}

// Endpoint is a request and the shape of its answers.
type Endpoint struct {
	Request Request `yaml:"request"`
	Page    Paging  `yaml:"page"`
	// Format is json (default) or jsonl; gzip and zip are recognised.
	Format string `yaml:"format"`
	// Records is the path of the list in an answer; empty is the answer itself.
	Records string `yaml:"records"`
	// Sign is a path that every right answer has: where it is there and the
	// list is not, the list is empty.
	Sign string `yaml:"sign"`
	// Columns is the path of names for records that are lists of cells.
	Columns string `yaml:"columns"`
	// Unfold names the levels of nested mappings: {a: {b: 1}} as
	// [event, day, count] is {event: a, day: b, count: 1}.
	Unfold []string `yaml:"unfold"`
	// Matrix reads a table of numbers with names for rows and columns.
	Matrix *Matrix `yaml:"matrix"`
	// Parse are paths of texts that are JSON themselves.
	Parse []string `yaml:"parse"`
	// EmptyOn are statuses that mean that there is no data, such as 404.
	EmptyOn []int `yaml:"empty_on"`
}

// Request is what is sent.
type Request struct {
	// Method is GET (default) or POST.
	Method string `yaml:"method"`
	Path   string `yaml:"path"`
	// Query holds texts, or mappings that are sent as JSON. What holds nothing
	// but a placeholder without a value is left out.
	Query   map[string]any    `yaml:"query"`
	Headers map[string]string `yaml:"headers"`
	// Body is JSON with placeholders.
	Body map[string]any `yaml:"body"`
}

// Matrix is a table of numbers: cells[row][column].
type Matrix struct {
	Rows    string `yaml:"rows"`
	Columns string `yaml:"columns"`
	Cells   string `yaml:"cells"`
}

// Paging tells how to go on behind a page.
type Paging struct {
	// Kind is none (default), cursor, next_url, offset, page, last_item or
	// sort_key.
	Kind string `yaml:"kind"`
	// Size is {limit}.
	Size int `yaml:"size"`
	// Next is the path of the cursor or address in the answer.
	Next string `yaml:"next"`
	// Item is the path in a record: the token of last_item, the sort key.
	Item string `yaml:"item"`
	// More, End and Total are paths in the answer that tell whether there is
	// more: yes if true, no if true, how many in all.
	More  string `yaml:"more"`
	End   string `yaml:"end"`
	Total string `yaml:"total"`
	// Short: a page with fewer than Size records is the last. Without it, and
	// without More or Total, the first empty page is.
	Short bool `yaml:"short"`
	// Moment: the sort key is a time, sent as since.format says.
	Moment bool `yaml:"moment"`
	// First is the number of the first page.
	First int `yaml:"first"`
	// Keep starts the next walk at the last cursor of this one.
	Keep bool `yaml:"keep"`
	// Without are parameters that are left out once there is a cursor.
	Without []string `yaml:"without"`
	// Max is the most pages of one walk.
	Max int `yaml:"max"`
}

// Since tells how to ask for what changed.
type Since struct {
	// Format spells {since} and {until}: rfc3339 (default), rfc3339_ms,
	// rfc3339_us, epoch_s, epoch_ms, epoch_us, date, datetime, yyyymmdd,
	// yyyymmddthh.
	Format string `yaml:"format"`
	Zone   string `yaml:"zone"`
	// Field is the path of a record's own time; the version's by default.
	Field Field `yaml:"field"`
	// First is how far back the first walk reads; everything by default.
	First work.Span `yaml:"first"`
	// Overlap is what is read again.
	Overlap work.Span `yaml:"overlap"`
	// Window walks in steps of this length up to now.
	Window work.Span `yaml:"window"`
	// Delay is how long data takes to be there.
	Delay work.Span `yaml:"delay"`
	// Inclusive: {until} is the last day, hour or moment that is read.
	Inclusive bool `yaml:"inclusive"`
	// NewestFirst: the walk stops at what was read before.
	NewestFirst bool `yaml:"newest_first"`
	// Sweep is after how long everything is read again, for lists that do not
	// show changes.
	Sweep work.Span `yaml:"sweep"`
}

// ForEach lists the parents of a stream.
type ForEach struct {
	Endpoint `yaml:",inline"`
	// Values names a param whose values are the parents, without a request.
	Values string `yaml:"values"`
	// ID is the path of {parent} in a parent.
	ID string `yaml:"id"`
	// Changed is a path; a parent that reads the same there as before is left
	// out.
	Changed string              `yaml:"changed"`
	Only    map[string][]string `yaml:"only"`
	// Detail is asked for each parent; its answer is what @parent reads.
	Detail *Request `yaml:"detail"`
	// Max is the most parents.
	Max int `yaml:"max"`
}

// Join is a second list.
type Join struct {
	Endpoint `yaml:",inline"`
	// Needs names params without which the list is empty.
	Needs []string `yaml:"needs"`
}

// Answers are the questions inside of one response.
type Answers struct {
	// Records is the path of the list; with Keys it is a mapping.
	Records string `yaml:"records"`
	// Keys takes the keys of a mapping that begin so; each is {key, value},
	// the key without what it begins with.
	Keys string `yaml:"keys"`
	// Fields are question, wording, type, score, scale and text.
	Fields map[string]Field    `yaml:"fields"`
	Only   map[string][]string `yaml:"only"`
	Skip   map[string][]string `yaml:"skip"`
}

// Also are records inside of a record; @record is the outer one.
type Also struct {
	Records string           `yaml:"records"`
	Fields  map[string]Field `yaml:"fields"`
}

func defaults() Config { return Config{Audience: work.Internal.String(), MaxMB: defaultMaxMB} }
