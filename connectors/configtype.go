package connectors

import (
	"reflect"

	"tandem/internal/work"
)

// ConfigType returns the type of the settings of one instance, for schemas and
// docs; nil where the kind decodes none.
func (d Definition) ConfigType() reflect.Type {
	var found reflect.Type
	_, _ = d.New(d.Kind, func(into any) []work.Problem {
		found = reflect.TypeOf(into).Elem()
		return []work.Problem{{What: "only the type is asked for"}}
	})
	return found
}
