package store

import (
	"cmp"
	"context"
	"math"
	"strings"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Inquiry asks who speaks for an item.
type Inquiry struct {
	Rules *evidence.Program
	// Targets are all names of the item, Goal the one that it serves.
	Targets []string
	Goal    string
	AsOf    time.Time
	// Until leaves out what came later, for a kept run; zero is now. Votes is
	// then how many signals counted in it.
	Until time.Time
	Votes int
	// Most is how many voices and how many findings are told.
	Most int
	// Sees reports whether the reader may see what is meant for an audience.
	Sees func(work.Audience) bool
}

// Testimony tells who speaks for an item, from what is stored (promise S7: what
// is not for the reader is counted, no more).
func (s *Store) Testimony(ctx context.Context, q Inquiry) (work.Testimony, error) {
	t := work.Testimony{Voices: []work.Heard{}}
	said, err := s.Said(ctx, q.Targets, q.Until)
	if err != nil {
		return t, err
	}
	voices, restricted := q.Rules.Strongest(said, q.AsOf, math.MaxInt, q.Sees)
	t.Restricted = restricted
	if !q.Until.IsZero() {
		t.Gone = max(0, q.Votes-len(voices)-restricted)
	}
	voices = voices[:min(len(voices), q.Most)]
	refs := make([]work.RefID, 0, len(voices))
	for _, v := range voices {
		refs = append(refs, v.Of)
	}
	rows, err := s.FeedbackOf(ctx, refs)
	if err != nil {
		return t, err
	}
	for _, v := range voices {
		row, ok := rows[v.Of]
		switch {
		case ok && !q.Sees(row.Audience): // it became stricter between the two reads
			t.Restricted++
		case ok:
			t.Voices = append(t.Voices, heardOf(&row, v))
		}
	}
	return t, s.findings(ctx, q, &t)
}

func heardOf(row *work.Feedback, v evidence.Voice) work.Heard {
	h := work.Heard{
		Ref: row.RefID.String(), Person: row.Person, Account: cmp.Or(row.AccountKeys["name"], row.Account), Segment: row.Segment,
		Method: row.Method, Kind: row.Kind, Scale: row.Scale, At: row.At, Weight: v.Weight, Quote: quote(row.Text), URL: row.URL, Recording: row.RecordingURL, Because: v.String(),
	}
	if h.At.IsZero() || h.At.UnixMicro() == 0 {
		h.At = row.Version
	}
	if row.Score.Present() {
		h.Score = &row.Score
	}
	return h
}

// findings adds the insights.
func (s *Store) findings(ctx context.Context, q Inquiry, t *work.Testimony) error {
	insights, err := s.InsightsOn(ctx, q.Targets, q.Goal, q.Until)
	if err != nil {
		return err
	}
	for i := range insights {
		in := &insights[i]
		switch {
		case evidence.DayNumber(in.At) > evidence.DayNumber(q.AsOf):
		case !q.Sees(in.Audience):
			t.Restricted++
		case len(t.Insights) < q.Most:
			because := in.String()
			if in.Target == "" {
				because = "speaks for the goal " + in.Detail
			}
			t.Insights = append(t.Insights, work.Heard{
				Ref: in.RefID.String(), Person: in.Author, Kind: in.Kind, At: in.At, Quote: quote(cmp.Or(in.Title, in.Text)), URL: in.URL, Because: because,
			})
		}
	}
	return nil
}

// quoted is how much of a text is told.
const quoted = 160

// quote cuts a text to one line of a sane length, at a word where there is one.
func quote(text string) string {
	line := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	runes := []rune(line)
	if len(runes) <= quoted {
		return line
	}
	cut := string(runes[:quoted])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
