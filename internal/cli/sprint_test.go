package cli_test

import (
	"strings"
	"testing"

	"tandem/connectors/all"
	"tandem/internal/work"

	"tandem/mapping"
)

// Sprints are the team's: no connector of a service declares a field of one
// that can be written, and a rule that names one all the same only reads it.
func TestNoConnectorLetsASprintBeWritten(t *testing.T) {
	t.Parallel()
	for _, d := range all.Definitions() {
		for _, f := range d.Schema.Fields {
			isSprint := f.Shared == work.Sprint || strings.Contains(strings.ToLower(f.Name), "sprint")
			if isSprint && f.Writable {
				t.Errorf("%s writes the field %s", d.Kind, f.Name)
			}
			if stem, family := strings.CutSuffix(f.Name, "*"); family {
				f.Name = stem + "Sprint"
			}
			program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
				"sprint": {Targets: map[string]mapping.TargetSpec{"service": {Field: mapping.FieldRef{Plain: f.Name}}}},
			}}, mapping.Env{Schemas: map[string]work.Schema{"service": d.Schema}})
			if len(problems) > 0 {
				continue // refused is not written
			}
			if slot := program.Rule(work.Sprint).Slot("service", ""); slot != nil && slot.Writable {
				t.Errorf("a rule could write a sprint into %s of %s", f.Name, d.Kind)
			}
		}
	}
}
