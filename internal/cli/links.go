package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// suggested is how many items are suggested for one feedback.
const suggested = 3

func (a *app) linksCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "links [REF]",
		Short: "Review feedback that nothing links, with suggestions; or show the links of an item or a feedback",
		Example: "  tandem links\n  tandem links jira:PAY-12\n  tandem links accept hotjar:r-71 jira:PAY-12\n" +
			"  tandem links reject hotjar:r-71 jira:PAY-14",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong("name one item or feedback, such as: tandem links jira:PAY-12; or accept, reject or undo before two of them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return wrong("--limit is 1 or more")
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if len(args) == 1 {
					return a.showLinks(ctx, s, db, args[0])
				}
				return a.reviewLinks(ctx, s, db, limit)
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "how many rows of feedback to show")
	cmd.AddCommand(
		a.verdictCommand("accept", "Link a feedback or insight to an item, whatever rules say", work.LinkAccepted),
		a.verdictCommand("reject", "Say that a feedback or insight is not about an item: neither rules nor suggestions tie them again", work.LinkRejected),
		a.verdictCommand("undo", "Forget what was decided of a link: what rules say holds again", ""),
	)
	return cmd
}

func (a *app) verdictCommand(name, short string, verdict work.Verdict) *cobra.Command {
	return &cobra.Command{
		Use: name + " FEEDBACK REF", Short: short,
		Args: exactArgs(2, "name the feedback and the item, such as: tandem links "+name+" hotjar:r-71 jira:PAY-12"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.desk(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				return a.decideLink(ctx, s, db, args[0], args[1], verdict)
			})
		},
	}
}

func (a *app) decideLink(ctx context.Context, s *setup, db *store.Store, of, target string, verdict work.Verdict) error {
	v, err := s.verdictOn(ctx, db, of, target)
	if err != nil {
		return err
	}
	v.Verdict, v.By, v.At = verdict, person(), time.Now()
	object := map[string]any{"of": v.Of, "target": v.Target, "verdict": verdict}
	if verdict == "" {
		ended, err := db.UndoVerdict(ctx, v)
		if err != nil {
			return err
		}
		object["undone"] = ended
		if !ended {
			return a.say(object, "Nobody had decided on "+of+" and "+v.Target+". tandem links "+v.Target+" shows what is linked, and why.")
		}
		return a.say(object, "Forgotten. What rules say of "+of+" and "+v.Target+" holds again.")
	}
	if err := db.SaveVerdict(ctx, v); err != nil {
		return err
	}
	if verdict == work.LinkAccepted {
		return a.say(object, of+" counts as evidence of "+v.Target+". Take it back with: tandem links undo "+of+" "+v.Target)
	}
	return a.say(object, of+" and "+v.Target+" are not tied again. Take it back with: tandem links undo "+of+" "+v.Target)
}

// verdictOn finds both ends of a link, so that a slip of the pen is told before
// it is kept.
func (s *setup) verdictOn(ctx context.Context, db *store.Store, of, target string) (work.LinkVerdict, error) {
	connector, id, ok := work.ParseRef(of)
	if !ok {
		return work.LinkVerdict{}, wrong("%q is no feedback; write it as tandem links shows it, such as hotjar:r-71", of)
	}
	v := work.LinkVerdict{Of: work.RefID{Connector: connector, ID: id}}
	found, err := db.FeedbackOf(ctx, []work.RefID{v.Of})
	if err != nil {
		return v, err
	}
	if _, there := found[v.Of]; !there {
		insights, err := db.Insights(ctx)
		if err != nil {
			return v, err
		}
		v.Insight = slices.ContainsFunc(insights, func(in work.Insight) bool { return in.RefID == v.Of })
		if !v.Insight {
			return v, wrong("there is no feedback and no insight %s; tandem links lists feedback without a link", of)
		}
	}
	outcome, snapshot, err := s.evaluate(ctx, db)
	if err != nil {
		return v, err
	}
	d, ok := outcome.FindKey(moved(snapshot.Records, target))
	if !ok {
		return v, wrong("there is no item %q; name it as CONNECTOR:KEY, such as jira:PAY-12", target)
	}
	v.Target = d.Item.Key()
	if connector := connectorIn(target); connector != "" {
		if p, ok := d.Item.Part(connector); ok {
			v.Target = p.String()
		}
	}
	return v, nil
}

func connectorIn(ref string) string {
	connector, _, _ := work.ParseRef(ref)
	return connector
}

// reviewed is a feedback that nothing links, with what it may be about.
type reviewed struct {
	Feedback    work.Feedback       `json:"feedback"`
	Suggestions []engine.Suggestion `json:"suggestions"`
}

// reviewLinks lists feedback without a link, the newest first; those for which
// there is a suggestion come before the others.
func (a *app) reviewLinks(ctx context.Context, s *setup, db *store.Store, limit int) error {
	list, left, err := s.review(ctx, db, limit)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"feedback": list, "left": left})
	}
	p := a.printer()
	if len(list) == 0 {
		p.line("All feedback is linked, or a person said that it is about nothing that is planned.")
		return p.err
	}
	for _, r := range list {
		showVoice(p, &r.Feedback)
		for _, g := range r.Suggestions {
			p.line("    %s  %s  (both say %s)", g.Target, short(g.Title, 60), strings.Join(g.Shared, ", "))
		}
		if len(r.Suggestions) == 0 {
			p.line("    no open item is like it")
		}
	}
	p.line("")
	if left > 0 {
		p.line("%s more without a link; --limit shows more at a time.", thousands(left))
	}
	p.line("Decide with: tandem links accept FEEDBACK REF, or tandem links reject FEEDBACK REF. Suggestions are wrong every second time; nothing counts until you say so.")
	return p.err
}

// showVoice prints who said what, in two lines at most.
func showVoice(p *printer, f *work.Feedback) {
	parts := []string{f.RefID.String(), f.At.Format(time.DateOnly), string(f.Method)}
	if f.Score.Known() {
		parts = append(parts, f.Score.String()+" of "+f.Scale)
	}
	for _, name := range []string{f.Account, f.Person} {
		if name != "" {
			parts = append(parts, name)
		}
	}
	p.line("%s", strings.Join(parts, " · "))
	if f.Text != "" {
		p.line("  “%s”", short(strings.Join(strings.Fields(f.Text), " "), 200))
	}
}

// review reads what has no link, newest first, and finds what it may be about.
func (s *setup) review(ctx context.Context, db *store.Store, limit int) (list []reviewed, left int, err error) {
	outcome, _, err := s.evaluate(ctx, db)
	if err != nil {
		return nil, 0, err
	}
	suggester, err := s.suggester(ctx, db, outcome)
	if err != nil {
		return nil, 0, err
	}
	const slice = 1000
	for after, more := int64(0), true; more; {
		rows, err := db.Unlinked(ctx, after, slice)
		if err != nil {
			return nil, 0, err
		}
		for _, row := range rows {
			after = row.Num
			if row.Text == "" {
				continue // a score without a word is about everything
			}
			list = append(list, reviewed{Feedback: row.Feedback})
		}
		if len(list) > limit { // those that came last are reviewed first
			left += len(list) - limit
			list = slices.Delete(list, 0, len(list)-limit)
		}
		more = len(rows) == slice
	}
	slices.Reverse(list)
	for i := range list {
		list[i].Suggestions = suggester.For(&list[i].Feedback, suggested)
	}
	slices.SortStableFunc(list, func(x, y reviewed) int { return min(len(y.Suggestions), 1) - min(len(x.Suggestions), 1) })
	return list, left, nil
}

// taught is how many of the newest decisions teach the suggestions.
const taught = 10_000

func (s *setup) suggester(ctx context.Context, db *store.Store, outcome *engine.Outcome) (*engine.Suggester, error) {
	decided, err := db.Verdicts(ctx, taught)
	if err != nil {
		return nil, err
	}
	var accepted []work.RefID
	for _, v := range decided {
		if v.Verdict == work.LinkAccepted && !v.Insight {
			accepted = append(accepted, v.Of)
		}
	}
	rows, err := db.FeedbackOf(ctx, accepted)
	if err != nil {
		return nil, err
	}
	texts := make(map[work.RefID]string, len(rows))
	for of, row := range rows {
		texts[of] = row.Text
	}
	return outcome.Suggester(decided, texts), nil
}

// errNoLinks says that a reference is neither an item nor a feedback.
var errNoLinks = errors.New("there is neither an item nor a feedback of that name; write CONNECTOR:KEY, such as jira:PAY-12 or hotjar:r-71")

// showLinks shows what is linked to an item, or what a feedback is linked to.
func (a *app) showLinks(ctx context.Context, s *setup, db *store.Store, ref string) error {
	said, voice, title, err := s.linksOf(ctx, db, ref)
	if err != nil {
		return err
	}
	if a.json {
		object := map[string]any{"ref": ref, "links": said}
		if voice != nil {
			object["feedback"] = voice
		}
		return a.printJSON(object)
	}
	p := a.printer()
	if voice != nil {
		p.whole(voice)
		title = "It"
	} else {
		p.line("%s", title)
	}
	if len(said) == 0 {
		p.line("%s has no link.", title)
		return p.err
	}
	rows := make([][]string, 0, len(said))
	for _, l := range said {
		note := ""
		if l.Standing != evidence.Counts {
			note = "does not count: " + l.Standing.String()
		}
		rows = append(rows, []string{l.Of.String(), l.Target, l.String(), note})
	}
	p.table(rows)
	return p.err
}

// whole prints all that is kept of a feedback.
func (p *printer) whole(f *work.Feedback) {
	head := *f
	head.Text = ""
	showVoice(p, &head)
	if len(f.Answers) == 0 {
		p.line("  “%s”", strings.TrimSpace(f.Text))
	}
	for _, q := range f.Answers {
		said := q.Text
		if q.Score.Present() {
			said = strings.TrimSpace(q.Score.String() + " " + said)
		}
		p.line("  %s: “%s”", cmp.Or(q.Wording, q.Question), strings.TrimSpace(said))
	}
	for _, l := range []struct{ what, text string }{
		{"study", f.Study}, {"tags", strings.Join(f.Tags, ", ")}, {"said at", f.URL}, {"recording", f.RecordingURL},
	} {
		if l.text != "" {
			p.line("  %s: %s", l.what, l.text)
		}
	}
}

// linksOf finds the links of an item or a feedback, and what to call it.
func (s *setup) linksOf(ctx context.Context, db *store.Store, ref string) ([]evidence.Said, *work.Feedback, string, error) {
	connector, id, ok := work.ParseRef(ref)
	if !ok {
		return nil, nil, "", wrong("%w", errNoLinks)
	}
	of := work.RefID{Connector: connector, ID: id}
	rows, err := db.FeedbackOf(ctx, []work.RefID{of})
	if err != nil {
		return nil, nil, "", err
	}
	if row, there := rows[of]; there {
		said, err := db.LinksOf(ctx, of)
		return said, &row, ref, err
	}
	outcome, snapshot, err := s.evaluate(ctx, db)
	if err != nil {
		return nil, nil, "", err
	}
	d, ok := outcome.FindKey(moved(snapshot.Records, ref))
	if !ok {
		return nil, nil, "", wrong("%w", errNoLinks)
	}
	said, err := db.Said(ctx, outcome.Targets(s.rules, d), time.Time{})
	return said, nil, d.Item.Key() + ": " + short(d.Item.Fields.Get(work.Title).Text(), 100), err
}
