package mapping

import "tandem/internal/work"

// Spec is the part of a rule file that maps fields and joins twins.
type Spec struct {
	Fields map[string]FieldSpec `yaml:"fields"`
	Twins  TwinSpec             `yaml:"twins"`
}

// FieldSpec is one entry of fields:.
type FieldSpec struct {
	// Owner is "tandem", the name of a connector, or empty: the system where
	// the item was born.
	Owner string `yaml:"owner"`
	// From names what a field of Tandem's own is derived from: tiers, roadmap,
	// route. It may be left out.
	From string `yaml:"from"`
	// Fill is "tandem" where Tandem may fill blanks of the owner.
	Fill string `yaml:"fill"`
	// Respect is "respect" (default) or "overrule": what happens to a person's
	// change.
	Respect string `yaml:"respect"`
	// RespectFor ends the respect after that time; 30d for values that Tandem
	// derives, where neither it nor respect is written.
	RespectFor work.Span `yaml:"respect_for"`
	// Write restricts this field further.
	Write work.WriteMode `yaml:"write"`
	// Targets are the field's places by connector name.
	Targets map[string]TargetSpec `yaml:",rest"`
}

// TargetSpec is where a field stands in one connector.
type TargetSpec struct {
	Field FieldRef `yaml:"field"`
	// Values maps a shared value to native spellings; the first is written,
	// all are read.
	Values map[string]Spellings `yaml:"values"`
	// ByProject overrides field and values for one place.
	ByProject map[string]PlaceSpec `yaml:"by_project"`
	// Label is a template such as roadmap/{value}; its owned set is finite.
	Label string `yaml:"label"`
	// Reads are further label templates that count as a value and are never
	// written or removed.
	Reads []string `yaml:"reads,one"`
	// Default lists native values that the service sets when nobody chose.
	Default []string `yaml:"default,one"`
	// Section names a heading in the description, in as many languages as
	// people write it: what stands under it is the value. It is only read.
	Section []string `yaml:"section,one"`
	// Only is "private" or "public": write only in such places.
	Only string `yaml:"only"`
	// Allow is "public" where the rules name this field for public places even
	// though stricter data went into it.
	Allow string `yaml:"allow"`
	// ProjectField is a field of a GitHub project.
	ProjectField string `yaml:"project_field"`
	// Backlog orders the backlog itself. NeverMove lists what stays where it is:
	// active_sprint and future_sprint, which is also what nil means.
	Backlog   bool     `yaml:"backlog"`
	NeverMove []string `yaml:"never_move,one"`
}

// FieldRef names a native field: plain, or by name and id.
type FieldRef struct {
	Plain string `yaml:",scalar"`
	Name  string `yaml:"name"`
	ID    string `yaml:"id"`
}

// Set reports whether a field is named.
func (f FieldRef) Set() bool { return f.Plain != "" || f.Name != "" || f.ID != "" }

// Native returns the native field's name: the id where there is one,
// "name:…" where only the name is known.
func (f FieldRef) Native() string {
	switch {
	case f.Plain != "":
		return f.Plain
	case f.ID != "":
		return f.ID
	default:
		return "name:" + f.Name
	}
}

// Spellings are the native spellings of one shared value.
type Spellings []string

// PlaceSpec is what by_project says for one project: a field, a value map, or
// both.
type PlaceSpec struct {
	Field  FieldRef             `yaml:"field"`
	Values map[string]Spellings `yaml:",rest"`
}

// TwinSpec says how records of the same work are found.
type TwinSpec struct {
	Join    []JoinSpec `yaml:"join"`
	Suggest []JoinSpec `yaml:"suggest"`
	// Mark lists connectors whose records get a marker that names their twin,
	// together with another edit. Link lists those that get a link to it.
	Mark []string `yaml:"mark,one"`
	Link []string `yaml:"link,one"`
}

// JoinSpec is one way to find a twin: marker, link, remote_link, or
// key_at_start_of: CONNECTOR.FIELD; key_in: CONNECTOR.FIELD only suggests.
type JoinSpec struct {
	Plain        string `yaml:",scalar"`
	KeyAtStartOf string `yaml:"key_at_start_of"`
	KeyIn        string `yaml:"key_in"`
}
