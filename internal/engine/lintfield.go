package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping"
)

func fieldAt(f work.Field, connector string) work.Pointer {
	return work.Pointer("/fields").Key(f.String()).Key(connector)
}

// axes reports native fields and label prefixes that two fields of the shared
// model write, or that one writes and another one reads.
func (l *linter) axes() {
	spots := l.rules.program.Spots()
	told := map[[2]work.Pointer]bool{}
	for i, a := range spots {
		for _, b := range spots[i+1:] {
			if a.Connector != b.Connector {
				break
			}
			pair := [2]work.Pointer{fieldAt(a.Field, a.Connector), fieldAt(b.Field, b.Connector)}
			if a.Field == b.Field || told[pair] || !meet(a, b) {
				continue
			}
			told[pair] = l.twoWriters(a, b)
		}
	}
	l.labelsUnderPrefixes(spots)
}

// meet reports whether two spots are the same native field, or labels of which
// nobody could tell the axis.
func meet(a, b mapping.Spot) bool {
	switch {
	case a.Axis != b.Axis:
		return false
	case a.Axis:
		return a.Path != "" && b.Path != "" && (strings.HasPrefix(a.Path, b.Path) || strings.HasPrefix(b.Path, a.Path))
	default:
		return a.Path == b.Path && (a.Place == b.Place || a.Place == "" || b.Place == "")
	}
}

func (l *linter) twoWriters(a, b mapping.Spot) bool {
	where := a.Connector + " field " + a.Path
	if a.Axis {
		where = a.Connector + " labels that begin with " + strconv.Quote(shorter(a.Path, b.Path))
	}
	at := fieldAt(b.Field, b.Connector)
	switch {
	case a.Axis: // the labels themselves differ, or the rules would be refused
		l.warn("two_writers", at, "give one of them another prefix", "%s and %s both have %s: people cannot tell whose a label is", a.Field, b.Field, where)
	case a.Writes && b.Writes:
		l.warn("two_writers", at, "map one of them to another field", "%s and %s are both written to the %s: each run one overwrites the other", a.Field, b.Field, where)
	case a.Writes || b.Writes:
		writer, reader := a.Field, b.Field
		if b.Writes {
			writer, reader = reader, writer
		}
		l.warn("two_writers", at, "map one of them to another field", "%s is read from the %s, which %s writes: what Tandem writes comes back as something else", reader, where, writer)
	default:
		return false
	}
	return true
}

func shorter(a, b string) string {
	if len(a) < len(b) {
		return a
	}
	return b
}

// labelsUnderPrefixes reports labels of routes that look like those of a field.
func (l *linter) labelsUnderPrefixes(spots []mapping.Spot) {
	for rule := range l.rules.tree.Deciding() {
		for _, s := range spots {
			if s.Axis && s.Path != "" && rule.Label != "" && s.Field != work.RouteLabel && strings.HasPrefix(rule.Label, s.Path) {
				l.warn("two_writers", rule.At.Key("label"), "choose a label with another prefix",
					"the label %q looks like one of %s, which writes labels that begin with %q on %s", rule.Label, s.Field, s.Path, s.Connector)
				break
			}
		}
	}
}

// hats reports fields whose owner answers for the other hat.
func (l *linter) hats() {
	hats := map[string]work.Hat{}
	owners := l.rules.program.Owners()
	for connector, fields := range owners {
		hats[connector] = l.hatOf(connector, fields)
	}
	someone := func(hat work.Hat) []string {
		var names []string
		for _, connector := range l.rules.program.ConnectorNames() {
			if hats[connector] == hat && len(owners[connector]) > 0 {
				names = append(names, connector)
			}
		}
		return names
	}
	for _, connector := range l.rules.program.ConnectorNames() {
		for _, field := range owners[connector] {
			hat := field.Info().Hat
			others := someone(hat)
			if hat != work.PM && hat != work.PO || hats[connector] == hat || hats[connector] == work.Both || len(others) == 0 {
				continue
			}
			l.found = append(l.found, Remark{
				At: work.Pointer("/fields").Key(field.String()).Key("owner"), Check: "owner_of_other_hat", Level: work.Warning, Basis: ByRules,
				What: fmt.Sprintf("%s is the %s's answer, and %s is the %s's tool here: it owns %s", field, hat, connector, hats[connector],
					said(slices.DeleteFunc(slices.Clone(owners[connector]), func(f work.Field) bool { return f.Info().Hat != hats[connector] }))),
				Remedy: "write owner: " + strings.Join(others, " or ") + ", or keep it if the " + hat.String() + " really works in " + connector,
			})
		}
	}
}

// hatOf is whose tool a connector is: Jira is the PO's where nothing says
// otherwise, any other the PM's or PO's who owns more fields there. Both is
// where that cannot be told.
func (l *linter) hatOf(connector string, fields []work.Field) work.Hat {
	pm, po := 0, 0
	for _, f := range fields {
		switch f.Info().Hat {
		case work.PM:
			pm++
		case work.PO:
			po++
		case work.Both, work.Derived:
		}
	}
	if l.rules.program.Schemas()[connector].Kind == "jira" {
		po++
	}
	switch {
	case pm > po:
		return work.PM
	case po > pm:
		return work.PO
	default:
		return work.Both
	}
}
