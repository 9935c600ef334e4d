package store

import (
	"context"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

const saidColumns = "f.connector, f.id, l.cause, l.detail, l.mute, l.target, l.account, l.person, l.method, l.kind, l.day, l.count, l.score_count, l.score_sum, l.promoters, l.detractors, l.value, l.audience, l.segment"

func saidOf(ctx context.Context, q queryer, where string, args ...any) ([]evidence.Said, error) {
	names, err := aliasesOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var list []evidence.Said
	err = each(ctx, q, "SELECT "+saidColumns+" FROM feedback_link l JOIN feedback f ON f.num = l.feedback WHERE "+where+" ORDER BY f.num, l.target", args,
		func(scan func(...any) error) error {
			var s evidence.Said
			d, err := scanDay(func(day ...any) error {
				return scan(append([]any{&s.Of.Connector, &s.Of.ID, &s.Cause, &s.Detail, &s.Standing}, day...)...)
			})
			s.Day, s.Target = d, d.Target
			if name, ok := names[partyKey{evidence.AccountParty, d.Account}]; ok {
				s.Day.Account = name
			}
			if name, ok := names[partyKey{evidence.PersonParty, d.Person}]; ok {
				s.Day.Person = name
			}
			list = append(list, s)
			return err
		})
	return list, err
}

// Said returns the links of feedback to some targets, whatever they count for.
// Rows that came after a moment are left out, where it is not zero.
func (s *Store) Said(ctx context.Context, targets []string, until time.Time) ([]evidence.Said, error) {
	list, err := encode(append([]string{}, targets...))
	if err != nil {
		return nil, err
	}
	where, args := "l.target "+inList, []any{list}
	if !until.IsZero() {
		where, args = where+" AND f.stored <= ?", append(args, until.UnixMicro())
	}
	said, err := saidOf(ctx, s.reader, where, args...)
	return said, s.fault("read what was said", err)
}

// LinksOf returns the links of one feedback, whatever they count for.
func (s *Store) LinksOf(ctx context.Context, of work.RefID) ([]evidence.Said, error) {
	said, err := saidOf(ctx, s.reader, "f.connector = ? AND f.id = ?", of.Connector, of.ID)
	return said, s.fault("read the links of "+of.String(), err)
}

// FeedbackOf returns the rows that are stored of some; withdrawn ones are not.
func (s *Store) FeedbackOf(ctx context.Context, refs []work.RefID) (map[work.RefID]work.Feedback, error) {
	found := make(map[work.RefID]work.Feedback, len(refs))
	err := byConnector(refs, func(connector, ids string) error {
		rows, err := spokenOf(ctx, s.reader, "connector = ? AND gone = 0 AND id "+inList, connector, ids)
		for i := range rows {
			found[rows[i].row.RefID] = rows[i].row
		}
		return err
	})
	return found, s.fault("read feedback", err)
}

// Numbered is a stored feedback with its number, by which a reader goes on.
type Numbered struct {
	Num int64
	work.Feedback
}

// Unlinked returns the next feedback behind a number that is linked to nothing,
// oldest first: neither a rule nor a person tied it. What a person only said no
// to is among it; what a person set aside is not.
func (s *Store) Unlinked(ctx context.Context, after int64, limit int) ([]Numbered, error) {
	rows, err := spokenOf(ctx, s.reader, `num > ? AND gone = 0 AND NOT EXISTS (SELECT 1 FROM feedback_link l WHERE l.feedback = feedback.num AND l.mute <> 2)
		AND `+notAside+` ORDER BY num LIMIT ?`, after, limit)
	list := make([]Numbered, 0, len(rows))
	for i := range rows {
		list = append(list, Numbered{rows[i].num, rows[i].row})
	}
	return list, s.fault("list feedback without a link", err)
}

// UnlinkedBefore is the same the other way: the feedback before a number that is
// linked to nothing, the newest first; before 0 is the newest of all.
func (s *Store) UnlinkedBefore(ctx context.Context, before int64, limit int) ([]Numbered, error) {
	rows, err := spokenOf(ctx, s.reader, `(num < ? OR ? = 0) AND gone = 0 AND NOT EXISTS (SELECT 1 FROM feedback_link l WHERE l.feedback = feedback.num AND l.mute <> 2)
		AND `+notAside+` ORDER BY num DESC LIMIT ?`, before, before, limit)
	list := make([]Numbered, 0, len(rows))
	for i := range rows {
		list = append(list, Numbered{rows[i].num, rows[i].row})
	}
	return list, s.fault("list feedback without a link", err)
}

// Heard is the feedback in short. Nobody asked yet why it would be linked.
func (n *Numbered) Heard() work.Heard {
	h := heardOf(&n.Feedback, evidence.Voice{})
	h.Because = ""
	return h
}

// About is an insight with what ties it to a target or a goal.
type About struct {
	work.Insight
	evidence.Link
}

// InsightsOn returns the insights on some targets or on a goal, each once, the
// newest first. Those that came after a moment are left out, where it is not
// zero.
func (s *Store) InsightsOn(ctx context.Context, targets []string, goal string, until time.Time) ([]About, error) {
	const act = "read insights"
	list, err := encode(append([]string{}, targets...))
	if err != nil {
		return nil, err
	}
	if goal == "" {
		goal = "\x01" // no goal has that name
	}
	before := int64(1<<63 - 1)
	if !until.IsZero() {
		before = until.UnixMicro()
	}
	var all []About
	seen := map[work.RefID]bool{}
	err = each(ctx, s.reader, `SELECT l.connector, l.id, l.target, l.cause, l.detail FROM insight_link l JOIN insight i ON i.connector = l.connector AND i.id = l.id
		WHERE l.mute = 0 AND i.stored <= ? AND (l.target `+inList+` OR l.goal = ?) ORDER BY l.day DESC, l.connector, l.id, l.target DESC`, []any{before, list, goal},
		func(scan func(...any) error) error {
			var a About
			err := scan(&a.Connector, &a.ID, &a.Target, &a.Cause, &a.Detail)
			if !seen[a.RefID] {
				all = append(all, a)
			}
			seen[a.RefID] = true
			return err
		})
	if err != nil {
		return nil, s.fault(act, err)
	}
	for i := range all {
		rows, err := insightsOf(ctx, s.reader, "connector = ? AND id = ?", all[i].Connector, all[i].ID)
		if err != nil || len(rows) == 0 {
			return nil, s.fault(act, err)
		}
		all[i].Insight = rows[0]
	}
	return all, nil
}
