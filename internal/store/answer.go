package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// answerKey is one answer that may be given to a question in a month.
type answerKey struct {
	connector, study, question string
	kind                       work.QuestionType
	scale                      string
	month                      int
	segment                    string
	audience                   work.Audience
	score                      float64
}

func (k answerKey) compare(o answerKey) int {
	return cmp.Or(
		cmp.Compare(k.connector, o.connector), cmp.Compare(k.study, o.study), cmp.Compare(k.question, o.question), cmp.Compare(k.kind, o.kind),
		cmp.Compare(k.scale, o.scale), cmp.Compare(k.month, o.month), cmp.Compare(k.segment, o.segment), cmp.Compare(k.audience, o.audience), cmp.Compare(k.score, o.score),
	)
}

// answered is how often it was given, more than before.
type answered struct {
	count   int
	wording string
}

// tell notes the answers of a row, or with -1 that they are taken back.
func (ch *chorus) tell(row *work.Feedback, n int) {
	if row.Gone {
		return
	}
	at := row.At
	if at.IsZero() || at.Year() == 1970 {
		at = row.Version
	}
	at = at.UTC()
	key := answerKey{connector: row.Connector, study: label(row.Study), month: at.Year()*12 + int(at.Month()) - 1, segment: label(row.Segment), audience: row.Audience}
	note := func(question string, kind work.QuestionType, scale string, score work.Value, wording string) {
		number, ok := score.Number()
		if !ok {
			return
		}
		key.question, key.kind, key.scale, key.score = label(question), work.QuestionType(label(string(kind))), label(scale), number+0 // no -0
		a := ch.answers[key]
		if a.count += n; n > 0 && wording != "" {
			a.wording = label(wording)
		}
		ch.answers[key] = a
	}
	for i := range row.Answers {
		a := &row.Answers[i]
		note(a.Question, a.Type, a.Scale, a.Score, a.Wording)
	}
	if len(row.Answers) > 0 {
		return
	}
	question, kind := string(row.Method), work.AskRating
	switch {
	case row.Method == work.NPS || row.Method == work.CSAT:
		kind = work.QuestionType(row.Method)
	case row.Kind == "importance" || row.Kind == "satisfaction":
		question = row.Kind
	}
	note(question, kind, row.Scale, row.Score, "")
}

// label cuts a text of a source to what fits into a key.
func label(text string) string {
	const most = 200
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	for i := range text {
		if i >= most && len([]rune(text[:i])) >= most {
			return text[:i]
		}
	}
	return text
}

// settleAnswers stores how often answers were given.
func (ch *chorus) settleAnswers(ctx context.Context) error {
	fewer := false
	for _, k := range slices.SortedFunc(maps.Keys(ch.answers), answerKey.compare) {
		a := ch.answers[k]
		if a.count == 0 && a.wording == "" {
			continue
		}
		fewer = fewer || a.count < 0
		err := ch.put(ctx, `INSERT INTO answer_month (connector, study, question, type, scale, month, segment, audience, score, wording, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connector, study, question, type, scale, month, segment, audience, score) DO UPDATE SET count = answer_month.count + excluded.count,
				wording = CASE WHEN excluded.wording = '' THEN answer_month.wording ELSE excluded.wording END`,
			k.connector, k.study, k.question, string(k.kind), k.scale, k.month, k.segment, k.audience, k.score, a.wording, a.count)
		if err != nil {
			return err
		}
	}
	if !fewer {
		return nil
	}
	return ch.put(ctx, "DELETE FROM answer_month WHERE count <= 0")
}

// Questions returns how questions were answered since a month, as far as the
// reader may see it: what is stricter counts nowhere.
func (s *Store) Questions(ctx context.Context, since time.Time, sees func(work.Audience) bool) ([]work.Question, error) {
	since = since.UTC()
	questions := []work.Question{}
	var group answerKey
	var sum float64
	err := each(ctx, s.reader, `SELECT connector, study, question, type, scale, month, segment, score, wording, count FROM answer_month
		WHERE month >= ? AND audience IN (SELECT CAST(value AS bigint) FROM json_each(?)) ORDER BY connector, study, question, type, month, segment`,
		[]any{since.Year()*12 + int(since.Month()) - 1, seenBy(sees)}, func(scan func(...any) error) error {
			var k answerKey
			var wording string
			var count int
			if err := scan(&k.connector, &k.study, &k.question, &k.kind, &k.scale, &k.month, &k.segment, &k.score, &wording, &count); err != nil {
				return err
			}
			d := graded(&k)
			k.scale, k.score = "", 0
			if q := (answerKey{connector: k.connector, study: k.study, question: k.question, kind: k.kind}); len(questions) == 0 || q != (answerKey{connector: group.connector, study: group.study, question: group.question, kind: group.kind}) {
				questions = append(questions, work.Question{Connector: k.connector, Study: k.study, ID: k.question, Type: k.kind})
				group = answerKey{month: -1}
			}
			q := &questions[len(questions)-1]
			if k != group {
				q.Months = append(q.Months, work.AnswerMonth{Month: time.Date(k.month/12, time.Month(k.month%12+1), 1, 0, 0, 0, 0, time.UTC), Segment: k.segment})
				group, sum = k, 0
			}
			m := &q.Months[len(q.Months)-1]
			q.Wording = cmp.Or(wording, q.Wording)
			m.Sample += count * int(d.ScoreCount)
			m.Top += count * int(d.Promoters)
			m.Bottom += count * int(d.Detractors)
			if sum += float64(count) * d.ScoreSum; m.Sample > 0 {
				m.Mean = sum / float64(m.Sample)
			}
			return nil
		})
	return questions, s.fault("read how questions were answered", err)
}

// graded reads an answer as evidence does.
func graded(k *answerKey) evidence.Day {
	f := work.Feedback{Method: work.Survey, Scale: k.scale, Score: work.NewNumber(k.score)}
	switch k.kind {
	case work.AskNPS:
		f.Method = work.NPS
	case work.AskCSAT:
		f.Method = work.CSAT
	case work.AskReaction:
		f.Scale = cmp.Or(f.Scale, "1-5")
	case work.AskYesNo:
		f.Scale = cmp.Or(f.Scale, "0-1")
	default:
	}
	return evidence.DayOf(&f, evidence.Link{})
}

// seenBy lists the audiences that a reader may see, as JSON.
func seenBy(sees func(work.Audience) bool) string {
	var seen []string
	for a := work.Public; a <= work.Restricted; a++ {
		if sees(a) {
			seen = append(seen, string('0'+rune(a)))
		}
	}
	return "[" + strings.Join(seen, ",") + "]"
}
