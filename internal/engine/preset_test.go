package engine_test

import (
	"strings"
	"testing"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/mapping/route"
)

// everybody is a team in which all roles are held that presets tell.
const everybody = `
people: {ana: {jira: a}, cy: {jira: c}}
teams:
  pay:
    places: {jira: [PAY]}
    roles:
      {pm: ana, po: cy, leadership: ana, ux: cy, support: cy, stakeholders: cy, account_owner: ana, strategist: ana, tech_lead: cy}
`

// Each row of the facts' decision table is a case in the file of pm-po, and
// every preset has cases of its own. They hold for the file as it is copied, and
// for the preset by its name.
func TestThePresetsDoWhatTheirCasesSay(t *testing.T) {
	t.Parallel()
	for _, name := range route.Presets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, ok := route.PresetText(name)
			if !ok || !strings.HasPrefix(text, "# "+name+": ") {
				t.Fatalf("the file does not say what it is: %.60q", text)
			}
			for way, rules := range map[string]string{
				"copied":  everybody + text,
				"by name": everybody + "route: {preset: " + name + "}\n" + text[strings.Index(text, "\ntests:"):],
			} {
				r, err := tryCompile(rules)
				if err != nil {
					t.Fatalf("%s: %v", way, err)
				}
				results, problems := r.Test(day)
				if len(problems) > 0 || len(results) < 3 {
					t.Fatalf("%s: %d cases, %v", way, len(results), problems)
				}
				for _, result := range results {
					if len(result.Wrong) > 0 {
						t.Errorf("%s: %s: %s (%s)", way, result.Name, strings.Join(result.Wrong, "; "), result.Because)
					}
				}
			}
		})
	}
}

func TestAPresetAndItsFileAreTheSameRules(t *testing.T) {
	t.Parallel()
	for _, name := range route.Presets() {
		text, _ := route.PresetText(name)
		doc, found := config.ParseDocument(name, []byte(text))
		var spec engine.Spec
		if found = append(found, doc.Decode(&spec)...); len(found) > 0 {
			t.Fatal(found)
		}
		for _, test := range spec.Tests {
			if test.Want.Accountable == "" {
				t.Errorf("%s: the case %q does not say who must act", name, test.Name)
			}
		}
	}
}
