package store

import (
	"context"
	"strings"
)

// Found counts what a search looked through, and where it found something.
type Found struct {
	// Columns is how many columns of text were searched.
	Columns int
	// Rows counts rows by "table.column".
	Rows map[string]int
}

// Search looks for names in every column of text of every table, whatever is
// around them. Case does not matter.
func (s *Store) Search(ctx context.Context, names []string) (Found, error) {
	const act = "search the store"
	f := Found{Rows: map[string]int{}}
	var columns [][2]string
	err := each(ctx, s.reader, s.base.texts, nil, func(scan func(...any) error) error {
		var at [2]string
		err := scan(&at[0], &at[1])
		columns = append(columns, at)
		return err
	})
	if err != nil {
		return f, s.fault(act, err)
	}
	for _, at := range columns {
		f.Columns++
		for _, name := range names {
			var n int
			query := `SELECT count(*) FROM "` + at[0] + `" WHERE lower(CAST("` + at[1] + `" AS text)) LIKE ? ESCAPE '\'`
			if err := s.reader.QueryRowContext(ctx, query, "%"+literal(strings.ToLower(name))+"%").Scan(&n); err != nil {
				return f, s.fault(act, err)
			}
			if n > 0 {
				f.Rows[at[0]+"."+at[1]] += n
			}
		}
	}
	return f, nil
}

// literal takes the meaning out of what LIKE reads as a pattern.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}
