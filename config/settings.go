package config

import (
	"time"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// Settings are what tandem.yaml says, after environment and flags.
type Settings struct {
	// Instance names this Tandem in every marker it leaves.
	Instance string `yaml:"instance"`
	// Store is sqlite:PATH or postgres://….
	Store string `yaml:"store"`
	// Listen is the address of the API, of metrics and of health.
	Listen   string   `yaml:"listen"`
	API      API      `yaml:"api"`
	Web      Web      `yaml:"web"`
	Webhooks Webhooks `yaml:"webhooks"`
	// Timezone is the name of the zone in which days begin.
	Timezone string `yaml:"timezone"`
	// Write is the widest mode for the whole instance.
	Write work.WriteMode `yaml:"write"`
	// Rules are globs, relative to the folder of the settings file.
	Rules []string `yaml:"rules,one"`
	Log   Log      `yaml:"log"`
	// Every is the poll interval of connectors that name none.
	Every work.Span `yaml:"every"`
	Brake Brake     `yaml:"brake"`
	// Quiet and Freeze are when nothing is written.
	Quiet   work.Quiet    `yaml:"quiet"`
	Freeze  []work.Freeze `yaml:"freeze"`
	Privacy Privacy       `yaml:"privacy"`
	// Digests are sent at their times by Mail or to webhooks.
	Digests []Digest `yaml:"digests"`
	Mail    Mail     `yaml:"mail"`
	// Connectors stand in the order of the file.
	Connectors []Connector
}

// Webhooks is where services reach Tandem from outside. It is off while Listen
// is empty.
type Webhooks struct {
	Listen    string `yaml:"listen"`
	PublicURL string `yaml:"public_url"`
	// TLS is for those who have no proxy that speaks it.
	TLS TLS `yaml:"tls"`
}

// TLS names files of a certificate and its key, in PEM.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Privacy is what pseudonyms are made with.
type Privacy struct {
	// Key makes pseudonyms of people; who has it can tell whose they are. Without
	// one, a key is made at the first start and kept in the store.
	Key secret.Secret `yaml:"key"`
}

// Log says how much is logged, and how it is written.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// Brake is how many edits a rolling day may have before they wait for a person
// (promise S12): a number, and a share of the items.
type Brake struct {
	Edits int          `yaml:"edits"`
	Share work.Percent `yaml:"share"`
}

// Defaults returns the settings of a file that says nothing.
func Defaults() Settings {
	return Settings{
		Store:    "sqlite:tandem.db",
		Listen:   "127.0.0.1:8080",
		Web:      Web{OIDC: OIDC{Groups: "groups", SignOut: true}},
		Timezone: "UTC",
		Write:    work.Observe,
		Rules:    []string{"rules/*.yaml"},
		Log:      Log{Level: "info", Format: "text"},
		Every:    work.Span(time.Minute),
		Brake:    Brake{Edits: 100, Share: 0.10},
		Mail:     Mail{Port: 587},
	}
}

// Windows returns when nothing is written.
func (s Settings) Windows() work.Windows { return work.Windows{Quiet: s.Quiet, Freeze: s.Freeze} }

// Location returns the time zone. It is UTC until Load accepted the settings.
func (s Settings) Location() *time.Location {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// settingsFile is the top level of tandem.yaml.
type settingsFile struct {
	Settings   `yaml:",inline"`
	Connectors subtree `yaml:"connectors"`
}
