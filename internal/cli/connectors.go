package cli

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"tandem/connectors"
	"tandem/connectors/all"
)

type kindJSON struct {
	Kind    string      `json:"kind"`
	Summary string      `json:"summary"`
	Streams []string    `json:"streams"`
	Fields  []fieldJSON `json:"fields"`
	Example string      `json:"example"`
}

type fieldJSON struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Writable bool   `json:"writable"`
	Shared   string `json:"shared,omitempty"`
	Doc      string `json:"doc"`
}

func (a *app) connectorsCommand() *cobra.Command {
	var spelledOut bool
	c := &cobra.Command{
		Use: "connectors [KIND]", Short: "List the kinds of connector, or the fields and the example of one",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 && spelledOut {
				return wrong("--yaml wants a kind; tandem connectors lists them")
			}
			if len(args) == 0 {
				return a.listKinds()
			}
			d, ok := all.Lookup(args[0])
			if !ok {
				return wrong("there is no connector of kind %q; tandem connectors lists them", args[0])
			}
			if spelledOut {
				p := a.printer()
				p.line("%s", strings.TrimRight(cmp.Or(d.Starter, d.Example), "\n"))
				return p.err
			}
			return a.showKind(d)
		},
	}
	c.Flags().BoolVar(&spelledOut, "yaml", false, "print an entry to start from: a shipped preset spelled out as kind http, else the example")
	return c
}

func (a *app) listKinds() error {
	if a.json {
		kinds := []kindJSON{}
		for _, d := range all.Definitions() {
			kinds = append(kinds, kindOf(d))
		}
		return a.printJSON(kinds)
	}
	p := a.printer()
	var rows [][]string
	for _, d := range all.Definitions() {
		rows = append(rows, []string{d.Kind, d.Summary})
	}
	p.table(rows)
	p.line("\nFields and an example of one: tandem connectors KIND")
	return p.err
}

func kindOf(d connectors.Definition) kindJSON {
	k := kindJSON{Kind: d.Kind, Summary: d.Summary, Example: d.Example}
	for _, s := range d.Streams {
		k.Streams = append(k.Streams, s.Name)
	}
	for _, f := range d.Schema.Fields {
		shared := ""
		if f.Shared != 0 {
			shared = f.Shared.String()
		}
		k.Fields = append(k.Fields, fieldJSON{f.Name, f.Kind.String(), f.Writable, shared, f.Doc})
	}
	return k
}

func (a *app) showKind(d connectors.Definition) error {
	k := kindOf(d)
	if a.json {
		return a.printJSON(k)
	}
	p := a.printer()
	p.line("%s: %s\n\n%s", d.Kind, d.Summary, d.Doc)
	rows := make([][]string, 0, len(k.Fields))
	for _, f := range k.Fields {
		writable := "read only"
		if f.Writable {
			writable = "writable"
		}
		rows = append(rows, []string{f.Name, f.Kind, writable, f.Shared, f.Doc})
	}
	p.section("Fields", rows, true)
	p.line("\nExample\n\n%s", d.Example)
	return p.err
}
