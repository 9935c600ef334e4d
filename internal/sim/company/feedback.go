package company

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Feedback is one signal of one person, as a row of a JSONL drop.
type Feedback struct {
	ID           string    `json:"id"`
	Kind         string    `json:"kind"`   // request, bug, praise, question
	Method       string    `json:"method"` // survey, nps, interview, support, request
	Study        string    `json:"study,omitempty"`
	Score        *float64  `json:"score,omitempty"`
	Scale        string    `json:"scale,omitempty"`
	Text         string    `json:"text,omitempty"`
	Person       string    `json:"person,omitempty"`
	Account      string    `json:"account,omitempty"`
	Segment      string    `json:"segment,omitempty"`
	Value        float64   `json:"value"` // monthly revenue of the account
	Area         string    `json:"area,omitempty"`
	At           time.Time `json:"at"`
	URL          string    `json:"url,omitempty"`
	RecordingURL string    `json:"recording_url,omitempty"`
	Tags         []string  `json:"tags,omitempty"`
	Language     string    `json:"language,omitempty"`
	Consent      string    `json:"consent,omitempty"`
	Links        []string  `json:"links,omitempty"`

	// About is the Jira key that linking must find, Via what shows it: tag,
	// phrase, key or link. Both are empty where nothing may be found.
	About string `json:"-"`
	Via   string `json:"-"`
}

// WriteFeedback writes rows as JSONL. In the middle stands half a row, as a
// full disk leaves it: one bad row must stop nothing.
func WriteFeedback(w io.Writer, rows []Feedback) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i, row := range rows {
		if i == len(rows)/2 && len(rows) > 100 {
			if _, err := io.WriteString(w, `{"id":"fb-cut","method":"support","text":"the disk was fu`+"\n"); err != nil {
				return fmt.Errorf("write feedback: %w", err)
			}
		}
		if err := enc.Encode(row); err != nil {
			return fmt.Errorf("write feedback %s: %w", row.ID, err)
		}
	}
	return nil
}

// feedback makes up n signals of the last year, oldest first.
func feedback(seed uint64, asOf time.Time, n int, jira []JiraIssue) []Feedback {
	d := newDice(seed, "feedback")
	v := voices{dice: d, asOf: asOf, areas: areas(), accounts: accounts(d, min(5000, max(20, n/12))), open: map[string][]string{}, keys: map[string]bool{}}
	for _, i := range jira {
		if i.Open() && i.Type != "Epic" && i.Type != "Sub-task" && i.Level == "" && i.Raw == nil && i.Key != unheard {
			v.open[i.Area] = append(v.open[i.Area], i.Key)
		}
		v.keys[i.Key] = true
	}
	rows := make([]Feedback, 0, n)
	for len(rows) < n {
		if len(rows) > 20 && d.chance(0.04) {
			rows = append(rows, v.again(of(d, rows)))
			continue
		}
		rows = append(rows, v.signal())
	}
	slices.SortStableFunc(rows, func(a, b Feedback) int { return a.At.Compare(b.At) })
	for i := range rows {
		rows[i].ID = fmt.Sprintf("fb-%06d", i+1)
		if rows[i].Method == "interview" {
			rows[i].RecordingURL = "https://rec.acme.example/" + rows[i].ID
		}
	}
	return rows
}

// unheard is the key of an issue that nobody asked for yet.
const unheard = "WEB-33"

// voices makes up what users say.
type voices struct {
	dice
	asOf     time.Time
	accounts []account
	areas    []area
	open     map[string][]string // keys of open issues by area
	// keys are all keys.
	keys map[string]bool
}

func (v *voices) signal() Feedback {
	who := of(v.dice, v.accounts)
	a := of(v.dice, v.areas)
	ago := v.Float64()
	f := Feedback{
		Account: who.name, Segment: who.segment, Value: who.revenue, Language: who.language,
		Person: of(v.dice, who.people), Consent: "yes",
		At: v.asOf.Add(-time.Hour - time.Duration(ago*ago*365*24*float64(time.Hour))).Truncate(time.Second),
	}
	if v.chance(0.5) {
		f.Area = a.name
	}
	v.say(&f, a)
	v.method(&f)
	if f.Method == "nps" && f.About == "" && v.chance(0.3) {
		f.Text = "" // a number without a word
	}
	if v.chance(0.1) {
		f.URL = "https://app.acme.example/" + a.name
	}
	return f
}

// say gives the signal its text and, in a third of the cases, what links it.
func (v *voices) say(f *Feedback, a area) {
	texts, curated := a.said, a.quoted
	if f.Language == "de" {
		texts, curated = a.gesagt, a.zitiert
	}
	f.Kind = []string{"bug", "request", "question"}[v.weighted(4, 5, 1)]
	f.Text = v.frame(f.Language, of(v.dice, texts))
	anchor := fmt.Sprintf("%s-%d", a.project, a.anchor.number)
	exists := v.keys[anchor]
	switch keys := v.open[a.name]; v.weighted(14, 13, 6, 3, 64) {
	case 0:
		f.Tags = []string{a.name}
		v.about(f, anchor, "tag", exists)
	case 1:
		f.Text = v.frame(f.Language, of(v.dice, curated))
		v.about(f, anchor, "phrase", exists)
	case 2:
		if len(keys) > 0 {
			key := of(v.dice, keys)
			f.Text += " (" + key + ")"
			v.about(f, key, "key", true)
		}
	case 3:
		if len(keys) > 0 {
			key := of(v.dice, keys)
			f.Links = []string{"jira:" + key}
			v.about(f, key, "link", true)
		}
	default:
		if v.chance(0.3) {
			f.Tags = []string{of(v.dice, []string{"ux", "speed", "docs", "german-market", "pricing", "churn-risk"})}
		}
		if v.chance(0.25) {
			f.Kind, f.Text = "praise", v.frame(f.Language, of(v.dice, praise(f.Language)))
		}
	}
}

func (v *voices) about(f *Feedback, key, via string, exists bool) {
	if exists {
		f.About, f.Via = key, via
	}
}

// frame puts small talk around a sentence.
func (v *voices) frame(language, sentence string) string {
	before, after := openings(language), endings(language)
	return of(v.dice, before) + sentence + of(v.dice, after)
}

// method says how the signal came in, with its score.
func (v *voices) method(f *Feedback) {
	happy := f.Kind == "praise"
	switch v.weighted(25, 25, 6, 24, 20) {
	case 0:
		f.Method, f.Scale, f.Study = "survey", "1-5", []string{"after-checkout", "quarterly", "new-customers"}[v.IntN(3)]
		f.Score = v.score(happy, 4, 5, 1, 4)
	case 1:
		f.Method, f.Scale, f.Study = "nps", "0-10", "nps-"+f.At.Format("2006")
		f.Score = v.score(happy, 9, 10, 0, 8)
	case 2:
		f.Method, f.Study = "interview", []string{"accountants", "mobile-first", "churned"}[v.IntN(3)]
		f.Consent = "recorded"
		f.Text = strings.Join([]string{f.Text, of(v.dice, openings(f.Language)) + of(v.dice, praise(f.Language))}, "\n\n")
	case 3:
		f.Method = "support"
	default:
		f.Method = "request"
		if f.Kind == "bug" {
			f.Kind = "request"
		}
	}
}

func (v *voices) score(happy bool, good, best, worst, fair int) *float64 {
	n := v.between(worst, fair)
	if happy {
		n = v.between(good, best)
	}
	score := float64(n)
	return &score
}

// again is the same person saying the same once more.
func (v *voices) again(f Feedback) Feedback {
	f.At = f.At.Add(time.Minute + v.days(2))
	if last := v.asOf.Add(-time.Minute); f.At.After(last) {
		f.At = last
	}
	switch v.IntN(3) {
	case 0:
		f.Text += "!!"
	case 1:
		f.Text = strings.ReplaceAll(f.Text, ". ", ".  ")
	default:
		f.Text = lowerFirst(f.Text)
	}
	return f
}
