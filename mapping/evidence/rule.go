package evidence

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// condition is a rule that ties feedback which meets all that it names.
type condition struct {
	target  string
	cause   Cause
	detail  string
	phrases []phrase

	question string
	answers  []string // folded
	host     string   // folded; empty is any
	path     string   // without the slash at its end
	at       bool     // the rule names an address
	traits   map[string]string
	studies  []string // folded
}

func (c *compiler) rule(at work.Pointer, rule Rule) {
	other := rule.Question != "" || len(rule.Answers) > 0 || rule.URL != "" || len(rule.Attributes) > 0 || len(rule.Study) > 0
	switch {
	case len(rule.Tags) == 0 && len(rule.Phrases) == 0 && len(rule.Metrics) == 0 && !other:
		c.problem(at, "the rule links nothing",
			"write tags: {name: 'connector:key'}, or one of phrases:, question:, url:, attributes:, study: and metrics: with to: 'connector:key'")
		return
	case len(rule.Tags) > 0 && (other || len(rule.Metrics) > 0), len(rule.Metrics) > 0 && (other || len(rule.Phrases) > 0):
		c.problem(at, "tags and metrics stand alone", "write a rule of their own for them")
		return
	case len(rule.Phrases) > 0 && !other && rule.To == "":
		c.problem(at, "the phrases have no target", "add to: 'connector:key'")
	case (other || len(rule.Metrics) > 0) && rule.To == "":
		c.problem(at, "the rule has no target", "add to: 'connector:key'")
	case len(rule.Phrases) == 0 && !other && len(rule.Metrics) == 0 && rule.To != "":
		c.problem(at.Key("to"), "a tag names its own target", "remove to:, or add phrases: for it")
	}
	c.tagRule(at.Key("tags"), rule.Tags)
	if len(rule.Phrases) == 0 && len(rule.Metrics) == 0 && !other {
		return
	}
	var to string
	if rule.To != "" {
		to = c.target(at.Key("to"), rule.To)
	}
	phrases := c.phraseRule(at.Key("phrases"), rule.Phrases, to)
	for i, name := range rule.Metrics {
		if strings.TrimSpace(name) == "" {
			c.problem(at.Key("metrics").Index(i), "the usage has no name", "write the event or feature as the tool calls it")
		}
		c.p.metrics[to] = append(c.p.metrics[to], strings.TrimSpace(name))
	}
	switch {
	case other:
		c.condition(at, rule, to, phrases)
	default:
		c.p.phrases = append(c.p.phrases, phrases...)
	}
}

func (c *compiler) tagRule(at work.Pointer, tags map[string]string) {
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		where := at.Key(tag)
		name := foldTag(tag)
		if name == "" {
			c.unknown(where, "the tag has no name", "write the tag as the feedback tool shows it")
		}
		c.p.tags[name] = append(c.p.tags[name], c.target(where, tags[tag]))
	}
}

func (c *compiler) phraseRule(at work.Pointer, texts []string, to string) []phrase {
	var phrases []phrase
	for i, text := range texts {
		ph, ok := newPhrase(text, to)
		if !ok {
			c.problem(at.Index(i), "the phrase "+strconv.Quote(text)+" has no word that says anything",
				"write the words that users use for it, such as 'export drops rows'")
		}
		phrases = append(phrases, ph)
	}
	return phrases
}

// condition compiles a rule with conditions. Its cause is that of the first.
func (c *compiler) condition(at work.Pointer, rule Rule, to string, phrases []phrase) {
	r := condition{target: to, phrases: phrases}
	because := func(cause Cause, detail string) {
		if r.cause == "" {
			r.cause, r.detail = cause, detail
		}
	}
	if len(rule.Answers) > 0 && rule.Question == "" {
		c.problem(at.Key("answers"), "the answers belong to no question", "add question: with the id that the connector gives it")
	}
	if r.question = strings.TrimSpace(rule.Question); r.question != "" {
		detail := "the question " + strconv.Quote(r.question)
		for i, answer := range rule.Answers {
			if foldTag(answer) == "" {
				c.problem(at.Key("answers").Index(i), "an answer is empty", "write what was chosen, or leave answers: out for any answer")
			}
			r.answers = append(r.answers, foldTag(answer))
		}
		if len(rule.Answers) > 0 {
			detail += " with " + strconv.Quote(strings.Join(rule.Answers, ", "))
		}
		because(ByAnswer, detail)
	}
	if rule.URL != "" {
		var ok bool
		if r.host, r.path, ok = splitAddress(rule.URL); !ok {
			c.problem(at.Key("url"), strconv.Quote(rule.URL)+" is no path", "write it from its slash on, such as /reports, also with the host before it")
		}
		r.at = true
		because(ByURL, rule.URL)
	}
	if len(rule.Attributes) > 0 {
		r.traits = make(map[string]string, len(rule.Attributes))
		var said []string
		for _, name := range slices.Sorted(maps.Keys(rule.Attributes)) {
			r.traits[name] = foldTag(rule.Attributes[name])
			said = append(said, name+" "+strconv.Quote(rule.Attributes[name]))
		}
		because(ByTrait, strings.Join(said, " and "))
	}
	for i, study := range rule.Study {
		if foldTag(study) == "" {
			c.problem(at.Key("study").Index(i), "the study has no name", "write it as the feedback carries it")
		}
		r.studies = append(r.studies, foldTag(study))
	}
	if len(rule.Study) > 0 {
		because(ByStudy, strings.Join(rule.Study, ", "))
	}
	c.p.rules = append(c.p.rules, r)
}

// splitAddress cuts an address into host and path: "/reports", or
// "app.acme.example/reports" with or without a scheme.
func splitAddress(address string) (host, path string, ok bool) {
	address = strings.TrimSpace(address)
	if _, rest, full := strings.Cut(address, "://"); full {
		address = rest
	}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	slash := strings.IndexByte(address, '/')
	if slash < 0 {
		return strings.ToLower(address), "", strings.Contains(address, ".")
	}
	host, path = strings.ToLower(address[:slash]), strings.TrimRight(address[slash:], "/")
	return strings.TrimPrefix(host, "www."), path, true
}

// hearing is a feedback on its way through the rules; its words are read once.
type hearing struct {
	fb   *work.Feedback
	read bool
	text heard
}

// says reports whether the text has all content words of the phrase.
func (h *hearing) says(ph *phrase) bool {
	if h.fb.Text == "" {
		return false
	}
	if !h.read {
		h.text, h.read = hear(h.fb.Text, h.fb.Language), true
	}
	return ph.in(&h.text)
}

// link returns the link that the rule makes of a feedback that meets it.
func (r *condition) link(h *hearing) (Link, bool) {
	fb := h.fb
	switch {
	case r.question != "" && !slices.ContainsFunc(fb.Answers, r.answered),
		r.at && !r.there(fb.URL),
		len(r.studies) > 0 && !slices.Contains(r.studies, foldTag(fb.Study)):
		return Link{}, false
	}
	for name, want := range r.traits {
		if has, ok := fb.Attributes[name]; !ok || foldTag(has) != want {
			return Link{}, false
		}
	}
	if len(r.phrases) > 0 && !slices.ContainsFunc(r.phrases, func(ph phrase) bool { return h.says(&ph) }) {
		return Link{}, false
	}
	return Link{r.target, r.cause, r.detail}, true
}

// answered reports whether an answer is one of those that the rule names.
func (r *condition) answered(a work.Answer) bool {
	if a.Question != r.question {
		return false
	}
	if len(r.answers) == 0 {
		return a.Text != "" || a.Score.Present()
	}
	if f, ok := a.Score.Number(); ok && slices.Contains(r.answers, strconv.FormatFloat(f, 'f', -1, 64)) {
		return true
	}
	if slices.Contains(r.answers, foldTag(a.Text)) {
		return true
	}
	for choice := range strings.Lines(a.Text) {
		if slices.Contains(r.answers, foldTag(choice)) {
			return true
		}
	}
	return false
}

// there reports whether an address lies at or below that of the rule.
func (r *condition) there(address string) bool {
	if address == "" {
		return false
	}
	host, path, ok := splitAddress(address)
	if !ok || r.host != "" && r.host != host {
		return false
	}
	rest, below := strings.CutPrefix(path, r.path)
	return below && (rest == "" || rest[0] == '/')
}
