package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// chorus collects what a transaction does to feedback beyond its rows: links
// and aggregates, the keys of persons and accounts, and who says the same.
type chorus struct {
	*change

	join     joining
	tally    *tally
	parties  map[partyKey]use
	bonds    map[bondKey]int64
	anew     map[partyKey]bool // whose names are found anew in any case
	touched  map[int64]bool    // rows whose like are looked for; true: it is new
	verdicts map[work.RefID][]work.LinkVerdict
	answers  map[answerKey]answered
}

func (c *change) newChorus(ctx context.Context) (*chorus, error) {
	join, err := joiningOf(ctx, c)
	return &chorus{
		change: c, join: join, tally: newTally(), parties: map[partyKey]use{}, bonds: map[bondKey]int64{},
		anew: map[partyKey]bool{}, touched: map[int64]bool{}, verdicts: map[work.RefID][]work.LinkVerdict{},
		answers: map[answerKey]answered{},
	}, err
}

// settle brings everything that hangs together in line, and the aggregates.
func (ch *chorus) settle(ctx context.Context) error {
	if err := ch.settleParties(ctx); err != nil {
		return err
	}
	if err := ch.settleEchoes(ctx); err != nil {
		return err
	}
	if err := ch.settleAnswers(ctx); err != nil {
		return err
	}
	return ch.settleTally(ctx, ch.tally)
}

// retract takes back what a stored row did: its links, its keys, and its part
// in who says the same.
func (ch *chorus) retract(ctx context.Context, num int64) error {
	if err := ch.touchNear(ctx, []int64{num}); err != nil {
		return err
	}
	rows, err := spokenOf(ctx, ch, "num = ?", num)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("the row is gone")
	}
	as := ch.join.as(num, &rows[0].row)
	ch.uses(&as, -1)
	ch.tell(&rows[0].row, -1)
	return ch.unlink(ctx, num)
}

// touchNear notes the rows that say the same as some do.
func (ch *chorus) touchNear(ctx context.Context, nums []int64) error {
	near, err := ch.near(ctx, nums)
	for _, pair := range near {
		ch.touch(pair[0])
		ch.touch(pair[1])
	}
	return err
}

// touch notes a row whose like are looked for. A new one stays new.
func (ch *chorus) touch(num int64) {
	if !ch.touched[num] {
		ch.touched[num] = false
	}
}

// unlink removes the links of a row.
func (ch *chorus) unlink(ctx context.Context, num int64) error {
	linked := false
	err := each(ctx, ch, "SELECT "+dayColumns+" FROM feedback_link WHERE feedback = ?", []any{num}, func(scan func(...any) error) error {
		d, err := scanDay(scan)
		ch.tally.anew[d.Key], linked = true, true
		return err
	})
	if err != nil || !linked {
		return err
	}
	return ch.put(ctx, "DELETE FROM feedback_link WHERE feedback = ?", num)
}

// What a link counts for.
const (
	counts   = 0
	echoes   = 1 // an older row says the same
	rejected = 2 // a person said no
)

// link stores the links of a row that has none: those of rules, and what people
// decided. The row is as aggregates count it.
func (ch *chorus) link(ctx context.Context, num int64, row *work.Feedback, links []evidence.Link) error {
	ties, err := ch.decided(ctx, row.RefID, links)
	if err != nil {
		return err
	}
	for i, l := range ties {
		if slices.ContainsFunc(ties[:i], func(o tie) bool { return o.Target == l.Target }) {
			continue // one feedback counts once for one target
		}
		d := evidence.DayOf(row, l.Link)
		args, err := dayArgs(d)
		if err != nil {
			return err
		}
		args = append([]any{num, string(l.Cause), l.Detail, l.mute}, args...)
		err = ch.put(ctx, "INSERT INTO feedback_link (feedback, cause, detail, mute, "+dayColumns+
			") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", args...)
		if err != nil {
			return err
		}
		if l.mute == counts {
			ch.tally.add(d)
		}
	}
	return nil
}

// joining is how rows are joined: those up to a number as the rules say since
// they changed, the others as before.
type joining struct {
	Done  *evidence.Join `json:"done,omitempty"`
	Next  *evidence.Join `json:"next,omitempty"`
	After int64          `json:"after,omitempty"`
}

const joinMeta = "join"

// joiningOf reads it. Rows of a store that was made before there were keys are
// not joined at all until Rejoin comes by.
func joiningOf(ctx context.Context, q rower) (joining, error) {
	var j joining
	text, err := metaOf(ctx, q, joinMeta)
	if err != nil || text == "" {
		return j, err
	}
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return j, damaged("how persons are joined", err)
	}
	if j.Done == nil && j.Next == nil {
		usual := evidence.DefaultJoin()
		j.Done = &usual
	}
	return j, nil
}

func (c *change) setJoining(ctx context.Context, j joining) error {
	text, err := encode(j)
	if err != nil {
		return err
	}
	return c.setMeta(ctx, joinMeta, text)
}

// rules are those by which names are found.
func (j joining) rules() evidence.Join {
	switch {
	case j.Next != nil:
		return *j.Next
	case j.Done != nil:
		return *j.Done
	default:
		return evidence.DefaultJoin()
	}
}

// joined is a row as aggregates count it, with the keys of who spoke.
type joined struct {
	row            work.Feedback
	keys           map[evidence.Party][]string
	speaker, print string
}

func (j joining) as(num int64, row *work.Feedback) joined {
	rules := j.Done
	if j.Next != nil && num <= j.After {
		rules = j.Next
	}
	if rules == nil {
		return joined{row: *row}
	}
	as, persons, accounts := rules.As(row)
	said := joined{row: as, keys: map[evidence.Party][]string{evidence.PersonParty: persons, evidence.AccountParty: accounts}}
	if said.speaker = evidence.Speaker(&as); said.speaker != "" {
		said.print = evidence.Print(row)
	}
	return said
}
