package evidence

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Spec is the section `evidence:` of a rule file.
type Spec struct {
	// HalfLife tells after how long a signal weighs half.
	HalfLife HalfLife `yaml:"half_life"`
	// CapPerAccount is how many signals of one account count, the newest
	// first; 3 where it is not set.
	CapPerAccount *int `yaml:"cap_per_account"`
	// Methods is the weight of one signal by the method it was gathered with;
	// see DefaultWeight for those that are not named.
	Methods map[string]float64 `yaml:"methods"`
	// Link lists the rules that tie feedback to work.
	Link []Rule `yaml:"link"`
	// Join names the keys by which persons and accounts are known in more than
	// one tool.
	Join Join `yaml:"join"`
	// Segments is what an account's signals weigh by its segment; 1 where it is
	// not named. Case does not matter.
	Segments map[string]float64 `yaml:"segments"`
}

// HalfLife is the section `evidence.half_life:`; a single length of time is the
// default.
type HalfLife struct {
	// Default holds for every signal that no other entry fits; 90d.
	Default *work.Span `yaml:"default,scalar"`
	// By is the half-life by kind of feedback (bug, request, …) or by method
	// (survey, nps, …). The kind comes first.
	By map[string]work.Span `yaml:",rest"`
}

// Rule is one entry of `evidence.link:`. It ties tags, each to a target of its
// own, or usage, or feedback that meets all of the other conditions.
type Rule struct {
	// Tags ties a tag of the feedback tool to a target. Case does not matter.
	Tags map[string]string `yaml:"tags"`
	// Phrases are what users say. A feedback is linked to the target when all
	// content words of one phrase are in its text.
	Phrases []string `yaml:"phrases,one"`
	// Question is the id of a question: that it was answered, or answered so.
	Question string `yaml:"question" json:",omitempty"`
	// Answers are answers to the question, one of which was given: a choice, a
	// whole text, or a number.
	Answers []string `yaml:"answers,one" json:",omitempty"`
	// URL is where the feedback was given: a path and what lies below it, also
	// with the host before it.
	URL string `yaml:"url" json:",omitempty"`
	// Attributes are properties that the feedback has, all of them.
	Attributes map[string]string `yaml:"attributes" json:",omitempty"`
	// Study is the research that it comes from, one of these.
	Study []string `yaml:"study,one" json:",omitempty"`
	// Metrics are names of usage.
	Metrics []string `yaml:"metrics,one" json:",omitempty"`
	// To is the target of all but tags: "connector:key".
	To string `yaml:"to"`
}

// The settings of a rule file that says nothing else.
const (
	DefaultHalfLife      = work.Span(90 * 24 * time.Hour)
	DefaultCapPerAccount = 3
	// MaxWeight is the largest weight of a method.
	MaxWeight = 10
)

// DefaultWeight returns what one signal weighs by its method. One interview is
// not one vote: somebody asked back, and heard the reason.
//
//	interview, usability_test   1
//	request, support, survey    0.5
//	nps, csat, review, others   0.25
func DefaultWeight(m work.Method) float64 {
	switch m {
	case work.Interview, work.UsabilityTest:
		return 1
	case work.Request, work.Support, work.Survey:
		return 0.5
	default:
		return 0.25
	}
}

func methodNames() []string {
	names := make([]string, 0, len(work.Methods()))
	for _, m := range work.Methods() {
		names = append(names, string(m))
	}
	slices.Sort(names)
	return names
}
