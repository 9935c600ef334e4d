package cli

import (
	_ "embed" // the comments of the fields, as make generate reads them
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/connectors/all"
	"tandem/internal/engine"
	"tandem/internal/work"
	"tandem/mapping/rank"
	"tandem/mapping/route"
)

// fieldDocs are the comments of all fields of settings and rules, by
// config.FieldKey.
//
//go:embed fielddocs.json
var fieldDocs []byte

// The files that a schema describes.
const (
	settingsFile = "settings"
	rulesFile    = "rules"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema settings|rules", Short: "Print the JSON Schema of tandem.yaml or of rule files, for editors",
		Long: "Prints JSON Schema (draft 2020-12) that editors complete and check by. Write it into files beside\n" +
			"tandem.yaml, and name them in the first line of each file:\n\n" +
			"  # yaml-language-server: $schema=settings.schema.json        in tandem.yaml\n" +
			"  # yaml-language-server: $schema=../rules.schema.json        in rules/*.yaml\n\n" +
			"What only the rules as a whole tell, such as names of teams and fields, tandem check looks at.",
		Example:   "  tandem schema settings > settings.schema.json\n  tandem schema rules > rules.schema.json",
		Args:      exactArgs(1, "name the file: tandem schema settings, or tandem schema rules"),
		ValidArgs: []string{settingsFile, rulesFile},
		RunE: func(_ *cobra.Command, args []string) error {
			schema, err := schemaOf(args[0])
			if err != nil {
				return err
			}
			text, err := json.MarshalIndent(schema, "", "  ")
			if err != nil {
				return fmt.Errorf("write the schema: %w", err)
			}
			_, err = fmt.Fprintln(a.streams.Out, string(text))
			return err
		},
	}
}

func schemaOf(name string) (map[string]any, error) {
	words := config.Vocabulary{Choices: choices(), Keys: knownKeys()}
	if err := json.Unmarshal(fieldDocs, &words.Docs); err != nil {
		return nil, fmt.Errorf("read the comments of fields: %w", err)
	}
	switch name {
	case settingsFile:
		var kinds []config.KindSchema
		for _, d := range all.Definitions() {
			kinds = append(kinds, config.KindSchema{Kind: d.Kind, Doc: d.Summary, Config: d.ConfigType()})
		}
		return config.SettingsSchema(kinds, "tandem.yaml", words), nil
	case rulesFile:
		return config.Schema(reflect.TypeFor[engine.Spec](), "rule file of Tandem", words), nil
	default:
		return nil, wrong("%s; name the file: tandem schema settings, or tandem schema rules",
			fmt.Sprintf("there is no schema %q", name)+suggestion(name))
	}
}

// suggestion is what may have been meant.
func suggestion(name string) string {
	if s := work.Suggest(name, []string{settingsFile, rulesFile}); s != "" {
		return ", " + s
	}
	return ""
}

// methodNames are those of the ranking methods.
func methodNames() []string {
	var names []string
	for _, m := range rank.Methods() {
		names = append(names, m.Name)
	}
	return names
}

// choices are the words of fields that are plain text in the code.
func choices() map[string][]string {
	return map[string][]string{
		"config.Log.Level":                {"debug", "info", "warn", "error"},
		"config.Log.Format":               {"text", "json"},
		"config.APIToken.Role":            config.Roles(),
		"config.APIToken.Audience":        {work.Public.String(), work.Internal.String(), work.Restricted.String()},
		"config.Grant.Role":               config.Roles(),
		"config.Grant.Audience":           {work.Public.String(), work.Internal.String(), work.Restricted.String()},
		"config.Digest.Audience":          {work.Public.String(), work.Internal.String(), work.Restricted.String()},
		"config.Mail.TLS":                 {config.StartTLS, config.ImplicitTLS, config.NoTLS},
		"config.Roadmap.Audience":         {work.Public.String(), work.Internal.String()},
		"rank.Lens.Method":                methodNames(),
		"mapping.FieldSpec.Fill":          {"tandem"},
		"mapping.FieldSpec.From":          {"tiers", "roadmap", "route", "rank"},
		"mapping.FieldSpec.Respect":       {"respect", "overrule"},
		"mapping.TargetSpec.Only":         {"private", "public"},
		"mapping.TargetSpec.Allow":        {"public"},
		"plan.AdoptSpec.SetByPerson":      {"keep", "replace"},
		"plan.AdoptSpec.UntouchedDefault": {"keep", "replace"},
		"plan.RampSpec.Per":               {"day"},
		"rank.Spec.Unknown":               {"leave", "prior"},
		"rank.Spec.Order":                 {"horizon", "next", "why"},
		"rank.Tiers.Of":                   {"next", "why"},
		"route.RuleSpec.Preset":           route.Presets(),
		"route.Spec.Preset":               route.Presets(),
	}
}

// knownKeys are the only keys of some maps.
func knownKeys() map[string][]string {
	methods := make([]string, 0, len(work.Methods()))
	for _, m := range work.Methods() {
		methods = append(methods, string(m))
	}
	return map[string][]string{
		"engine.Spec.Fields":    work.FieldNames(),
		"engine.TestSpec.Item":  append(work.FieldNames(), "team"),
		"evidence.Spec.Methods": methods,
	}
}
