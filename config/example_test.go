package config_test

import (
	"fmt"

	"tandem/config"
	"tandem/internal/work"
)

// A rule file with two mistakes is answered with both, and where they are.
func ExampleDocument_Decode() {
	text := "routes:\n  - if: item.kind == \"bug\"\n    acountable: po\n"
	document, found := config.ParseDocument("rules/routes.yaml", []byte(text))
	var rules struct {
		Routes []struct {
			If          work.Expression `yaml:"if"`
			Accountable string          `yaml:"accountable"`
		} `yaml:"routes"`
	}
	found = append(found, document.Decode(&rules)...)
	fmt.Println(found.Error())
	// Output:
	// rules/routes.yaml:2:9: if must be in quotes; write it quoted: if: 'item.kind == "bug"'
	// rules/routes.yaml:3:5: unknown key "acountable"; did you mean "accountable"?
}
