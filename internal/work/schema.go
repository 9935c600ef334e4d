package work

import "strings"

// NativeField declares one field of a connector. Rules see only what is
// declared here.
type NativeField struct {
	// Name as rules write it. A name that ends in "*" stands for a family,
	// such as customfield_*.
	Name     string
	Kind     ValueKind
	Writable bool
	// Required fields cannot be cleared: an empty value is never written.
	Required bool
	// OnDemand fields cost something to find: they are read only where rules
	// use them.
	OnDemand bool
	// Blind fields are written and never read: what Tandem last wrote is taken
	// for what stands there.
	Blind bool
	Doc   string
	// Shared is the field of the model that it maps to without any rule.
	Shared Field
	// Values maps native spellings to shared ones, where the field has a fixed
	// set, such as status_category.
	Values map[string]string
}

// Schema declares what a kind of connector reads and writes.
type Schema struct {
	Kind   string
	Fields []NativeField
	// Labels reports whether the connector can add and remove labels.
	Labels bool
	// MaxLabel is the longest label in characters; 0 is no limit.
	MaxLabel int
	// LabelSpaces reports whether labels may hold spaces.
	LabelSpaces bool
	// LabelsFold reports whether the service ignores the case of labels.
	LabelsFold bool
	// Features lists further things that rules may use: "project_field",
	// "backlog", "remote_link" (reads links to twins), "mark" (writes the
	// marker and a link to the twin), "touched" (knows who changed a field).
	Features []string
}

// Field finds a declared field by name, families included.
func (s Schema) Field(name string) (NativeField, bool) {
	for _, f := range s.Fields {
		if f.Name == name {
			return f, true
		}
		if stem, family := strings.CutSuffix(f.Name, "*"); family && strings.HasPrefix(name, stem) {
			f.Name = name
			return f, true
		}
	}
	return NativeField{}, false
}

// FieldNames returns the declared names, for "did you mean".
func (s Schema) FieldNames() []string {
	names := make([]string, 0, len(s.Fields))
	for _, f := range s.Fields {
		names = append(names, f.Name)
	}
	return names
}
