package drop

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

// feedback turns a row into what one person said. What cannot be understood of
// a row whose person did not agree is kept nowhere else either.
func (b *builder) feedback(row table.Row) (work.Feedback, *fault) {
	c := b.gather(row)
	f, why := b.voice(&c, row)
	if why != nil && b.asksConsent(row.Header) && yes(c.text("consent")) != saidYes {
		why.private = true
	}
	return f, why
}

func (b *builder) voice(c *cells, row table.Row) (work.Feedback, *fault) {
	f := work.Feedback{
		Kind: c.text("kind"), Method: work.Method(strings.ToLower(c.text("method"))), Study: c.text("study"),
		Scale: c.text("scale"), Text: c.text("text"), Segment: c.text("segment"), Area: c.text("area"),
		URL: addressOf(c.text("url")), Tags: append(table.List(c.byField["tags"]), c.tags...), Language: c.text("language"), Consent: c.text("consent"),
		Answers: c.answers, Links: table.List(c.byField["links"]), DuplicateOf: c.text("duplicate_of"),
	}
	var why *fault
	if f.At, why = b.time(c, "at"); why != nil {
		return f, why
	}
	if f.Version, why = b.laterVersion(c); why != nil {
		return f, why
	}
	if f.Audience, why = b.reach(c); why != nil {
		return f, why
	}
	b.who(&f, c)
	f.Ref = b.identify(c, row, f)
	if f.Person == "" && c.text("number") != "" {
		f.Person = f.ID // as above: every response is of a person of its own
	}
	if yes(c.text("withdrawn")) == saidYes {
		return gone(f), nil
	}
	if refused, why := b.consent(c, row); why != nil || refused {
		return gone(f), why
	}
	return b.complete(f, c)
}

// gone is what is left of a row that may not be kept, or is withdrawn: its id,
// so that what was stored of it before goes too.
func gone(f work.Feedback) work.Feedback {
	return work.Feedback{Ref: f.Ref, Gone: true, Audience: f.Audience, Version: f.Version, At: f.At}
}

// complete fills what a row may leave out and checks what it must not.
func (b *builder) complete(f work.Feedback, c *cells) (work.Feedback, *fault) {
	var why *fault
	if f.Score, why = b.number(c, "score"); why != nil {
		return f, why
	}
	if f.Value, why = b.number(c, "value"); why != nil {
		return f, why
	}
	if f.RecordingURL, why = recording(c); why != nil {
		return f, why
	}
	if f.At.IsZero() {
		return f, &fault{cause: "nobody knows when this was said", remedy: "add a column at with a date, or map one to at in the column file"}
	}
	if f.Method == "" && len(f.Answers) == 0 {
		f.Method = work.Request
	}
	f.Sum()
	if !slices.Contains(work.Methods(), f.Method) {
		return f, &fault{cause: fmt.Sprintf("%q is no method", f.Method), remedy: work.Suggest(string(f.Method), methodNames())}
	}
	b.noteOdd(c.odd)
	return f, nil
}

// who says whose answer it is: every key that may join the person with the
// same one elsewhere, and the table's own best id.
func (b *builder) who(f *work.Feedback, c *cells) {
	key := func(into map[string]string, name, text string) {
		if text != "" && into[name] == "" {
			into[name] = text
		}
	}
	person := c.text("person")
	key(c.persons, "user_id", c.text("user_id"))
	key(c.persons, "email", c.text("email"))
	if strings.Contains(person, "@") {
		key(c.persons, "email", person)
	}
	if mail := c.persons["email"]; mail != "" {
		c.persons["email"] = strings.ToLower(strings.TrimSpace(mail))
	}
	key(c.accounts, "account_id", c.text("account_id"))
	key(c.accounts, "domain", strings.ToLower(c.text("domain")))
	key(c.accounts, "name", c.text("account_name"))
	f.Person, f.Account = person, c.text("account")
	for _, name := range slices.Concat([]string{"user_id", "email"}, sorted(c.persons)) {
		if f.Person == "" {
			f.Person = c.persons[name]
		}
	}
	if participant := c.text("participant"); f.Person == "" && participant != "" {
		f.Person = f.Study + "/" + participant // nobody known, and yet one person
	}
	for _, name := range slices.Concat([]string{"account_id", "domain", "name"}, sorted(c.accounts)) {
		if f.Account == "" {
			f.Account = c.accounts[name]
		}
	}
	if f.Account != "" && len(c.accounts) == 0 {
		c.accounts["name"] = f.Account
	}
	key(c.attributes, "observer", c.text("observer"))
	if page := c.text("source_url"); f.URL == "" && page != "" {
		f.URL = addressOf(page)
	}
	if f.Area == "" {
		f.Area = pathOf(c.text("source_url"))
	}
	f.PersonKeys, f.AccountKeys, f.Attributes = some(c.persons), some(c.accounts), some(c.attributes)
}

func some(m map[string]string) map[string]string {
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	if len(m) == 0 {
		return nil
	}
	return m
}

// pathOf is where in the product something was said.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Path
}

// recording is the link with the time in it: https://…#t=754.
func recording(c *cells) (string, *fault) {
	link, at := addressOf(c.text("recording_url")), c.text("recording_at")
	if link == "" || at == "" || strings.Contains(link, "#") {
		return link, nil
	}
	seconds, err := offset(at)
	if err != nil {
		return "", &fault{cause: "recording_at: " + err.Error(), remedy: "write minutes and seconds, such as 12:34 or 1:02:03, or seconds alone"}
	}
	return link + "#t=" + strconv.Itoa(int(seconds/time.Second)), nil
}

// offset reads 1:02:03, 12:34, 754 or 12m34s.
func offset(text string) (time.Duration, error) {
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return d, nil
	}
	total := 0
	parts := strings.Split(text, ":")
	for i, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || n < 0 || i > 0 && n > 59 || len(parts) > 3 {
			return 0, fmt.Errorf("%q is no place in a recording", text)
		}
		total = total*60 + n
	}
	return time.Duration(total) * time.Second, nil
}

// consent says whether a row may be kept. Who said no is never stored, and
// what was stored of it goes. Where there is a column for it, an empty cell is
// not a yes.
func (b *builder) consent(c *cells, row table.Row) (refused bool, why *fault) {
	switch yes(c.text("consent")) {
	case saidYes:
		return false, nil
	case saidNo:
		b.refused++
		return true, nil
	case saidOther:
		return false, &fault{cause: fmt.Sprintf("the consent %q is neither yes nor no", c.text("consent")), remedy: "write yes or no"}
	case saidNothing:
	}
	if b.asksConsent(row.Header) {
		return false, &fault{cause: "nobody says that the person agreed", remedy: "fill in the column consent with yes or no in your own table; nothing of the row was kept"}
	}
	return false, nil
}

// asksConsent reports that no row counts without a yes.
func (b *builder) asksConsent(header []string) bool {
	return b.mustConsent || slices.ContainsFunc(header, func(h string) bool {
		m := b.layout.of(h)
		return m.sort == field && m.name == "consent"
	})
}
