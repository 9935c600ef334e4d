package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// judgeFeedback compares what the feedback of a case is about with what the
// case wants, and returns the rules of evidence.link that tie it.
func (r *Rules) judgeFeedback(at work.Pointer, spec TestSpec, into *TestResult) ([]work.Pointer, []work.Problem) {
	switch {
	case spec.Feedback == nil && spec.Want.Linked == nil:
		return nil, nil
	case spec.Feedback == nil:
		return nil, []work.Problem{{At: at.Key("want").Key("linked"), What: "the case has no feedback that could be linked", Remedy: "add feedback: {text: '…'} to the case"}}
	}
	fb := spec.Feedback.feedback()
	var targets []string
	for _, link := range r.evidence.Link(&fb) {
		targets = append(targets, link.Target)
		into.Because = strings.TrimPrefix(into.Because+"; "+link.String(), "; ")
	}
	want := slices.DeleteFunc(sortedTexts(spec.Want.Linked), func(target string) bool { return target == "none" })
	if spec.Want.Linked != nil && !slices.Equal(want, targets) {
		into.Wrong = append(into.Wrong, fmt.Sprintf("linked is %q, want %q", strings.Join(targets, ", "), strings.Join(want, ", ")))
	}
	if spec.Want.Linked == nil {
		return nil, nil
	}
	return r.linkedBy(&fb), nil
}

// feedback is the signal that a case describes.
func (f *FeedbackSpec) feedback() work.Feedback {
	fb := work.Feedback{Text: f.Text, Tags: f.Tags, URL: f.URL, Study: f.Study, Language: f.Language, Attributes: f.Attributes, Links: f.Links}
	if f.Question != "" || f.Answer != "" {
		answer := work.Answer{Question: f.Question, Text: f.Answer}
		if score, err := strconv.ParseFloat(f.Answer, 64); err == nil {
			answer.Score = work.NewNumber(score)
		}
		fb.Answers = []work.Answer{answer}
	}
	return fb
}

// linkedBy are the rules of evidence.link that tie the feedback, each asked for
// itself.
func (r *Rules) linkedBy(fb *work.Feedback) []work.Pointer {
	var at []work.Pointer
	bare := *fb
	bare.Links = nil
	connectors := slices.Sorted(maps.Keys(r.program.Schemas()))
	for i, rule := range r.spec.Evidence.Link {
		alone, problems := evidence.Compile("", evidence.Spec{Link: []evidence.Rule{rule}}, connectors)
		if len(problems) > 0 {
			continue // it was compiled before, so there are none
		}
		ties := func(l evidence.Link) bool { return l.Cause != evidence.ByLink && l.Cause != evidence.ByKey }
		if slices.ContainsFunc(alone.Link(&bare), ties) {
			at = append(at, linkAt(i))
		}
	}
	return at
}
