package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// said are the flags of a word against decisions.
type said struct {
	place, horizon, priority string
	because, until           string
	list, end, all           bool
}

func (a *app) overrideCommand() *cobra.Command {
	var f said
	cmd := &cobra.Command{
		Use:   "override REF --place N | --horizon NAME | --priority NAME",
		Short: "Say where an item belongs, until a day and with a reason: a place in the team's order, a horizon, a priority",
		Long: "What a person says takes the place of what Tandem would decide, from the next decision on. It shows with its reason\n" +
			"wherever the decision shows, and ends by itself. What somebody sets in Jira or GitHub, and tandem/hands-off, win over it.",
		Example: "  tandem override jira:PAY-12 --place 1 --because 'promised to Globex' --until 14d\n" +
			"  tandem override jira:PAY-12 --horizon now --priority 1 --because 'the law' --until 2026-12-24\n" +
			"  tandem override --list\n  tandem override jira:PAY-12 --end",
		Args: func(_ *cobra.Command, args []string) error { return f.check(args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.list:
				return a.look(cmd, func(ctx context.Context, _ *setup, db *store.Store) error { return a.listOverrides(ctx, db, f.all) })
			case f.end:
				return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error { return a.endOverrides(ctx, s, db, args[0]) })
			default:
				return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
					return a.override(ctx, s, db, args[0], f.wants(), &f)
				})
			}
		},
	}
	cmd.Flags().StringVar(&f.place, "place", "", "the place in the team's order; 1 is first")
	cmd.Flags().StringVar(&f.horizon, "horizon", "", "the horizon; it uses the team's capacity there")
	cmd.Flags().StringVar(&f.priority, "priority", "", "the shared priority, one of the tiers of the rules")
	cmd.Flags().StringVar(&f.because, "because", "", "why; people see it beside the decision")
	cmd.Flags().StringVar(&f.until, "until", "", "the last day on which it counts, or for how long, such as 14d (default 30d)")
	cmd.Flags().BoolVar(&f.list, "list", false, "list what people said and that counts today")
	cmd.Flags().BoolVar(&f.all, "all", false, "with --list: what ended too")
	cmd.Flags().BoolVar(&f.end, "end", false, "end what was said at REF, or the one with a number of --list")
	return cmd
}

func (f *said) check(args []string) error {
	words := len(f.wants())
	switch {
	case f.list && (len(args) > 0 || f.end || words > 0):
		return wrong("list all of them: tandem override --list")
	case f.list:
		return nil
	case len(args) != 1:
		return wrong("name the item, such as: tandem override jira:PAY-12 --place 1 --because 'promised to Globex'")
	case f.end && words > 0:
		return wrong("end what was said, or say something else: not both at once")
	case !f.end && words == 0:
		return wrong("say what is to be: --place 1, --horizon now or --priority 1; or end it with --end")
	default:
		return nil
	}
}

// want is one word.
type want struct {
	kind  work.OverrideKind
	value string
}

func (f *said) wants() []want {
	var all []want
	for _, w := range []want{{work.Pin, f.place}, {work.MoveHorizon, f.horizon}, {work.SetPriority, f.priority}} {
		if w.value != "" {
			all = append(all, w)
		}
	}
	return all
}

// override notes words of a person, and tells what follows from them.
func (a *app) override(ctx context.Context, s *setup, db *store.Store, ref string, wants []want, f *said) error {
	until, err := work.ParseUntil(f.until, time.Now())
	if err != nil {
		return wrong("--until: %w", err)
	}
	before, _, err := a.find(ctx, s, db, ref)
	if err != nil {
		return err
	}
	named := fullName(before, ref)
	var words []work.Override
	for _, w := range wants {
		o := before.Speak(named, w.kind, w.value)
		o.By, o.Reason, o.Until = person(), strings.TrimSpace(f.because), until
		if what, remedy := s.rules.Misfit(before, &o); what != "" {
			return wrong("%s; %s", what, strings.Replace(remedy, "say because: a reason", "add --because 'promised to Globex'", 1))
		}
		words = append(words, o)
	}
	for i := range words {
		if words[i].Number, err = db.SaveOverride(ctx, words[i]); err != nil {
			return err
		}
		words[i].At = time.Now().UTC()
	}
	after, outcome, err := a.find(ctx, s, db, named)
	if err != nil {
		return err
	}
	return a.sayOverride(words, before, after, doubtsOf(words, after, outcome))
}

// doubtsOf are what is to be told of words, and of those of others that give
// way to them.
func doubtsOf(words []work.Override, d *engine.Decided, outcome *engine.Outcome) []work.Finding {
	doubts := []work.Finding{}
	for _, other := range outcome.Items {
		if other.Words == nil {
			continue
		}
		for _, doubt := range other.Words.Doubts {
			if doubt.Other == d || slices.ContainsFunc(words, func(o work.Override) bool { return o.Number == doubt.Number }) {
				doubts = append(doubts, doubt.Finding)
			}
		}
	}
	return doubts
}

// fullName is the name of the record that a reference means.
func fullName(d *engine.Decided, ref string) string {
	for _, p := range d.Item.Parts {
		if p.String() == ref || p.Key == ref {
			return p.String()
		}
	}
	return d.Item.Key()
}

func (a *app) sayOverride(words []work.Override, before, after *engine.Decided, doubts []work.Finding) error {
	if a.json {
		return a.printJSON(map[string]any{
			"said": wordsJSON(words), "doubts": doubts,
			"before": standing(before), "after": standing(after),
		})
	}
	p := a.printer()
	for i := range words {
		p.line("%s is %s", words[i].Ref, &words[i])
	}
	if words[0].Kind == work.Objection {
		p.line("What Tandem decides of it is not written until somebody answers: tandem object %s --answer '…'", words[0].Ref)
		return p.err
	}
	p.line("Place %d of team %s, horizon %s, priority %s; before that place %d, %s, %s.", after.TeamPlace, orNone(after.Item.Team), orNone(after.Horizon), orNone(after.Tier),
		before.TeamPlace, orNone(before.Horizon), orNone(before.Tier))
	p.line("The next plan has it: look with tandem plan. End it sooner with: tandem override %s --end", words[0].Ref)
	for _, d := range doubts {
		p.line("! %s: %s", d.Subject, short(d.What, 300))
		p.line("    %s", short(d.Remedy, 200))
	}
	return p.err
}

// standing is where an item stands, as an object.
func standing(d *engine.Decided) map[string]any {
	return map[string]any{"team": d.Item.Team, "team_place": d.TeamPlace, "place": d.Place, "horizon": d.Horizon, "priority": d.Tier}
}

// wordJSON is a word with the last day on which it counts.
type wordJSON struct {
	*work.Override

	Until string `json:"until"`
}

func wordsJSON(all []work.Override) []wordJSON {
	list := make([]wordJSON, len(all))
	for i := range all {
		list[i] = wordJSON{&all[i], all[i].LastDay().Format(time.DateOnly)}
	}
	return list
}

// listOverrides lists what people said.
func (a *app) listOverrides(ctx context.Context, db *store.Store, all bool) error {
	ended := 0
	if all {
		ended = 1000
	}
	open, over, err := db.Overrides(ctx, time.Now().UTC().Truncate(24*time.Hour), ended)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"open": wordsJSON(open), "ended": wordsJSON(over)})
	}
	p := a.printer()
	if len(open) == 0 {
		p.line("Nobody said anything against what is decided.")
	}
	rows := make([][]string, 0, len(open))
	for i := range open {
		rows = append(rows, wordRow(&open[i]))
	}
	p.table(rows)
	rows = nil
	for i := range over {
		o := &over[i]
		end := "over since " + o.Until.Format(time.DateOnly)
		if !o.Ended.IsZero() {
			end = "ended on " + o.Ended.Local().Format(time.DateOnly) + " by " + o.EndedBy
			if o.Ending != "" {
				end += ": " + o.Ending
			}
		}
		rows = append(rows, append(wordRow(o)[:4], short(end, 100)))
	}
	p.section("Ended", rows, true)
	return p.err
}

// wordRow is a word in a table.
func wordRow(o *work.Override) []string {
	return []string{strconv.FormatInt(o.Number, 10), o.Ref.String(), strings.TrimSpace(o.Kind.String() + " " + short(o.Value, 20)), "by " + o.By, "until " + o.LastDay().Format(time.DateOnly), short(o.Reason, 80)}
}

// endOverrides ends what was said at a record, or one word by its number.
func (a *app) endOverrides(ctx context.Context, s *setup, db *store.Store, ref string) error {
	open, _, err := db.Overrides(ctx, time.Now().UTC().Truncate(24*time.Hour), 0)
	if err != nil {
		return err
	}
	var numbers []int64
	if number, err := strconv.ParseInt(ref, 10, 64); err == nil {
		if !slices.ContainsFunc(open, func(o work.Override) bool { return o.Number == number && o.Kind != work.Objection }) {
			return wrong("no override has the number %d; tandem override --list", number)
		}
		numbers = append(numbers, number)
	} else {
		d, _, err := a.find(ctx, s, db, ref)
		if err != nil {
			return err
		}
		numbers = numbersOf(d.Said(open, ref), false)
		if len(numbers) == 0 {
			return wrong("nobody said anything of %s that counts; tandem override --list", ref)
		}
	}
	ended, err := db.EndOverrides(ctx, numbers, person(), "")
	if err != nil {
		return err
	}
	return a.say(map[string]any{"ended": ended}, plural(len(ended), "word", "words")+" ended. The next plan is Tandem's own again there.")
}

// numbersOf are those of objections, or of all others.
func numbersOf(words []work.Override, objections bool) []int64 {
	var numbers []int64
	for i := range words {
		if (words[i].Kind == work.Objection) == objections {
			numbers = append(numbers, words[i].Number)
		}
	}
	return numbers
}
