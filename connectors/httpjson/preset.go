package httpjson

import "tandem/connectors"

// Presets returns the shipped kinds, sorted by kind.
func Presets() []connectors.Definition { return nil }
