package config

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Connector is one entry under connectors:. Name, kind, every, write, quiet,
// freeze, privacy and retention belong to the settings; everything else is the connector's own configuration.
type Connector struct {
	Name, Kind string
	// Every is the poll interval; 0 means Settings.Every.
	Every work.Span
	// Write is the widest mode for this connector; unset means the instance's.
	Write work.WriteMode
	// Windows are when nothing is written there.
	Windows work.Windows
	// Privacy says what becomes of personal data before it is stored, by the name
	// of a personal field; those that are not named have their defaults.
	Privacy map[string]work.PrivacyMode
	// Retention is how long feedback is kept; 0 is for good.
	Retention work.Span

	document *Document
	config   *node // the entry without the settings' own keys; nil is empty
}

// connectorEntry is what the settings read of an entry.
type connectorEntry struct {
	Kind   string         `yaml:"kind"`
	Every  work.Span      `yaml:"every"`
	Write  work.WriteMode `yaml:"write"`
	Quiet  work.Quiet     `yaml:"quiet"`
	Freeze []work.Freeze  `yaml:"freeze"`
	// Privacy and Retention are for feedback.
	Privacy   map[string]work.PrivacyMode `yaml:"privacy"`
	Retention work.Span                   `yaml:"retention"`
	Rest      map[string]subtree          `yaml:",rest"`
}

// at returns the place of the connector's entry.
func (c Connector) at() work.Pointer { return work.Pointer("").Key("connectors").Key(c.Name) }

// Decode fills the connector's own configuration, strictly: it is the decode of
// connectors.Definition.New. Places are pointers from the top of the file.
func (c Connector) Decode(into any) []work.Problem {
	if c.config == nil {
		return nil
	}
	where := root().key("connectors").key(c.Name)
	var problems []work.Problem
	for _, m := range decode(c.config, where, into, ownKeys()) {
		problems = append(problems, m.problem)
	}
	return problems
}

// ownKeys are the keys of an entry that the settings read.
func ownKeys() []string {
	return []string{"kind", "every", "write", "quiet", "freeze", "privacy", "retention"}
}

// Diagnose finds file, line and column of problems of this connector. Their
// places may start at the top of the file, as Decode's do, or at the entry, as
// a connector's own validation writes them: "/auth/token".
func (c Connector) Diagnose(problems []work.Problem) Diagnostics {
	absolute := slices.Clone(problems)
	for i, p := range absolute {
		if p.At != c.at() && !strings.HasPrefix(string(p.At), string(c.at())+"/") {
			absolute[i].At = c.at() + p.At
		}
	}
	if c.document != nil {
		return c.document.Diagnose(absolute)
	}
	var found Diagnostics
	for _, p := range absolute {
		found = append(found, Diagnostic{File: "connector " + c.Name, What: p.What, Remedy: p.Remedy})
	}
	return found
}

// CheckKinds reports connectors of a kind that is not known.
func (s Settings) CheckKinds(known []string) Diagnostics {
	var found Diagnostics
	for _, c := range s.Connectors {
		if c.Kind != "" && !slices.Contains(known, c.Kind) {
			p := work.Problem{At: c.at().Key("kind"), What: "there is no connector of kind " + strconv.Quote(c.Kind), Remedy: suggest(c.Kind, known)}
			found = append(found, c.Diagnose([]work.Problem{p})...)
		}
	}
	return found
}

// connectors reads the entries in the order of the file.
func connectors(document *Document, entries *node) ([]Connector, []mistake) {
	if entries == nil {
		return nil, nil
	}
	var d decoder
	where := root().key("connectors")
	if d.tagged(entries, where) || d.empty(entries, where) || !d.is(mapping, entries, where) {
		return nil, d.found
	}
	all := make([]Connector, 0, len(entries.keys))
	for i, key := range entries.keys {
		here := where.key(key.text)
		d.connectorName(key, here)
		c := d.connector(entries.values[i], here)
		c.Name, c.document = key.text, document
		all = append(all, c)
	}
	return all, d.found
}

// connector takes the settings' own keys and keeps the rest for Decode.
func (d *decoder) connector(n *node, here place) Connector {
	var entry connectorEntry
	wrong := decode(n, here, &entry, nil)
	d.found = append(d.found, wrong...)
	c := Connector{Kind: entry.Kind, Every: entry.Every, Write: entry.Write, Windows: work.Windows{Quiet: entry.Quiet, Freeze: entry.Freeze}}
	c.Privacy, c.Retention = entry.Privacy, entry.Retention
	if n.kind != mapping {
		return c
	}
	if _, kind := n.entry("kind"); kind == nil {
		d.report(n, here, here.label+" has no kind", "write kind: jira, github or another kind that `tandem connectors` lists")
	}
	at := here.key("every")
	isWrong := slices.ContainsFunc(wrong, func(m mistake) bool { return m.problem.At == at.at })
	if _, every := n.entry("every"); every != nil && !isWrong {
		if err := checkEvery(entry.Every); err != nil {
			d.reject(every, at, err)
		}
	}
	rest := *n
	rest.keys, rest.values, rest.index = nil, nil, nil
	for i, key := range n.keys {
		if !slices.Contains(ownKeys(), key.text) {
			rest.put(key, n.values[i])
		}
	}
	c.config = &rest
	return c
}

// connectorName refuses a name that rules could not address.
func (d *decoder) connectorName(key *node, here place) {
	legal := legalName(key.text)
	what, remedy := "", ""
	switch {
	case slices.Contains([]string{"owner", "from", "fill", "respect", "respect_for", "write"}, key.text):
		what, remedy = strconv.Quote(key.text)+" is a word of the rules, under fields:", "call the connector something else"
	case key.text == "tandem":
		what, remedy = "tandem is the name of Tandem itself in rules", "call the connector something else"
	case key.text != legal:
		what, remedy = strconv.Quote(key.text)+" is no connector name", "write "+legal+": small letters, digits and _, a letter first"
	default:
		return
	}
	d.found = append(d.found, mistake{problem: work.Problem{At: here.at, Key: true, What: what, Remedy: remedy}, node: key})
}

// legalName returns the nearest name of the form [a-z][a-z0-9_]*.
func legalName(name string) string {
	legal := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
	if legal == "" || legal[0] < 'a' {
		legal = "c" + legal
	}
	return legal
}
