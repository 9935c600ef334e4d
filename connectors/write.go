package connectors

// Write is one native field that rules write at one place: what a Checker
// looks for on the other side before anything is sent.
type Write struct {
	// Path is the native field as rules name it; work.NativeLabels for labels.
	Path string
	// Place is a project or repository as the settings name it; empty is every
	// place.
	Place string
	// Values are the native spellings that may be written, in the order of the
	// shared values; empty is any value.
	Values []string
	// Labels tells that Values are labels, added and removed one by one.
	Labels bool
}
