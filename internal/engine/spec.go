package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/evidence"
	"tandem/mapping/org"
	"tandem/mapping/rank"
	"tandem/mapping/roadmap"
	"tandem/mapping/route"
)

// Spec is a whole rule set, as the strict reader fills it.
type Spec struct {
	org.Spec `yaml:",inline"`

	Adopt    plan.AdoptSpec               `yaml:"adopt"`
	Fields   map[string]mapping.FieldSpec `yaml:"fields"`
	Twins    mapping.TwinSpec             `yaml:"twins"`
	Evidence evidence.Spec                `yaml:"evidence"`
	Goals    map[string]GoalSpec          `yaml:"goals"`
	// Readiness lists why an item cannot be started.
	Readiness []ReadinessSpec `yaml:"readiness"`
	Rank      rank.Spec       `yaml:"rank"`
	Route     route.Spec      `yaml:"route"`
	Roadmap   roadmap.Spec    `yaml:"roadmap"`
	Tests     []TestSpec      `yaml:"tests"`
}

// GoalSpec is a goal that items serve.
type GoalSpec struct {
	Measure string `yaml:"measure"`
	Target  string `yaml:"target"`
	Period  string `yaml:"period"`
	// Weight multiplies the score of items that serve the goal; 1 where it is
	// not set.
	Weight *float64 `yaml:"weight"`
	// Themes are the themes that serve the goal.
	Themes []string `yaml:"themes,one"`
}

// ReadinessSpec is one reason why an item is not ready.
type ReadinessSpec struct {
	If      work.Expression `yaml:"if"`
	Because string          `yaml:"because"`
}

// TestSpec is one case of `tandem rules test`.
type TestSpec struct {
	Name string `yaml:"name"`
	// Item holds shared fields by name, and team.
	Item map[string]any `yaml:"item"`
	// Evidence holds numbers by name: accounts, people, signals, confidence…
	Evidence map[string]any `yaml:"evidence"`
	// On is the day for which is decided; today where it is left out.
	On work.Date `yaml:"on"`
	// Waited is how long the item has been with the route that it takes.
	Waited work.Span `yaml:"waited"`
	// Feedback is one signal, for the rules of evidence.link.
	Feedback *FeedbackSpec `yaml:"feedback"`
	Want     WantSpec      `yaml:"want"`
}

// FeedbackSpec is one signal as a case describes it.
type FeedbackSpec struct {
	Text string   `yaml:"text"`
	Tags []string `yaml:"tags,one"`
	URL  string   `yaml:"url"`
	// Question is the id of a question, and Answer what was answered.
	Question   string            `yaml:"question"`
	Answer     string            `yaml:"answer"`
	Study      string            `yaml:"study"`
	Language   string            `yaml:"language"`
	Attributes map[string]string `yaml:"attributes"`
	Links      []string          `yaml:"links,one"`
}

// WantSpec is what a case expects; what is left out is not compared.
type WantSpec struct {
	Accountable string   `yaml:"accountable"`
	Informed    []string `yaml:"informed,one"`
	Label       string   `yaml:"label"`
	Because     string   `yaml:"because"`
	Tier        string   `yaml:"tier"`
	Goal        string   `yaml:"goal"`
	Ready       *bool    `yaml:"ready"`
	// Late is whether an agreed time to act is over.
	Late *bool `yaml:"late"`
	// Person is who acts: who has the accountable role on that day.
	Person string `yaml:"person"`
	// Linked is what the feedback is about, such as jira:PAY-12; none where it
	// is about nothing that is known.
	Linked []string `yaml:"linked,one"`
}
