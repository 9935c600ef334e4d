package route

import (
	"fmt"

	"tandem/internal/work"
)

// Spec is what the rules say of routing.
type Spec struct {
	// Preset is a shipped set: its routes come behind those of Routes, and its
	// labels and default count where none are written.
	Preset  string      `yaml:"preset" json:"Preset,omitzero"`
	Labels  LabelPolicy `yaml:"labels" json:"Labels,omitzero"`
	Default Target      `yaml:"default"`
	Routes  []RuleSpec  `yaml:"routes"`
	// Optional are roles that are told where a team has them, and left out where
	// none has.
	Optional []string `yaml:"optional,one" json:"Optional,omitempty"`
	// Load is what is taken for one person.
	Load LoadSpec `yaml:"load" json:"Load,omitzero"`
}

// LoadSpec is how much is taken for one person: beyond it, it is time for a
// second one.
type LoadSpec struct {
	// Waiting is how many items may wait for one person, in all hats; 20 where
	// it is not said.
	Waiting *int `yaml:"waiting" json:"Waiting,omitzero"`
	// Late is how many of them may be late; 5 where it is not said.
	Late *int `yaml:"late" json:"Late,omitzero"`
}

// Limits returns what is taken for one person. The numbers are a rule of thumb:
// twenty are a day of work at twenty minutes or so each, and five late ones are
// no accident any more.
func (l LoadSpec) Limits() (waiting, late int) {
	waiting, late = 20, 5
	if l.Waiting != nil {
		waiting = *l.Waiting
	}
	if l.Late != nil {
		late = *l.Late
	}
	return waiting, late
}

// Target is who gets what no route decides.
type Target struct {
	Accountable string   `yaml:"accountable"`
	Informed    []string `yaml:"informed,one"`
	Label       string   `yaml:"label"`
	Because     string   `yaml:"because"`
	Team        string   `yaml:"team"`
	Waiting     *bool    `yaml:"waiting"`

	Within   *work.Span      `yaml:"within" json:"Within,omitzero"`
	Escalate *EscalationSpec `yaml:"escalate" json:"Escalate,omitzero"`
}

// route returns the same as a route that holds always.
func (d Target) route() RuleSpec {
	return RuleSpec{
		Accountable: d.Accountable, Informed: d.Informed, Label: d.Label, Because: d.Because, Team: d.Team, Waiting: d.Waiting,
		Within: d.Within, Escalate: d.Escalate,
	}
}

// isZero reports that nothing is said of what no route decides.
func (d Target) isZero() bool {
	return d.Accountable == "" && d.Informed == nil && d.Label == "" && d.Because == "" && d.Team == "" && d.Waiting == nil &&
		d.Within == nil && d.Escalate == nil
}

// RuleSpec is one route. What it leaves out comes from its parent.
type RuleSpec struct {
	// If is the condition; a route without one holds always.
	If          work.Expression `yaml:"if"`
	Accountable string          `yaml:"accountable"`
	Informed    []string        `yaml:"informed,one"`
	// Label is the label that the item gets under the label policy; without one
	// it is role/ and the accountable role.
	Label   string `yaml:"label"`
	Because string `yaml:"because"`
	// Team is whose people act, where it is another team than the item's. The
	// item stays in the order of its own team.
	Team string `yaml:"team"`
	// Waiting says that somebody must act now. Without it, a route waits that
	// names a label or a time to act, itself or by a parent.
	Waiting *bool `yaml:"waiting"`
	// Within is how long the item may stay with this route; after that it is
	// late. Whole days.
	Within *work.Span `yaml:"within" json:"Within,omitzero"`
	// Escalate is who is told of late items, or takes them over.
	Escalate *EscalationSpec `yaml:"escalate" json:"Escalate,omitzero"`
	// Preset stands for a shipped list of routes.
	Preset string     `yaml:"preset"`
	Routes []RuleSpec `yaml:"routes"`
}

// EscalationSpec is what happens to late items.
type EscalationSpec struct {
	// To is the role that is told.
	To string `yaml:",scalar"`
	// Role is the same where more is said.
	Role string `yaml:"role" json:"Role,omitzero"`
	// TakesOver makes the role accountable; who was is informed from then on.
	TakesOver bool `yaml:"takes_over" json:"TakesOver,omitzero"`
}

// role is the role, however it was written.
func (e *EscalationSpec) role() string {
	switch {
	case e == nil:
		return ""
	case e.To != "":
		return e.To
	default:
		return e.Role
	}
}

// LabelPolicy says where role labels are set.
type LabelPolicy uint8

// The label policies. Where none is said, the preset's counts, and without one
// OnlyWaiting.
const (
	UnsaidLabels LabelPolicy = iota
	OnlyWaiting              // where somebody must act
	Always                   // on every item
	Never
)

// String returns the policy as in YAML.
func (p LabelPolicy) String() string {
	return [...]string{"unsaid", "only_waiting", "always", "never"}[p]
}

// MarshalText writes the policy as in YAML.
func (p LabelPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads only_waiting, always or never.
func (p *LabelPolicy) UnmarshalText(b []byte) error {
	for policy := OnlyWaiting; policy <= Never; policy++ {
		if policy.String() == string(b) {
			*p = policy
			return nil
		}
	}
	return fmt.Errorf("%q is no label policy; write only_waiting, always or never", b)
}

// The roles that rules may name though no team has them.
const (
	pm = "pm"
	po = "po"
)

// handsOff is the label by which people stop Tandem: read, never written.
const handsOff = "tandem/hands-off"
