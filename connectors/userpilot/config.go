package userpilot

import (
	"path"
	"slices"
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
	// URL is the origin of the export; regions and dedicated environments have
	// their own.
	URL  string `yaml:"url"`
	Auth Auth   `yaml:"auth"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// History is how far the first export goes back.
	History work.Span `yaml:"history"`
	// Window is the longest time that one export covers.
	Window work.Span `yaml:"window"`
	// Delay is how old events are before they are asked for.
	Delay work.Span `yaml:"delay"`
	// Overlap is how late an event may become visible.
	Overlap work.Span `yaml:"overlap"`
	// ExportEvery is how often an export is begun.
	ExportEvery work.Span `yaml:"export_every"`
	// Times is how the export takes its window: rfc3339 (default), date or unix.
	Times string `yaml:"times"`
	// Within is how far the events of one response may lie apart.
	Within  work.Span `yaml:"within"`
	NPS     NPS       `yaml:"nps"`
	Surveys Surveys   `yaml:"surveys"`
	Usage   Usage     `yaml:"usage"`
	// Webhook is empty where Userpilot sends none.
	Webhook Webhook `yaml:"webhook"`
}

// Auth is the key of an environment.
type Auth struct {
	Token secret.Secret `yaml:"token"`
}

// NPS says which interactions are NPS, and where they hold what.
type NPS struct {
	// Events are patterns of event names.
	Events []string `yaml:"events"`
	// Score and Comment are paths, of which the first one counts that is there.
	Score   []string `yaml:"score"`
	Comment []string `yaml:"comment"`
}

// Surveys says which interactions are surveys, and where they hold what.
type Surveys struct {
	Events []string `yaml:"events"`
	// Answers are paths of a list of answers, or of an object of answers by
	// question.
	Answers []string `yaml:"answers"`
	// Question and Answer are names in an element of that list; in metadata
	// where an event is one answer.
	Question []string `yaml:"question"`
	Answer   []string `yaml:"answer"`
	// Types says how to read questions of types that Tandem does not know.
	Types map[string]Type `yaml:"types"`
}

// Type is a type of question.
type Type struct {
	As    work.QuestionType `yaml:"as"`
	Scale string            `yaml:"scale"`
}

// Usage says what is counted.
type Usage struct {
	// Events are types of event: track_feature (default), page_view, track. Empty
	// counts nothing.
	Events []string `yaml:"events"`
	// Days is how many whole days are counted again, since they still change.
	Days int `yaml:"days"`
	// ExportEvery is how often an export is begun.
	ExportEvery work.Span `yaml:"export_every"`
}

// Webhook says by which fixed token deliveries are known.
type Webhook struct {
	Verify signature.Spec `yaml:"verify"`
}

const (
	publicURL = "https://appex.userpilot.io"

	timesText = "rfc3339"
	timesDate = "date"
	timesUnix = "unix"

	day = 24 * time.Hour
)

func defaults() Config {
	return Config{
		URL: publicURL, Audience: work.Internal.String(), History: work.Span(90 * day), Window: work.Span(7 * day), Delay: work.Span(10 * time.Minute),
		Overlap: work.Span(time.Hour), ExportEvery: work.Span(time.Hour), Times: timesText, Within: work.Span(time.Hour),
		NPS: NPS{
			Events:  []string{"nps:*"},
			Score:   []string{"metadata.score", "metadata.nps_score", "metadata.rating"},
			Comment: []string{"metadata.feedback", "metadata.comment", "metadata.text"},
		},
		Surveys: Surveys{
			Events: []string{"survey:*", "form:*"}, Answers: []string{"metadata.answers", "metadata.responses"},
			Question: []string{"question_id", "module_id", "id"}, Answer: []string{"answer", "response", "value", "text"},
		},
		Usage:   Usage{Events: []string{trackFeature}, Days: 2, ExportEvery: work.Span(6 * time.Hour)},
		Webhook: Webhook{Verify: signature.Spec{Kind: "token"}},
	}
}

// places names the environment.
func places(Config) []string { return []string{kind} }

func validate(_ string, c Config) []work.Problem {
	var problems []work.Problem
	root := work.Pointer("")
	add := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	if what := httpx.BadAddress(c.URL); what != "" {
		add(root.Key("url"), what, "leave url out, or write the origin of your region such as "+publicURL)
	}
	if !c.Auth.Token.Set() {
		add(root.Key("auth"), "the key is missing", "write auth: {token: {env: USERPILOT_TOKEN}}; it stands in Userpilot under Configure, Environment")
	}
	if _, ok := work.ParseAudience(c.Audience); !ok {
		add(root.Key("audience"), strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	if !slices.Contains([]string{timesText, timesDate, timesUnix}, c.Times) {
		add(root.Key("times"), strconv.Quote(c.Times)+" is no way to write a time", "write rfc3339, date or unix")
	}
	for _, s := range []struct {
		key         string
		span        work.Span
		least, most time.Duration
	}{
		{"history", c.History, 0, 3650 * day},
		{"window", c.Window, time.Hour, 366 * day},
		{"delay", c.Delay, 0, day},
		{"overlap", c.Overlap, 0, 30 * day},
		{"export_every", c.ExportEvery, time.Minute, 30 * day},
		{"within", c.Within, time.Minute, 7 * day},
	} {
		if d := time.Duration(s.span); d < s.least || d > s.most {
			add(root.Key(s.key), s.span.String()+" is no sensible span", "write one from "+work.Span(s.least).String()+" to "+work.Span(s.most).String())
		}
	}
	problems = append(problems, c.NPS.problems(root.Key("nps"))...)
	problems = append(problems, c.Surveys.problems(root.Key("surveys"))...)
	problems = append(problems, c.Usage.problems(root.Key("usage"))...)
	if c.Webhook.Verify.Secret.Set() {
		problems = append(problems, c.Webhook.Verify.Problems(root.Key("webhook").Key("verify"))...)
	}
	return problems
}

func (n NPS) problems(at work.Pointer) []work.Problem {
	problems := badPatterns(at.Key("events"), n.Events)
	if len(n.Score) == 0 && len(n.Events) > 0 {
		problems = append(problems, work.Problem{At: at.Key("score"), What: "nothing says where the score stands", Remedy: "write paths such as [metadata.score]"})
	}
	return problems
}

func (s Surveys) problems(at work.Pointer) []work.Problem {
	problems := badPatterns(at.Key("events"), s.Events)
	for name, t := range s.Types {
		_, _, sane := ends(t.Scale)
		if !slices.Contains(work.QuestionTypes(), t.As) || t.Scale != "" && !sane {
			problems = append(problems, work.Problem{At: at.Key("types").Key(name), What: "this is no type of question", Remedy: `write for example {as: rating, scale: 1-5}; types are nps, csat, rating, text, choice, yes_no and reaction`})
		}
	}
	return problems
}

func (u Usage) problems(at work.Pointer) []work.Problem {
	var problems []work.Problem
	for i, e := range u.Events {
		if known := []string{trackFeature, pageView, trackEvent}; !slices.Contains(known, e) {
			problems = append(problems, work.Problem{At: at.Key("events").Index(i), What: strconv.Quote(e) + " is not counted", Remedy: work.Suggest(e, known)})
		}
	}
	if u.Days < 1 || u.Days > 30 {
		problems = append(problems, work.Problem{At: at.Key("days"), What: strconv.Itoa(u.Days) + " is no sensible number of days", Remedy: "write 1 to 30"})
	}
	if d := time.Duration(u.ExportEvery); d < time.Minute || d > 30*day {
		problems = append(problems, work.Problem{At: at.Key("export_every"), What: u.ExportEvery.String() + " is no sensible span", Remedy: "write one from 1m to 30d"})
	}
	return problems
}

func badPatterns(at work.Pointer, patterns []string) []work.Problem {
	var problems []work.Problem
	for i, p := range patterns {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			problems = append(problems, work.Problem{At: at.Index(i), What: strconv.Quote(p) + " is no pattern of event names", Remedy: `write for example "nps:*"`})
		}
	}
	return problems
}

// ends are the lowest and the highest value of a scale such as 1-5.
func ends(scale string) (low, high float64, ok bool) {
	from, to, _ := strings.Cut(scale, "-")
	low, errLow := strconv.ParseFloat(from, 64)
	high, errHigh := strconv.ParseFloat(to, 64)
	return low, high, errLow == nil && errHigh == nil && low < high
}
