package web

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"
	"time"

	"tandem/internal/chart"
	"tandem/internal/work"
)

// question is how a question was answered, as the page PM shows it.
type question struct {
	Wording, Study string
	// Now says what the answers of the newest month are, Before those of the month
	// with answers before that.
	Now, Before string
	Picture     template.HTML
	Segments    []segmentAnswer
	sample      int
}

// segmentAnswer is how one segment answered, over all months that are shown.
type segmentAnswer struct {
	Segment, Text string
	Sample        int
}

const (
	// asked is for how many months answers are told.
	asked = 12
	// mostQuestions is of how many questions.
	mostQuestions = 6
	mostSegments  = 8
)

// questions are those with most answers.
func questions(all []work.Question, today time.Time) []question {
	var list []question
	for i := range all {
		if q := questionOf(&all[i], today); q.sample > 0 {
			list = append(list, q)
		}
	}
	slices.SortStableFunc(list, func(a, b question) int { return cmp.Compare(b.sample, a.sample) })
	return list[:min(len(list), mostQuestions)]
}

func questionOf(q *work.Question, today time.Time) question {
	v := question{Wording: cmp.Or(q.Wording, askedText(q.ID)), Study: q.Study}
	var months []work.AnswerMonth
	segments := map[string]*work.AnswerMonth{}
	for _, m := range q.Months {
		v.sample += m.Sample
		if n := len(months); n > 0 && months[n-1].Month.Equal(m.Month) {
			add(&months[n-1], &m)
		} else {
			months = append(months, m)
		}
		if segments[m.Segment] == nil {
			segments[m.Segment] = &work.AnswerMonth{Segment: m.Segment}
		}
		add(segments[m.Segment], &m)
	}
	months = slices.DeleteFunc(months, func(m work.AnswerMonth) bool { return m.Sample == 0 })
	if len(months) == 0 {
		return v
	}
	v.Now = monthText(q.Type, &months[len(months)-1])
	if len(months) > 1 {
		v.Before = monthText(q.Type, &months[len(months)-2])
		v.Picture = chart.Figure(trendOf(q, v.Wording, months, today))
	}
	for _, m := range segments {
		if m.Sample > 0 && len(segments) > 1 {
			v.Segments = append(v.Segments, segmentAnswer{cmp.Or(m.Segment, "no segment"), answerText(q.Type, m), m.Sample})
		}
	}
	slices.SortFunc(v.Segments, func(a, b segmentAnswer) int {
		return cmp.Or(cmp.Compare(b.Sample, a.Sample), cmp.Compare(a.Segment, b.Segment))
	})
	v.Segments = v.Segments[:min(len(v.Segments), mostSegments)]
	return v
}

// askedText names what feedback asks that has one question only.
func askedText(method string) string {
	switch method {
	case "nps":
		return "Would you recommend us? (NPS)"
	case "csat":
		return "How satisfied are you? (CSAT)"
	case "survey":
		return "Score of the survey"
	case "review":
		return "Stars of reviews"
	case "importance":
		return "How important is it?"
	case "satisfaction":
		return "How satisfied are you with it?"
	default:
		return method
	}
}

// add puts the answers of a segment to those of others.
func add(m, other *work.AnswerMonth) {
	if all := m.Sample + other.Sample; all > 0 {
		m.Mean = (m.Mean*float64(m.Sample) + other.Mean*float64(other.Sample)) / float64(all)
	}
	m.Sample, m.Top, m.Bottom = m.Sample+other.Sample, m.Top+other.Top, m.Bottom+other.Bottom
}

// graded is the number that stands for answers: the NPS, or the share of the
// upper ones in percent; with what it may be of everybody.
func graded(kind work.QuestionType, m *work.AnswerMonth) (value, low, high float64) {
	number := func(v work.Value) float64 {
		f, ok := v.Number()
		if !ok {
			return math.NaN()
		}
		return f
	}
	if kind == work.AskNPS {
		a, b, c := m.NPS()
		return number(a), number(b), number(c)
	}
	a, b, c := m.TopShare()
	return 100 * number(a), 100 * number(b), 100 * number(c)
}

// answerText says it in words, with its interval: few answers tell little.
func answerText(kind work.QuestionType, m *work.AnswerMonth) string {
	value, low, high := graded(kind, m)
	whole := func(f float64) string { return strconv.Itoa(int(math.Round(f))) }
	text := whole(value) + " % chose the upper answers"
	if kind == work.AskNPS {
		text = "NPS " + whole(value)
	}
	return text + " (between " + whole(low) + " and " + whole(high) + ", " + plural(m.Sample, "answer", "answers") + ")"
}

func monthText(kind work.QuestionType, m *work.AnswerMonth) string {
	return m.Month.Format("January 2006") + ": " + answerText(kind, m)
}

func trendOf(q *work.Question, title string, months []work.AnswerMonth, today time.Time) chart.Line {
	l := chart.Line{Title: title, From: months[0].Month, To: today, Unit: "% upper answers"}
	if q.Type == work.AskNPS {
		l.Unit = "NPS"
	}
	for i := range months {
		value, low, high := graded(q.Type, &months[i])
		l.Points = append(l.Points, chart.Mark{Day: months[i].Month, Value: value, Low: low, High: high})
	}
	return l
}

// share draws how much of the most something is.
func share(part, most int) template.HTML {
	if most < 1 {
		return ""
	}
	wide := strconv.FormatFloat(100*float64(min(max(part, 0), most))/float64(most), 'f', 1, 64)
	return template.HTML(`<svg class="chart spark" aria-hidden="true" viewBox="0 0 100 10" width="100" height="10"><rect class="bar" x="0" y="1" width="` + wide + `" height="8"/></svg>`) //nolint:gosec // a number only
}
