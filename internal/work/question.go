package work

import "time"

// Question is one question of a survey, and how it was answered over time.
type Question struct {
	Connector string `json:"connector"`
	Study     string `json:"study,omitempty"`
	// ID is the question's, or the method of feedback that asks one thing only:
	// nps, csat, review; importance and satisfaction are those of opportunity scores.
	ID      string        `json:"id"`
	Wording string        `json:"wording,omitempty"`
	Type    QuestionType  `json:"type"`
	Months  []AnswerMonth `json:"months"` // by month, then by segment
}

// AnswerMonth is how one segment answered in one month. Each answer counts, as
// it was given: nobody is counted out for answering twice.
type AnswerMonth struct {
	Month   time.Time `json:"month"` // its first day
	Segment string    `json:"segment,omitempty"`
	// Sample is how many gave a score that can be read.
	Sample int `json:"sample"`
	// Top promote (9 and 10 of 10), or chose one of the upper two of five. Bottom
	// detract (0 to 6 of 10), which is told for NPS alone.
	Top    int `json:"top"`
	Bottom int `json:"bottom"`
	// Mean is from 0, the worst answer of the scale, to 1.
	Mean float64 `json:"mean"`
}

// NPS returns the net promoter score, -100 to 100, and what it may be of
// everybody; Unknown without answers.
func (m *AnswerMonth) NPS() (value, low, high Value) {
	if m.Sample == 0 {
		return Value{}, Value{}, Value{}
	}
	e := Evidence{NPS: NewNumber(100 * float64(m.Top-m.Bottom) / float64(m.Sample)), NPSSample: m.Sample}
	low, high = e.NPSBounds()
	return e.NPS, low, high
}

// TopShare returns the share of those who chose the upper answers, 0 to 1, and
// what it may be of everybody; Unknown without answers.
func (m *AnswerMonth) TopShare() (value, low, high Value) {
	if m.Sample == 0 {
		return Value{}, Value{}, Value{}
	}
	a := Answers{Top: float64(m.Top), Sample: m.Sample}
	least, most := a.Bounds()
	return NewNumber(a.Top / float64(a.Sample)), NewNumber(least), NewNumber(most)
}

// SegmentEvidence is what one segment said.
type SegmentEvidence struct {
	Segment  string `json:"segment,omitempty"`
	Signals  int    `json:"signals"`
	Accounts int    `json:"accounts"`
}
