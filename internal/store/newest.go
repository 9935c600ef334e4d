package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"sync"

	"tandem/internal/engine"
	"tandem/internal/plan"
)

// Newest returns the newest run without its plan, and what the plan goes by: of
// two runs with the same one the plans are equal. False when there is none.
func (s *Store) Newest(ctx context.Context) (run engine.Run, planHash string, ok bool, err error) {
	var asOf, at int64
	var late string
	err = s.reader.QueryRowContext(ctx, "SELECT num, data_seq, as_of, rules_hash, config_hash, plan_hash, items, twins, at, coalesce(late, '[]') FROM run ORDER BY num DESC LIMIT 1").
		Scan(&run.Seq, &run.DataSeq, &asOf, &run.RulesHash, &run.ConfigHash, &planHash, &run.Items, &run.Twins, &at, &late)
	if errors.Is(err, sql.ErrNoRows) {
		return run, "", false, nil
	}
	if err != nil {
		return run, "", false, s.fault("read the last run", err)
	}
	run.AsOf, run.At = timeOf(asOf), timeOf(at)
	if err := json.Unmarshal([]byte(late), &run.Late); err != nil {
		return run, "", false, damaged("run", err)
	}
	return run, planHash, true, nil
}

// PlanGates counts the edits of a kept plan by their gates. A large plan says
// so on its first line; one that was stored before it did is read as a whole,
// once.
func (s *Store) PlanGates(ctx context.Context, planHash string) (map[plan.Gate]int, error) {
	body, err := s.planText(ctx, "CASE WHEN body LIKE 'packed %' THEN substr(body, 1, ?2) ELSE body END", planHash, coverMost)
	if err != nil || body == "" {
		return nil, err
	}
	c, large := coverOf(body)
	if large && (c.Gates != nil || c.Edits == 0) {
		return c.Gates, nil
	}
	s.counted.Lock()
	defer s.counted.Unlock()
	if s.counted.hash == planHash {
		return maps.Clone(s.counted.gates), nil
	}
	if large {
		if body, err = s.planText(ctx, "body", planHash); err != nil {
			return nil, err
		}
	}
	p, err := unpacked(body)
	if err != nil {
		return nil, damaged("plan", err)
	}
	s.counted.hash, s.counted.gates = planHash, gatesOf(&p)
	return maps.Clone(s.counted.gates), nil
}

// planText reads something of the text of a plan; nothing where it is forgotten.
func (s *Store) planText(ctx context.Context, what, planHash string, more ...any) (string, error) {
	var body string
	err := s.reader.QueryRowContext(ctx, "SELECT "+what+" FROM plan_text WHERE hash = ?1", append([]any{planHash}, more...)...).Scan(&body)
	return body, s.fault("count the edits of a plan", ignoreNone(err))
}

// counted is what was counted last of a plan that does not say it.
type counted struct {
	sync.Mutex

	hash  string
	gates map[plan.Gate]int
}

func gatesOf(p *plan.Plan) map[plan.Gate]int {
	gates := map[plan.Gate]int{}
	for i := range p.Edits {
		gates[p.Edits[i].Gate]++
	}
	return gates
}
