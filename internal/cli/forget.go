package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tandem/internal/privacy"
	"tandem/internal/store"
	"tandem/internal/work"
)

func (a *app) forgetCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:     "forget PERSON",
		Short:   "Remove what a person said from everywhere, and prove it; nothing of them is stored again",
		Example: "  tandem forget ana@acme.example\n  tandem forget p-gizsmesxwdhjvgdw --yes",
		Args:    exactArgs(1, "name the person by e-mail address, user id or pseudonym, such as: tandem forget ana@acme.example"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				return a.forget(ctx, s, db, strings.TrimSpace(args[0]), yes)
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do it; without it, only what would be removed is shown")
	return cmd
}

func (a *app) forget(ctx context.Context, s *setup, db *store.Store, who string, yes bool) error {
	if who == "" {
		return wrong("nobody is named; write an e-mail address, a user id or a pseudonym")
	}
	var err error
	if s.pseudonyms, err = s.pseudonymKey(ctx, db, a.logger(s.settings)); err != nil {
		return err
	}
	known, err := db.Acquainted(ctx, s.namesOf(who))
	if err != nil {
		return err
	}
	rows := byConnector(known)
	if !yes {
		return a.sayAcquainted(who, rows, len(known.Names))
	}
	if err := db.ForgetPerson(ctx, known); err != nil {
		return err
	}
	found, err := db.Search(ctx, known.Names)
	if err != nil {
		return err
	}
	return a.sayForgotten(rows, len(known.Names), found)
}

// namesOf returns what a person may go by in the store: the name itself, and
// its pseudonyms by whatever kind of name it is.
func (s *setup) namesOf(who string) []string {
	names := map[string]bool{who: true}
	for _, i := range s.instances {
		if !tellsOfPeople(i.definition) {
			continue
		}
		policy := privacy.New(i.settings.Privacy, s.pseudonyms)
		for _, kind := range []string{"email", "user_id", "author", "person of " + i.name, i.definition.Kind + ".user"} {
			names[policy.Pseudonym(kind, who)] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func byConnector(known store.Acquaintance) map[string]int {
	rows := map[string]int{}
	for _, ref := range slices.Concat(known.Feedback, known.Insights) {
		rows[ref.Connector]++
	}
	return rows
}

func (a *app) sayAcquainted(who string, rows map[string]int, names int) error {
	if len(rows) == 0 {
		return a.say(map[string]any{"rows": rows, "names": names},
			"Nothing is stored of "+who+". With --yes, nothing of them will be.")
	}
	return a.say(map[string]any{"rows": rows, "names": names},
		"Would be removed: rows of "+counts(rows)+". Add --yes to do it; it cannot be undone.")
}

// sayForgotten tells what went and what the search for the rest found. Where
// something is left, the person is not forgotten.
func (a *app) sayForgotten(rows map[string]int, names int, found store.Found) error {
	object := map[string]any{"removed": rows, "names": names, "searched_columns": found.Columns, "left": found.Rows}
	left := maps.Clone(found.Rows)
	for at := range left {
		if strings.HasPrefix(at, "record") { // issues: people in them are read from their service
			delete(left, at)
		}
	}
	if a.json {
		if err := a.printJSON(object); err != nil {
			return err
		}
	} else {
		p := a.printer()
		if len(rows) > 0 {
			p.line("Removed: rows of %s. What counted as evidence was counted anew.", counts(rows))
		}
		p.line("Searched %s of the store for %s of this person: %s.", plural(found.Columns, "column", "columns"), plural(names, "name", "names"), leftover(left))
		for _, at := range slices.Sorted(maps.Keys(found.Rows)) {
			if left[at] == 0 {
				p.line("%s issues name this person (%s): they are read from their service; change them there.", thousands(found.Rows[at]), at)
			}
		}
		p.line("Nothing of them is stored again. Still elsewhere, if it ever was: the tools themselves, files in folders of kind drop, backups of the store.")
		if p.err != nil {
			return p.err
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("something of this person is still in the store: %s; type the same again, and tell the makers of Tandem if it stays", counts(left))
	}
	return nil
}

func leftover(left map[string]int) string {
	if len(left) == 0 {
		return "none is left"
	}
	return counts(left)
}

// retention returns how long the feedback of connectors is kept that say so.
func (s *setup) retention() map[string]work.Span {
	all := map[string]work.Span{}
	for _, c := range s.settings.Connectors {
		if c.Retention > 0 {
			all[c.Name] = c.Retention
		}
	}
	return all
}
