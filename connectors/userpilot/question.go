package userpilot

import (
	"strconv"
	"strings"

	"tandem/internal/work"
)

// typeOf says how answers to a type of question are read. It reports false for
// types that nobody knows: their answers are text.
func (s Surveys) typeOf(kind string) (Type, bool) {
	if t, ok := s.Types[kind]; ok {
		return t, true
	}
	switch kind {
	case "nps":
		return Type{As: work.AskNPS, Scale: "0-10"}, true
	case "csat":
		return Type{As: work.AskCSAT, Scale: "1-5"}, true
	case "rating", "star_rating", "stars":
		return Type{As: work.AskRating, Scale: "1-5"}, true
	case "open_text", "text", "long_text", "short_text", "":
		return Type{As: work.AskText}, true
	case "single_choice", "multiple_choice", "single_select", "multi_select", "radio", "checkbox", "dropdown":
		return Type{As: work.AskChoice}, true
	default:
		return Type{As: work.AskText}, false
	}
}

// answerOf reads one answer. A score that is none, or lies outside of its
// scale, is unknown, and what was said stays as text.
func answerOf(question, wording string, t Type, said []string) work.Answer {
	a := work.Answer{Question: question, Wording: wording, Type: t.As, Text: strings.Join(said, "\n"), Scale: t.Scale}
	if len(said) != 1 {
		return a
	}
	score, err := strconv.ParseFloat(said[0], 64)
	if t.As == work.AskYesNo && err != nil {
		yes, known := map[string]float64{"yes": 1, "no": 0, "true": 1, "false": 0}[strings.ToLower(said[0])]
		if known {
			a.Score, a.Scale = work.NewNumber(yes), "0-1"
		}
		return a
	}
	if low, high, scaled := ends(t.Scale); err == nil && scaled && score >= low && score <= high {
		a.Score, a.Text = work.NewNumber(score), ""
	}
	return a
}
