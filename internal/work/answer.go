package work

import (
	"slices"
	"strings"
)

// QuestionType tells how an answer is to be read.
type QuestionType string

// The types of question. A source's own types are translated by its connector;
// what none of them fits is AskText.
const (
	AskNPS      QuestionType = "nps"    // 0 to 10
	AskCSAT     QuestionType = "csat"   // 1 to 5 unless the answer names a scale
	AskRating   QuestionType = "rating" // by its scale
	AskText     QuestionType = "text"
	AskChoice   QuestionType = "choice" // one or more of a list
	AskYesNo    QuestionType = "yes_no"
	AskReaction QuestionType = "reaction" // faces, 1 (worst) to 5
)

// QuestionTypes returns all types of question.
func QuestionTypes() []QuestionType {
	return []QuestionType{AskNPS, AskCSAT, AskRating, AskText, AskChoice, AskYesNo, AskReaction}
}

// Answer is what one person said to one question.
type Answer struct {
	// Question is the id of the question, the same in all its languages: the
	// source's own id, or the one that a column file gives.
	Question string `json:"question"`
	// Wording is the question as this person read it.
	Wording string       `json:"wording,omitempty"`
	Type    QuestionType `json:"type,omitempty"`
	// Score on Scale ("1-5"); Unknown where the answer is none.
	Score Value  `json:"score"`
	Scale string `json:"scale,omitempty"`
	// Text is what was said, or the choices that were made, one a line.
	Text string `json:"text,omitempty"`
}

// Sum fills in what a feedback says as a whole from its answers: the score, scale
// and method of the first NPS question, else of the first other one with a
// score; and the free texts, one a line. What is set already stays.
func (f *Feedback) Sum() {
	if lead, ok := f.lead(); ok && !f.Score.Known() {
		f.Score, f.Scale = lead.Score, lead.Scale
		if f.Scale == "" {
			f.Scale = map[QuestionType]string{AskNPS: "0-10", AskCSAT: "1-5", AskReaction: "1-5", AskYesNo: "0-1"}[lead.Type]
		}
		switch {
		case f.Method != "":
		case lead.Type == AskNPS:
			f.Method = NPS
		case lead.Type == AskCSAT:
			f.Method = CSAT
		}
	}
	if f.Method == "" {
		f.Method = Survey
	}
	if f.Text != "" {
		return
	}
	var texts []string
	for _, a := range f.Answers {
		if (a.Type == AskText || a.Type == "") && a.Text != "" {
			texts = append(texts, a.Text)
		}
	}
	f.Text = strings.Join(texts, "\n")
}

func (f *Feedback) lead() (Answer, bool) {
	scored := func(a Answer) bool { return a.Score.Kind() == Number }
	i := slices.IndexFunc(f.Answers, func(a Answer) bool { return a.Type == AskNPS && scored(a) })
	if i < 0 {
		i = slices.IndexFunc(f.Answers, scored)
	}
	if i < 0 {
		return Answer{}, false
	}
	return f.Answers[i], true
}
