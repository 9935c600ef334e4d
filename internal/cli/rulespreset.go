package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/work"
	"tandem/mapping/route"
)

func (a *app) rulesPresetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "preset [NAME]", Short: "List the shipped sets of routes, or print one to copy and change",
		Example: "  tandem rules preset\n  tandem rules preset pm-po > rules/route.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listPresets()
			}
			text, ok := route.PresetText(args[0])
			if !ok {
				return wrong("there is no preset %s; %s", args[0], work.Suggest(args[0], route.Presets()))
			}
			if a.json {
				preset, _ := route.FindPreset(args[0])
				return a.printJSON(map[string]any{"name": args[0], "yaml": text, "route": preset.Spec})
			}
			p := a.printer()
			p.line("%s", strings.TrimSuffix(text, "\n"))
			return p.err
		},
	}
}

// listPresets shows what each is for: the first line of its file.
func (a *app) listPresets() error {
	var rows [][]string
	about := map[string]string{}
	for _, name := range route.Presets() {
		text, _ := route.PresetText(name)
		first, _, _ := strings.Cut(text, "\n")
		about[name] = strings.TrimPrefix(first, "# "+name+": ")
		rows = append(rows, []string{name, about[name]})
	}
	if a.json {
		return a.printJSON(map[string]any{"presets": about})
	}
	p := a.printer()
	p.table(rows)
	p.line("\nTake one by route: {preset: NAME}, or copy it: tandem rules preset NAME > rules/route.yaml")
	return p.err
}
