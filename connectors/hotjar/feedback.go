package hotjar

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// frame is what all responses of a survey have in common.
type frame struct {
	connector string
	config    Config
	audience  work.Audience
	survey    survey
}

// fault says why a response cannot be taken.
type fault struct {
	// where is empty for a response without an id.
	where, cause, remedy string
}

// heard is a response that was understood.
type heard struct {
	feedback work.Feedback
	created  time.Time
	// strange are types of question that nobody knows.
	strange []string
}

// voice turns a response into feedback.
func (f frame) voice(raw json.RawMessage) (heard, *fault) {
	where := "" // nobody knows
	var w wireResponse
	if err := json.Unmarshal(raw, &w); err != nil {
		return heard{}, &fault{where, "a response cannot be read: " + err.Error(), "report it: Hotjar changed the form of its answers"}
	}
	if w.ID == "" {
		return heard{}, &fault{where, "a response has no id", "nothing can be done here; it cannot be told from others"}
	}
	id := f.survey.ID + "/" + string(w.ID)
	where = id // the same wherever it stands, so that it ends when the response is understood
	created, ok := w.Created.time()
	if !ok {
		return heard{}, &fault{where, "nobody knows when this was said: created_time is missing or no time", "report it: Hotjar changed the form of its answers"}
	}
	v := work.Feedback{
		Ref: work.NewRef(f.connector, id, id), Study: f.survey.Name, At: created, Version: created, Audience: f.audience,
		URL: pageOf(string(w.Origin)), Area: areaOf(string(w.Origin)), RecordingURL: webAddress(string(w.Recording)),
		Attributes: map[string]string{}, PersonKeys: map[string]string{}, AccountKeys: map[string]string{},
	}
	h := heard{created: created}
	f.who(&v, w)
	if why := f.said(&v, w, &h, where); why != nil {
		return heard{}, why
	}
	if w.Complete != nil && !*w.Complete {
		v.Attributes["complete"] = "no"
	}
	v.Sum()
	h.feedback = v
	return h, nil
}

// said fills in the answers, their tags and their sentiment.
func (f frame) said(v *work.Feedback, w wireResponse, h *heard, where string) *fault {
	var moods []string
	for _, a := range w.Answers {
		i := slices.IndexFunc(f.survey.Questions, func(q question) bool { return q.ID == string(a.Question) })
		q, how := question{ID: string(a.Question)}, reading{as: work.AskText}
		if i >= 0 {
			q = f.survey.Questions[i]
			how = readingOf(q.Type)
		}
		said, err := saidOf(a.Answer)
		switch {
		case err != nil:
			return &fault{where, "the answer to question " + q.ID + " cannot be read: " + err.Error(), "report it: Hotjar changed the form of its answers"}
		case how.unknown && len(said) > 0:
			h.strange = append(h.strange, q.Type)
		}
		switch {
		case how.email && len(said) > 0:
			v.PersonKeys["email"] = strings.ToLower(said[0])
		case !how.silent && !how.email && len(said) > 0:
			v.Answers = append(v.Answers, answerOf(q, how, said))
		}
		if a.Comment != "" {
			v.Answers = append(v.Answers, work.Answer{Question: q.ID + ".comment", Wording: q.Text, Type: work.AskText, Text: string(a.Comment)})
		}
		for _, t := range a.Tags {
			if t != "" {
				v.Tags = append(v.Tags, string(t))
			}
		}
		if a.Sentiment != "" {
			moods = append(moods, string(a.Sentiment))
		}
	}
	f.mood(v, moods)
	slices.Sort(v.Tags)
	v.Tags = slices.Compact(v.Tags)
	return nil
}

// mood notes the sentiment that Hotjar found: one word, or mixed.
func (f frame) mood(v *work.Feedback, moods []string) {
	slices.Sort(moods)
	moods = slices.Compact(moods)
	switch {
	case len(moods) == 0 || f.config.Sentiment == sentimentOff:
	case f.config.Sentiment == sentimentTag:
		for _, m := range moods {
			v.Tags = append(v.Tags, "sentiment/"+m)
		}
	case len(moods) == 1:
		v.Attributes["sentiment"] = moods[0]
	default:
		v.Attributes["sentiment"] = "mixed"
	}
}

// who fills in what is known of the visitor.
func (f frame) who(v *work.Feedback, w wireResponse) {
	for name, value := range map[string]plain{"device": w.Device, "browser": w.Browser, "os": w.OS, "country": w.Country} {
		set(v.Attributes, name, string(value))
	}
	set(v.PersonKeys, "hotjar.user", string(w.User))
	v.Person = string(w.User)
	u := f.config.Users
	for _, a := range w.Attributes {
		value := string(a.Value)
		switch a.Name {
		case "":
		case u.UserID:
			set(v.PersonKeys, "user_id", value)
		case u.Email:
			set(v.PersonKeys, "email", strings.ToLower(value))
		case u.AccountID:
			set(v.AccountKeys, "account_id", value)
		case u.Account:
			set(v.AccountKeys, "name", value)
		case u.Domain:
			set(v.AccountKeys, "domain", strings.ToLower(value))
		case u.Segment:
			v.Segment = value
		case u.Value:
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				v.Value = work.NewNumber(n)
			}
		default:
			if slices.Contains(f.config.Attributes, a.Name) || slices.Contains(f.config.Attributes, "*") {
				set(v.Attributes, a.Name, value)
			}
		}
	}
	v.Person = cmp.Or(v.PersonKeys["user_id"], v.Person, v.PersonKeys["email"])
	v.Account = cmp.Or(v.AccountKeys["account_id"], v.AccountKeys["domain"], v.AccountKeys["name"])
}

func set(into map[string]string, name, value string) {
	if value != "" {
		into[name] = value
	}
}

// webAddress returns an address that a person can open, and nothing else.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// pageOf is the page without its query: that may hold tokens and names.
func pageOf(address string) string {
	u, err := url.Parse(webAddress(address))
	if err != nil || u.Host == "" {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}

// areaOf is the path of a page in which ids are stars, so that one page of an
// application is one area: /orders/*/items.
func areaOf(address string) string {
	u, err := url.Parse(webAddress(address))
	if err != nil || u.Host == "" {
		return ""
	}
	isID := regexp.MustCompile(`^(\d+|[0-9a-fA-F-]{16,})$`)
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	for i, part := range parts {
		if isID.MatchString(part) {
			parts[i] = "*"
		}
	}
	return "/" + strings.Join(parts, "/")
}
