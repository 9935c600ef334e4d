package httpjson

import "go.yaml.in/yaml/v3"

// Field says where a value stands and how to read it. A text alone is a path.
type Field struct {
	Path string `yaml:"path,scalar"`
	// Paths are tried in turn; the first that has something counts.
	Paths []string `yaml:"paths"`
	// Value is the same for every record.
	Value any `yaml:"value"`
	// Text is made of several: '{title}: {details}'.
	Text string `yaml:"text"`
	// Hash makes an id of the values at some paths.
	Hash []string `yaml:"hash"`
	// Lookup finds the value in another list.
	Lookup *Lookup `yaml:"lookup"`
	// Map translates; Else is for what it does not name, which stays as it is
	// otherwise. Else alone says the same of whatever is there.
	Map  map[string]string `yaml:"map"`
	Else string            `yaml:"else"`
	// Times multiplies a number.
	Times float64 `yaml:"times"`
	// Time is the format of a time, and Zone where it is meant if it does not
	// say.
	Time string `yaml:"time"`
	Zone string `yaml:"zone"`
	// Split cuts a text into a list, Prefix stands before each element; it may
	// name params.
	Split  string `yaml:"split"`
	Prefix string `yaml:"prefix"`
	// HTML: the text is a page; its words are kept.
	HTML bool `yaml:"html"`
	// Number: only what is a number; a text is nothing.
	Number bool `yaml:"number"`
	// Lower: capital letters mean nothing, as in e-mail addresses.
	Lower bool `yaml:"lower"`
}

// Lookup finds a value by another: in the list at In, the element whose By is
// the value, there what stands at Take.
type Lookup struct {
	In   string `yaml:"in"`
	By   string `yaml:"by"`
	Take string `yaml:"take"`
}

// plainField has the tags that the YAML library knows.
type plainField struct {
	Path   string            `yaml:"path"`
	Paths  []string          `yaml:"paths"`
	Value  any               `yaml:"value"`
	Text   string            `yaml:"text"`
	Hash   []string          `yaml:"hash"`
	Lookup *Lookup           `yaml:"lookup"`
	Map    map[string]string `yaml:"map"`
	Else   string            `yaml:"else"`
	Times  float64           `yaml:"times"`
	Time   string            `yaml:"time"`
	Zone   string            `yaml:"zone"`
	Split  string            `yaml:"split"`
	Prefix string            `yaml:"prefix"`
	HTML   bool              `yaml:"html"`
	Number bool              `yaml:"number"`
	Lower  bool              `yaml:"lower"`
}

// UnmarshalYAML reads the field of a shipped preset. Settings of admins are
// read by the strict reader, which knows the tags of Field.
func (f *Field) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		f.Path = n.Value
		return nil
	}
	var p plainField
	if err := n.Decode(&p); err != nil {
		return err
	}
	*f = Field(p)
	return nil
}

// set reports whether the field says anything.
func (f Field) set() bool {
	return f.Path != "" || len(f.Paths) > 0 || f.Value != nil || f.Text != "" || len(f.Hash) > 0
}
