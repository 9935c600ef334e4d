package privacy

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Policy says what becomes of personal data of one connector. It is immutable.
type Policy struct {
	key   []byte
	modes map[string]work.PrivacyMode
	email *regexp.Regexp
	phone *regexp.Regexp
	made  *regexp.Regexp
}

// attribute begins the name of one attribute in a spec.
const attribute = "attributes."

// Check reports all mistakes of a spec: modes by the name of a personal field.
func Check(at work.Pointer, spec map[string]work.PrivacyMode) []work.Problem {
	var names []string
	for _, f := range work.PersonalFields() {
		names = append(names, f.Name)
	}
	var problems []work.Problem
	for _, name := range slices.Sorted(maps.Keys(spec)) {
		if slices.Contains(names, name) || len(name) > len(attribute) && strings.HasPrefix(name, attribute) {
			continue
		}
		problems = append(problems, work.Problem{
			At: at.Key(name), Key: true, What: "nothing personal is called " + strconv.Quote(name), Remedy: work.Suggest(name, names),
		})
	}
	return problems
}

// New returns the policy of a spec without mistakes. The key makes pseudonyms;
// who has it can tell whose they are.
func New(spec map[string]work.PrivacyMode, key []byte) *Policy {
	p := &Policy{
		key: slices.Clone(key), modes: map[string]work.PrivacyMode{},
		email: regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+`),
		phone: regexp.MustCompile(`(\+|\b0)[0-9][0-9 ()/.-]{6,}[0-9]\b`),
		made:  regexp.MustCompile(`\b(row-[0-9a-f]{16}|h-[0-9a-f]{24})\b`),
	}
	for _, f := range work.PersonalFields() {
		p.modes[f.Name] = f.Default
	}
	maps.Copy(p.modes, spec)
	return p
}

// Fingerprint tells one policy from another, without telling the key: rows that
// were stored under another one are to be treated again.
func (p *Policy) Fingerprint() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p.modes)) {
		parts = append(parts, name+"="+p.modes[name].String())
	}
	return p.Pseudonym("policy", strings.Join(parts, " "))
}

// Feedback returns the row as it may be stored.
func (p *Policy) Feedback(f work.Feedback) work.Feedback {
	f.Ref, f.DuplicateOf = p.ref(f.Ref), p.id(f.DuplicateOf)
	f.Person = p.person(f)
	f.PersonKeys = p.keys(f.PersonKeys)
	f.Account, f.AccountKeys = p.account(f.Account), p.accounts(f.AccountKeys)
	f.Text = p.text(f.Text)
	f.Answers = slices.Clone(f.Answers)
	for i := range f.Answers {
		f.Answers[i].Text = p.answer(f.Answers[i])
	}
	f.URL = p.address(f.URL)
	if p.modes["recording"] > work.Keep {
		f.RecordingURL = ""
	}
	f.Attributes = p.attributes(f.Attributes)
	return f
}

// Insight returns the finding as it may be stored.
func (p *Policy) Insight(in work.Insight) work.Insight {
	in.Ref = p.ref(in.Ref)
	in.Author = p.named("author", "author", in.Author)
	in.Text = p.text(in.Text)
	return in
}

// Metric returns the row as it may be stored.
func (p *Policy) Metric(m work.Metric) work.Metric {
	m.Account = p.account(m.Account)
	return m
}

// Reject returns what was set aside without its body: nobody knows what is
// personal in a row that could not be understood.
func (p *Policy) Reject(r work.Reject) work.Reject {
	r.Body = ""
	r.Where, r.Cause = p.scrub(p.id(r.Where)), p.scrub(p.id(r.Cause))
	return r
}

// Finding returns what was noticed without e-mail addresses: it is shown and
// logged.
func (p *Policy) Finding(f work.Finding) work.Finding {
	for _, text := range []*string{&f.Subject, &f.What, &f.Remedy} {
		*text = p.email.ReplaceAllStringFunc(p.id(*text), func(address string) string { return p.Pseudonym("email", address) })
	}
	return f
}

func (p *Policy) text(text string) string {
	switch p.modes["text"] {
	case work.Drop:
		return ""
	case work.Pseudonymise:
		return p.scrub(text)
	default:
		return text
	}
}

// answer leaves choices alone: they are the words of who asked.
func (p *Policy) answer(a work.Answer) string {
	if a.Type == work.AskText || a.Type == "" {
		return p.text(a.Text)
	}
	return a.Text
}

// scrub replaces e-mail addresses and telephone numbers.
func (p *Policy) scrub(text string) string {
	text = p.email.ReplaceAllStringFunc(text, func(address string) string { return p.Pseudonym("email", address) })
	return p.phone.ReplaceAllString(text, "[number]")
}

func (p *Policy) address(url string) string {
	switch p.modes["url"] {
	case work.Drop:
		return ""
	case work.Pseudonymise:
		if i := strings.IndexAny(url, "?#"); i >= 0 {
			return url[:i]
		}
		return url
	default:
		return url
	}
}

func (p *Policy) attributes(all map[string]string) map[string]string {
	if len(all) == 0 {
		return all
	}
	kept := make(map[string]string, len(all))
	for name, value := range all {
		mode, own := p.modes[attribute+name]
		if !own {
			mode = p.modes["attributes"]
		}
		kind := name
		if p.email.FindString(value) == value {
			kind = "email"
			if !own {
				mode = max(mode, p.modes["email"])
			}
		}
		if value = p.as(mode, kind, value); value != "" {
			kept[name] = value
		}
	}
	return kept
}
