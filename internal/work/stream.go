package work

import "cmp"

// StreamName names a flow of pages of one connector. With an empty stream it
// stands for the connector as a whole.
type StreamName struct {
	Connector string `json:"connector"`
	Stream    string `json:"stream"`
}

// Compare orders by connector, then by stream.
func (s StreamName) Compare(o StreamName) int {
	return cmp.Or(cmp.Compare(s.Connector, o.Connector), cmp.Compare(s.Stream, o.Stream))
}
