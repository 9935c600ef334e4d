package config_test

import (
	"tandem/internal/secret"
	"tandem/internal/work"
)

// sample is a rule file that uses every feature of the reader.
type sample struct {
	Name    string              `yaml:"name"`
	Count   int                 `yaml:"count"`
	Limit   *uint8              `yaml:"limit"`
	Weight  float64             `yaml:"weight"`
	Active  bool                `yaml:"active"`
	Share   work.Percent        `yaml:"share"`
	Every   work.Span           `yaml:"every"`
	Write   work.WriteMode      `yaml:"write"`
	Labels  []string            `yaml:"labels,one"`
	Places  []string            `yaml:"places"`
	Values  map[string][]string `yaml:"values,one"`
	If      work.Expression     `yaml:"if"`
	Routes  []sampleRoute       `yaml:"routes"`
	Token   secret.Secret       `yaml:"token"`
	Item    map[string]any      `yaml:"item"`
	Any     any                 `yaml:"any"`
	Field   sampleField         `yaml:"field"`
	Tiers   sampleTiers         `yaml:"tiers"`
	Details sampleDetails       `yaml:",inline"`
	Ignored string
}

type sampleRoute struct {
	If          work.Expression `yaml:"if"`
	Accountable string          `yaml:"accountable"`
	Because     string          `yaml:"because"`
}

// sampleField is `field: priority` or `field: {name: …, id: …}`.
type sampleField struct {
	Name string `yaml:"name,scalar"`
	ID   string `yaml:"id"`
}

type sampleTiers struct {
	Of    string             `yaml:"of"`
	Least map[string]float64 `yaml:",rest"`
}

type sampleDetails struct {
	Note   string                    `yaml:"note"`
	People map[string]*samplePerson  `yaml:"people"`
	Nested map[string]map[string]int `yaml:"nested"`
}

type samplePerson struct {
	Jira  string `yaml:"jira"`
	Email string `yaml:"email"`
}

// service is what a connector's configuration may look like.
type service struct {
	URL      string      `yaml:"url"`
	Auth     serviceAuth `yaml:"auth"`
	Projects []string    `yaml:"projects"`
	Where    string      `yaml:"where"`
}

type serviceAuth struct {
	Email string        `yaml:"email"`
	Token secret.Secret `yaml:"token"`
}
