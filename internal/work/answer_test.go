package work_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func TestAFeedbackSaysWhatItsAnswersSay(t *testing.T) {
	t.Parallel()
	rating := work.Answer{Question: "q1", Type: work.AskRating, Score: work.NewNumber(2), Scale: "1-7"}
	nps := work.Answer{Question: "q2", Type: work.AskNPS, Score: work.NewNumber(9)}
	why := work.Answer{Question: "q3", Type: work.AskText, Text: "too slow"}
	more := work.Answer{Question: "q4", Text: "and too dear"}
	choice := work.Answer{Question: "q5", Type: work.AskChoice, Text: "Export"}
	cases := []struct {
		name    string
		answers []work.Answer
		given   work.Feedback
		want    work.Feedback
	}{
		{"NPS leads", []work.Answer{rating, nps}, work.Feedback{}, work.Feedback{Method: work.NPS, Score: work.NewNumber(9), Scale: "0-10"}},
		{"else the first score", []work.Answer{choice, rating}, work.Feedback{}, work.Feedback{Method: work.Survey, Score: work.NewNumber(2), Scale: "1-7"}},
		{"texts are joined, choices are none", []work.Answer{why, choice, more}, work.Feedback{}, work.Feedback{Method: work.Survey, Text: "too slow\nand too dear"}},
		{"what is set stays", []work.Answer{nps, why}, work.Feedback{Method: work.Interview, Text: "x"}, work.Feedback{Method: work.Interview, Text: "x", Score: work.NewNumber(9), Scale: "0-10"}},
		{"nobody said anything", nil, work.Feedback{}, work.Feedback{Method: work.Survey}},
	}
	for _, c := range cases {
		got := c.given
		got.Answers, c.want.Answers = c.answers, c.answers
		got.Sum()
		if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
