package route

import (
	"fmt"

	"tandem/internal/work"
)

// Spec is what the rules say of routing.
type Spec struct {
	Labels  LabelPolicy `yaml:"labels"`
	Default Target      `yaml:"default"`
	Routes  []RuleSpec  `yaml:"routes"`
}

// Target is who gets what no route decides.
type Target struct {
	Accountable string   `yaml:"accountable"`
	Informed    []string `yaml:"informed,one"`
	Label       string   `yaml:"label"`
	Because     string   `yaml:"because"`
	Team        string   `yaml:"team"`
	Waiting     *bool    `yaml:"waiting"`
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
	// Team moves the item to another team than that of its places.
	Team string `yaml:"team"`
	// Waiting says that somebody must act now. Without it, a route waits that
	// names a label, itself or by a parent.
	Waiting *bool `yaml:"waiting"`
	// Preset stands for a shipped list of routes.
	Preset string     `yaml:"preset"`
	Routes []RuleSpec `yaml:"routes"`
}

// LabelPolicy says where role labels are set.
type LabelPolicy uint8

// The label policies. The zero value is OnlyWaiting.
const (
	OnlyWaiting LabelPolicy = iota // where somebody must act
	Always                         // on every item
	Never
)

// String returns the policy as in YAML.
func (p LabelPolicy) String() string { return [...]string{"only_waiting", "always", "never"}[p] }

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
