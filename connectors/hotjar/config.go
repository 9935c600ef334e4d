package hotjar

import (
	"path"
	"strconv"
	"strings"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/secret"
	"tandem/internal/signature"
	"tandem/internal/work"
)

// Config is what an admin writes.
type Config struct {
	// URL is the address of the API.
	URL string `yaml:"url"`
	// Site is the number of the site in Hotjar.
	Site int64 `yaml:"site"`
	Auth Auth  `yaml:"auth"`
	// Surveys are names or ids, globs too; "!" takes out. Empty is all.
	Surveys []string `yaml:"surveys"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// Overlap is how far back responses are read again, since they may be
	// completed later.
	Overlap work.Span `yaml:"overlap"`
	// History is how far the first read goes back; empty is to the beginning.
	History work.Span `yaml:"history"`
	// RequestsPerMinute is the most that is asked for.
	RequestsPerMinute int   `yaml:"requests_per_minute"`
	Users             Users `yaml:"users"`
	// Attributes are further user attributes to keep; "*" is all.
	Attributes []string `yaml:"attributes"`
	// Sentiment is attribute (default), tag or off.
	Sentiment string `yaml:"sentiment"`
	// Webhook is empty where Hotjar sends none.
	Webhook Webhook `yaml:"webhook"`
}

// Auth is an API key of Hotjar.
type Auth struct {
	ClientID     string        `yaml:"client_id"`
	ClientSecret secret.Secret `yaml:"client_secret"`
}

// Users names the user attributes that mean something to Tandem. What is empty
// is not read.
type Users struct {
	UserID    string `yaml:"user_id"`
	Email     string `yaml:"email"`
	AccountID string `yaml:"account_id"`
	Account   string `yaml:"account"` // its name
	Domain    string `yaml:"domain"`
	Segment   string `yaml:"segment"`
	Value     string `yaml:"value"`
}

// Webhook says how deliveries are signed.
type Webhook struct {
	Verify signature.Spec `yaml:"verify"`
}

// What to do with the sentiment that Hotjar finds.
const (
	sentimentAttribute = "attribute"
	sentimentTag       = "tag"
	sentimentOff       = "off"
)

const publicURL = "https://api.hotjar.io"

func defaults() Config {
	return Config{
		URL: publicURL, Audience: work.Internal.String(), Overlap: work.Span(14 * 24 * time.Hour), RequestsPerMinute: 60,
		Users: Users{UserID: "user_id", Email: "email", AccountID: "account_id"}, Sentiment: sentimentAttribute,
		Webhook: Webhook{Verify: signature.Spec{Preset: kind}},
	}
}

// places names the site.
func places(c Config) []string { return []string{"site/" + strconv.FormatInt(c.Site, 10)} }

func validate(_ string, c Config) []work.Problem {
	var problems []work.Problem
	root := work.Pointer("")
	add := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	if what := httpx.BadAddress(c.URL); what != "" {
		add(root.Key("url"), what, "leave url out, or write an address such as "+publicURL)
	}
	if c.Site <= 0 {
		add(root.Key("site"), "the site is missing", "write the number behind /site/ in the addresses of Hotjar, such as site: 991")
	}
	if c.Auth.ClientID == "" || !c.Auth.ClientSecret.Set() {
		add(root.Key("auth"), "credentials are missing", "create a key in Hotjar under Settings, API, and write auth: {client_id: ID, client_secret: {env: HOTJAR_SECRET}}")
	}
	for i, pattern := range c.Surveys {
		if _, err := path.Match(strings.TrimPrefix(pattern, "!"), ""); err != nil || strings.Trim(pattern, "!") == "" {
			add(root.Key("surveys").Index(i), strconv.Quote(pattern)+" is no name or pattern", `write a name, an id, or a pattern such as "NPS *"`)
		}
	}
	if _, ok := work.ParseAudience(c.Audience); !ok {
		add(root.Key("audience"), strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	if c.RequestsPerMinute < 1 || c.RequestsPerMinute > 100_000 {
		add(root.Key("requests_per_minute"), strconv.Itoa(c.RequestsPerMinute)+" is no rate", "write how many requests a minute may be sent, such as 60")
	}
	switch c.Sentiment {
	case sentimentAttribute, sentimentTag, sentimentOff:
	default:
		add(root.Key("sentiment"), strconv.Quote(c.Sentiment)+" is not known", "write attribute, tag or off")
	}
	if c.Webhook.Verify.Secret.Set() {
		problems = append(problems, c.Webhook.Verify.Problems(root.Key("webhook").Key("verify"))...)
	}
	return problems
}

// wants reports whether the settings cover a survey.
func (c Config) wants(s survey) bool {
	wanted := true
	for i, pattern := range c.Surveys {
		glob, out := strings.CutPrefix(pattern, "!")
		if i == 0 {
			wanted = out // only exceptions: all the others
		}
		byName, _ := path.Match(glob, s.Name)
		if byName || glob == s.ID || glob == s.Name {
			wanted = !out
		}
	}
	return wanted
}
