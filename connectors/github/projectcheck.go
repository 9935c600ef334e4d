package github

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// project looks at the board, its fields and what they may hold.
func (c *checker) project(ctx context.Context) []work.Finding {
	subject := c.name + " project"
	one := func(level work.Level, what, remedy string) []work.Finding {
		return []work.Finding{{Level: level, Subject: subject, What: what, Remedy: remedy}}
	}
	name := c.config.Project.Board
	switch used := slices.Contains(c.features, projectFeature); {
	case used && name == "":
		return one(work.Warning, "rules use fields of a project, and the settings name none", "write project: {board: OWNER/NUMBER}")
	case name == "":
		return nil
	case c.board == nil:
		return one(work.Note, "no rule uses a field of the project "+name+"; it is left alone", "map a field with project_field:, or take the setting out")
	}
	sh, err := c.board.current(ctx, 0)
	if failed, ok := errors.AsType[*boardError](err); ok {
		return one(work.Fatal, failed.what, failed.remedy)
	}
	if err != nil {
		return []work.Finding{c.fatal("project", err)}
	}
	var findings []work.Finding
	switch {
	case sh.closed:
		findings = one(work.Warning, "the project "+name+" is closed; its fields are read and written all the same", "reopen it, or name another one in board:")
	case !sh.writable:
		findings = one(work.Warning, "the credentials may read the project "+name+" and not change it", c.board.rights())
	}
	return append(findings, c.projectFields(sh)...)
}

// projectFields says of each field that rules use what it may hold.
func (c *checker) projectFields(sh *shape) []work.Finding {
	var findings []work.Finding
	subject := func(name string) string { return c.name + " " + work.ProjectFieldPrefix + name }
	for _, name := range slices.Sorted(maps.Keys(sh.faults)) {
		fault := sh.faults[name]
		findings = append(findings, work.Finding{Level: work.Warning, Subject: subject(name), What: fault.what, Remedy: fault.remedyOr(fieldRemedy)})
	}
	for _, name := range slices.Sorted(maps.Keys(sh.fields)) {
		f := sh.fields[name]
		if !strings.EqualFold(f.name, name) {
			findings = append(findings, work.Finding{
				Level: work.Warning, Subject: subject(name), What: "the field is called " + f.name + " now; it is followed until Tandem is started again",
				Remedy: "write its new name into the rules",
			})
			continue
		}
		findings = append(findings, c.projectOptions(subject(name), name, f)...)
		what := f.kindName()
		if names := f.optionNames(); len(names) > 0 {
			what += ": " + strings.Join(names, ", ")
		}
		findings = append(findings, work.Finding{Level: work.Note, Subject: subject(name), What: what})
	}
	return findings
}

func (e *boardError) remedyOr(other string) string {
	if e.remedy == "" {
		return other
	}
	return e.remedy
}

// kindName is the field's kind for people.
func (f boardField) kindName() string {
	switch f.kind {
	case selectField:
		return "a single select"
	case iterationField:
		return "an iteration"
	default:
		return "a " + strings.ToLower(f.kind)
	}
}

// projectOptions finds values of the rules that the field cannot hold.
func (c *checker) projectOptions(subject, name string, f boardField) []work.Finding {
	var findings []work.Finding
	if !f.hasOptions() {
		return nil
	}
	for _, o := range f.options {
		if o.former != "" {
			findings = append(findings, work.Finding{
				Level: work.Warning, Subject: subject, What: fmt.Sprintf("the option %q is called %q now; it is followed until Tandem is started again", o.former, o.text()),
				Remedy: "write its new name into the rules",
			})
		}
	}
	named := slices.Clone(c.board.spellings[work.ProjectFieldPrefix+name])
	for _, value := range c.writtenTo(work.ProjectFieldPrefix+name, "") {
		if !slices.Contains(named, value) {
			named = append(named, value)
		}
	}
	for _, value := range named {
		known := f.optionNames()
		if slices.ContainsFunc(known, func(o string) bool { return strings.EqualFold(o, value) }) {
			continue
		}
		remedy := "add the option to the field, or correct the rules"
		switch near := work.Suggest(value, known); {
		case strings.HasPrefix(near, "did you mean"):
			remedy = near
		case near != "":
			remedy += "; " + near
		}
		findings = append(findings, work.Finding{
			Level: work.Warning, Subject: subject, What: fmt.Sprintf("rules name the option %q, which the field does not have", value), Remedy: remedy,
		})
	}
	return findings
}
