package userpilot

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"tandem/internal/work"
)

// frame is what all responses have in common.
type frame struct {
	connector string
	audience  work.Audience
	config    Config
	books     books
}

// rows are the responses of a job. It reports false where the window must reach
// back further.
func (v *voices) rows(f frame, j job) (rows, bool) {
	chains, ok := v.whole(j)
	if !ok {
		return rows{}, false
	}
	var r rows
	strange := map[string]bool{}
	for _, c := range chains {
		for _, response := range c.split() {
			r.rejects = append(r.rejects, response.rejects(f.connector)...)
			if !slices.ContainsFunc(response, func(u utterance) bool { return u.speaks() }) {
				continue
			}
			r.feedback = append(r.feedback, f.voice(response, strange))
		}
	}
	for _, kind := range slices.Sorted(keysOf(strange)) {
		r.findings = append(r.findings, work.Finding{
			Level: work.Note, Subject: f.connector, What: fmt.Sprintf("questions of the type %q are not known: their answers are read as text", kind),
			Remedy: "say in surveys.types how they are to be read, such as " + kind + ": {as: rating, scale: 1-5}",
		})
	}
	return r, true
}

func lookAt(u utterance) string {
	if u.nps {
		return "set nps.score and nps.comment to the paths where they stand; the events are read again with reset"
	}
	return "set surveys.answers, surveys.question and surveys.answer to where they stand; the events are read again with reset"
}

// rejects say what of a response could not be understood: all of it, where no
// event says anything, or single answers.
func (c chain) rejects(connector string) []work.Reject {
	var all []work.Reject
	speaks := slices.ContainsFunc(c, func(u utterance) bool { return u.speaks() })
	for _, u := range c {
		why := u.fault
		if !speaks {
			why = cmp.Or(why, u.mute)
		}
		if why != "" {
			all = append(all, work.Reject{Connector: connector, Where: "event " + u.key + ", " + string(u.Name), Cause: why, Remedy: lookAt(u)})
		}
	}
	return all
}

// voice makes one feedback of the utterances of one response. Its id is that of
// the first, its version that of the last.
func (f frame) voice(c chain, strange map[string]bool) work.Feedback {
	u := c[0]
	v := work.Feedback{
		Ref: work.NewRef(f.connector, u.key, u.key), At: u.at, Version: c.last(), Audience: f.audience, Study: f.books.title(u.entity, u.nps),
		Person: string(u.User), Account: string(u.Company), Language: string(u.Language), URL: pageOf(u.event), Area: areaOf(string(u.Path)),
		PersonKeys: map[string]string{}, AccountKeys: map[string]string{}, Attributes: map[string]string{},
	}
	for _, part := range c {
		v.Account = cmp.Or(v.Account, string(part.Company))
	}
	set(v.PersonKeys, "user_id", v.Person)
	set(v.AccountKeys, "account_id", v.Account)
	for name, value := range map[string]plain{"device": u.Device, "browser": u.Browser, "os": u.System, "country": u.Country} {
		set(v.Attributes, name, string(value))
	}
	if u.nps {
		v.Method = work.NPS
		v.Answers = npsAnswers(c)
	} else {
		v.Answers = f.answers(c, strange)
	}
	v.Sum()
	return v
}

// npsAnswers are the score and the last comment.
func npsAnswers(c chain) []work.Answer {
	var answers []work.Answer
	comment := ""
	for _, u := range c {
		if u.scored {
			answers = append(answers, work.Answer{Question: "nps", Type: work.AskNPS, Score: work.NewNumber(u.score), Scale: "0-10"})
		}
		comment = cmp.Or(u.comment, comment)
	}
	if comment != "" {
		answers = append(answers, work.Answer{Question: "nps.comment", Type: work.AskText, Text: comment})
	}
	return answers
}

// answers are those of a survey, in the order of its questions.
func (f frame) answers(c chain, strange map[string]bool) []work.Answer {
	var answers []work.Answer
	for _, u := range c {
		for _, a := range u.answers {
			q := f.books.question(u.entity, a.question)
			t, known := f.config.Surveys.typeOf(q.kind)
			if !known {
				strange[q.kind] = true
			}
			answers = append(answers, answerOf(u.entity+"/"+a.question, q.wording, t, a.said))
		}
	}
	slices.SortStableFunc(answers, func(a, b work.Answer) int {
		if d := f.books.place(a.Question) - f.books.place(b.Question); d != 0 {
			return d
		}
		return strings.Compare(a.Question, b.Question)
	})
	return answers
}

func set(into map[string]string, name, value string) {
	if value != "" {
		into[name] = value
	}
}

// pageOf is the address of the page, without a query.
func pageOf(e event) string {
	if e.Host == "" || strings.ContainsAny(string(e.Host), "/@? ") {
		return ""
	}
	path, _, _ := strings.Cut(string(e.Path), "?")
	u := url.URL{Scheme: "https", Host: string(e.Host), Path: path}
	return u.String()
}

// areaOf is a path in which ids are stars, so that one page of an application is
// one area: /orders/*/items.
func areaOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	if path == "" {
		return ""
	}
	isID := regexp.MustCompile(`^(\d+|[0-9a-fA-F-]{16,})$`)
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if isID.MatchString(part) {
			parts[i] = "*"
		}
	}
	return "/" + strings.Join(parts, "/")
}
