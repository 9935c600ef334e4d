package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// attemptsOf returns the writes since a moment at targets that were written
// more than once, oldest first, each with who had put there what it found. A
// backlog knows moves by people in its own way.
func attemptsOf(ctx context.Context, q queryer, since int64) ([]plan.Attempt, error) {
	var all []plan.Attempt
	err := each(ctx, q, `WITH again AS (SELECT connector, id, path, element FROM journal
			WHERE begun > ?1 AND state = 'applied' AND path <> 'rank' GROUP BY connector, id, path, element HAVING count(*) > 1)
		SELECT j.body, j.begun, json_extract(v.body, '$.touched')
		FROM again a JOIN journal j ON j.connector = a.connector AND j.id = a.id AND j.path = a.path AND j.element = a.element
			LEFT JOIN record_version v ON v.seq = j.saw
		WHERE j.begun > ?1 AND j.state = 'applied' ORDER BY j.num`, []any{since}, func(scan func(...any) error) error {
		var body string
		var begun int64
		var touched sql.NullString
		if err := scan(&body, &begun, &touched); err != nil {
			return err
		}
		var e work.Edit
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return damaged("journal", err)
		}
		last := map[string]work.Touch{}
		if touched.Valid {
			if err := json.Unmarshal([]byte(touched.String), &last); err != nil {
				return damaged("record "+e.Ref().String(), err)
			}
		}
		all = append(all, plan.Attempt{Target: e.Target, Value: e.Value, Expect: e.Expect, By: last[e.Target.Path].By, At: timeOf(begun)})
		return nil
	})
	return all, err
}
