package config

import "maps"

// Same reports whether two entries say the same, wherever they stand in their
// files: the same name, kind, privacy and configuration. What the settings read of them,
// such as every and write, does not count.
func (c Connector) Same(o Connector) bool {
	return c.Name == o.Name && c.Kind == o.Kind && c.Retention == o.Retention && maps.Equal(c.Privacy, o.Privacy) && c.config.same(o.config)
}

// same compares content, not places. nil is an empty entry.
func (n *node) same(o *node) bool {
	if n == nil || o == nil {
		return n == o
	}
	if n.kind != o.kind || n.text != o.text || n.null != o.null || n.tag != o.tag || len(n.keys) != len(o.keys) || len(n.values) != len(o.values) {
		return false
	}
	for i := range n.keys {
		if !n.keys[i].same(o.keys[i]) {
			return false
		}
	}
	for i := range n.values {
		if !n.values[i].same(o.values[i]) {
			return false
		}
	}
	return true
}
