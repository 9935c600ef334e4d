package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Remark is what lint has to say about one place of the rules. The rules are no
// mistake: they compile, and something in them does not do what it seems to.
type Remark struct {
	At work.Pointer
	// Check names the check that found it, such as unreachable_route.
	Check string
	Level work.Level
	What  string
	// Basis is what it is known from: the rules themselves, or what is stored.
	Basis  string
	Remedy string
	// Key says that At means the key rather than its value.
	Key bool
}

// What a remark is known from.
const (
	ByRules = "rules"
	ByData  = "stored data"
)

// LintEnv is what lint knows beside the rules.
type LintEnv struct {
	// Outcome is what the rules decide on the stored items; nil where nothing
	// was read yet.
	Outcome *Outcome
	// Today is the day of the check; zero where nobody knows, and then nothing is
	// over.
	Today time.Time
	// Feedback reports whether any connector yields feedback.
	Feedback bool
	// BringsItems reports whether a connector yields items.
	BringsItems func(connector string) bool
	// Instance is the widest mode of the whole instance.
	Instance work.WriteMode
}

// Lint looks for rules that do not do what they seem to. Checks that need
// stored items are left out where there are none.
func (r *Rules) Lint(env LintEnv) []Remark {
	l := &linter{rules: r, env: env}
	l.notes()
	l.routes()
	l.axes()
	l.hats()
	l.unread()
	l.teams()
	l.goals()
	l.effects()
	if env.Outcome != nil && len(env.Outcome.Items) > 0 {
		l.stored()
	}
	slices.SortStableFunc(l.found, func(a, b Remark) int {
		return cmp.Or(cmp.Compare(rankOf(a.Level), rankOf(b.Level)), cmp.Compare(a.At, b.At), cmp.Compare(a.Check, b.Check), cmp.Compare(a.What, b.What))
	})
	return l.found
}

// rankOf orders levels, the worst first.
func rankOf(l work.Level) int {
	return slices.Index([]work.Level{work.Fatal, work.Warning, work.Note}, l)
}

// linter gathers remarks.
type linter struct {
	rules *Rules
	env   LintEnv
	found []Remark
}

func (l *linter) add(check string, level work.Level, at work.Pointer, basis, remedy, format string, args ...any) {
	l.found = append(l.found, Remark{At: at, Check: check, Level: level, What: fmt.Sprintf(format, args...), Basis: basis, Remedy: remedy})
}

func (l *linter) warn(check string, at work.Pointer, remedy, format string, args ...any) {
	l.add(check, work.Warning, at, ByRules, remedy, format, args...)
}

// notes gives what compiling found worth telling a place.
func (l *linter) notes() {
	for _, n := range l.rules.Notes() {
		first, second, _ := strings.Cut(n.Subject, " ")
		at := work.Pointer("").Key(first)
		switch {
		case first == "team":
			at = work.Pointer("/teams").Key(second)
		case second != "":
			at = work.Pointer("/fields").Key(second).Key(first)
		}
		l.found = append(l.found, Remark{At: at, Check: "note", Level: n.Level, What: n.What, Basis: ByRules, Remedy: n.Remedy})
	}
}

// plural says how many.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// said joins the first few of many.
func said[T fmt.Stringer](all []T) string {
	const most = 6
	var texts []string
	for _, x := range all {
		texts = append(texts, x.String())
	}
	if len(texts) > most {
		texts = append(texts[:most], fmt.Sprintf("%d more", len(all)-most))
	}
	return strings.Join(texts, ", ")
}
