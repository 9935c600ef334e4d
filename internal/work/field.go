package work

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
)

// Field is one field of the shared model (design §2).
type Field uint8

// The fields of the shared model.
const (
	NoField Field = iota
	Title
	Body
	Type // the item's kind: bug, story, epic, task, feature, …
	Status
	Parent
	Links
	Labels
	Created
	Updated
	Reporter
	Assignee

	Goal
	Theme
	Reach
	Impact
	Confidence
	BusinessValue
	Segment
	Ease
	Importance
	Satisfaction
	CostOfDelay
	Horizon
	TargetDate
	LaunchDate

	Priority
	Rank
	Effort
	Readiness
	AcceptanceCriteria
	Acceptance
	Dependencies
	Sprint
	Release
	Severity
	TimeCriticality
	RiskReduction
	Duration
	MoSCoW

	Score
	Place
	Accountable
	Informed
	RouteLabel
	Explanation

	fieldCount
)

// Sets of fields are kept as bits of one word.
const _ = 64 - uint8(fieldCount)

// Hat tells whose answer a field is.
type Hat uint8

// The hats.
const (
	Both Hat = iota
	PM
	PO
	Derived
)

// String returns the hat as it stands in messages.
func (h Hat) String() string { return [...]string{"both", "PM", "PO", "derived"}[h] }

// FieldInfo describes a field for messages, checks and generated docs.
type FieldInfo struct {
	Name string // as in YAML and expressions
	Kind ValueKind
	Hat  Hat
	Doc  string
}

// fieldInfos is indexed by Field. A function, so that nobody can change it.
func fieldInfos() [fieldCount]FieldInfo {
	return [fieldCount]FieldInfo{
		Title:              {"title", Text, Both, "one line that names the work"},
		Body:               {"body", Text, Both, "the description, as the source spells it"},
		Type:               {"kind", Text, Both, "bug, story, task, epic, subtask, feature"},
		Status:             {"status", Text, Both, "todo, doing or done"},
		Parent:             {"parent", Text, Both, "key of the parent in its own source"},
		Links:              {"links", List, Both, "references that a person set on purpose"},
		Labels:             {"labels", List, Both, "labels of all its records"},
		Created:            {"created", Time, Both, "when the work was first written down"},
		Updated:            {"updated", Time, Both, "last change in any source"},
		Reporter:           {"reporter", Text, Both, "who asked"},
		Assignee:           {"assignee", Text, Both, "who works on it"},
		Goal:               {"goal", Text, PM, "name of the goal it serves"},
		Theme:              {"theme", Text, PM, "strategic theme"},
		Reach:              {"reach", Number, PM, "people per quarter"},
		Impact:             {"impact", Number, PM, "how much it does for one of them; RICE: 0.25, 0.5, 1, 2 or 3, ICE: 1 to 10"},
		Confidence:         {"confidence", Number, PM, "0 to 1"},
		BusinessValue:      {"value", Number, PM, "user and business value, 1 to 20"},
		Segment:            {"segment", Text, PM, "market segment"},
		Ease:               {"ease", Number, PM, "ICE ease, 1 to 10, 10 is the easiest"},
		Importance:         {"importance", Number, PM, "how many find the outcome important: ten times the share that answered 4 or 5 of 5"},
		Satisfaction:       {"satisfaction", Number, PM, "how many are satisfied with it today: ten times the share that answered 4 or 5 of 5"},
		CostOfDelay:        {"cost_of_delay", Number, PM, "what a week of waiting costs, in money"},
		Horizon:            {"horizon", Text, PM, "now, next or later"},
		TargetDate:         {"target_date", Time, PM, "date the plan aims at"},
		LaunchDate:         {"launch_date", Time, PM, "date users get it"},
		Priority:           {"priority", Text, PO, "shared priority, 1 is the most urgent"},
		Rank:               {"rank", Number, PO, "place in the backlog of its source"},
		Effort:             {"effort", Number, PO, "estimate in the team's unit (story points)"},
		Readiness:          {"readiness", Text, PO, "why it cannot be started"},
		AcceptanceCriteria: {"acceptance_criteria", Text, PO, "how one sees that it is done"},
		Acceptance:         {"acceptance", Text, PO, "waiting, accepted or rejected"},
		Dependencies:       {"dependencies", List, PO, "keys of what must come first"},
		Sprint:             {"sprint", Text, PO, "sprint it is planned in (read only)"},
		Release:            {"release", Text, PO, "version it ships in"},
		Severity:           {"severity", Number, PO, "1 is the worst"},
		TimeCriticality:    {"time_criticality", Number, PO, "WSJF time criticality, 1 to 20"},
		RiskReduction:      {"risk_reduction", Number, PO, "WSJF risk reduction, 1 to 20"},
		Duration:           {"duration", Number, PO, "weeks from start to finish"},
		MoSCoW:             {"moscow", Text, PO, "must, should, could or won't"},
		Score:              {"score", Number, Derived, "result of the ranking method, 0 to 100"},
		Place:              {"place", Number, Derived, "place in the order of its team, 1 is first"},
		Accountable:        {"accountable", Text, Derived, "the one role that must act"},
		Informed:           {"informed", List, Derived, "roles that are told"},
		RouteLabel:         {"route_label", Text, Derived, "label that the route asks for"},
		Explanation:        {"explanation", Text, Derived, "why it stands where it stands, in a few lines"},
	}
}

// AllFields returns every field in the order of the model.
func AllFields() []Field {
	all := make([]Field, 0, fieldCount-1)
	for f := NoField + 1; f < fieldCount; f++ {
		all = append(all, f)
	}
	return all
}

// Info describes the field.
func (f Field) Info() FieldInfo { return fieldInfos()[f] }

// String returns the field's name as in YAML.
func (f Field) String() string {
	if f == NoField {
		return "none"
	}
	return f.Info().Name
}

// ParseField finds a field by its name.
func ParseField(name string) (Field, bool) {
	infos := fieldInfos()
	i := slices.IndexFunc(infos[1:], func(i FieldInfo) bool { return i.Name == name })
	if i < 0 {
		return NoField, false
	}
	return Field(i + 1), true //nolint:gosec // bounded by fieldCount
}

// FieldNames returns the names of all fields, for "did you mean".
func FieldNames() []string {
	names := make([]string, 0, fieldCount)
	for _, f := range AllFields() {
		names = append(names, f.String())
	}
	return names
}

// MarshalText writes the field's name.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a field's name.
func (f *Field) UnmarshalText(b []byte) error {
	if string(b) == "none" {
		*f = NoField
		return nil
	}
	x, ok := ParseField(string(b))
	if !ok {
		return fmt.Errorf("%q is no field of the shared model", b)
	}
	*f = x
	return nil
}

// Fields holds the values of an item. An absent field is unknown. The zero value
// is ready to use; Set never changes a shared array that another Fields holds
// once Clone was called.
type Fields struct { //nolint:recvcheck // a value that Set and JSON change in place
	known  uint64  // a bit for each field that has a value
	values []Value // of these, in the order of the fields
}

// at is where the value of a field stands, or would.
func (f Fields) at(field Field) int { return bits.OnesCount64(f.known & (1<<field - 1)) }

func (f Fields) has(field Field) bool { return f.known&(1<<field) != 0 }

// Get returns the value of the field, Unknown if absent.
func (f Fields) Get(field Field) Value {
	if !f.has(field) {
		return Value{}
	}
	return f.values[f.at(field)]
}

// Set stores the value; Unknown removes the field.
func (f *Fields) Set(field Field, v Value) {
	i, found := f.at(field), f.has(field)
	switch {
	case found && v.Known():
		f.values[i] = v
	case found:
		f.values, f.known = slices.Delete(f.values, i, i+1), f.known&^(1<<field)
	case v.Known():
		f.values, f.known = slices.Insert(f.values, i, v), f.known|1<<field
	}
}

// Grow makes room for n more fields, so that Set need not.
func (f *Fields) Grow(n int) { f.values = slices.Grow(f.values, n) }

// Clone returns a copy that shares nothing.
func (f Fields) Clone() Fields { return Fields{f.known, slices.Clone(f.values)} }

// All calls yield for each known field in the order of the model.
func (f Fields) All() func(yield func(Field, Value) bool) {
	return func(yield func(Field, Value) bool) {
		left := f.known
		for _, v := range f.values {
			if !yield(Field(bits.TrailingZeros64(left)), v) { //nolint:gosec // there are fewer fields than bits
				return
			}
			left &= left - 1
		}
	}
}

// MarshalJSON writes the fields as an object by name.
func (f Fields) MarshalJSON() ([]byte, error) {
	m := make(map[string]Value, len(f.values))
	for k, v := range f.All() {
		m[k.String()] = v
	}
	return json.Marshal(m)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Fields) UnmarshalJSON(b []byte) error {
	var m map[Field]Value
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("read fields: %w", err)
	}
	*f = Fields{}
	for k, v := range m {
		f.Set(k, v)
	}
	return nil
}
