package store

import (
	"context"
	"time"

	"tandem/internal/work"
)

const (
	// firstPart is how many rows of feedback are stored at first in one
	// transaction, and leastPart the fewest; each row is joined, linked and added
	// up, which takes some tenths of a millisecond.
	firstPart, leastPart = 100, 50
	// partTime is how long a transaction of such rows is to take: half of what
	// one may.
	partTime = slow / 2
)

// ahead stores rows of feedback ahead of the cursor of their page, in
// transactions so short that others can write between them, and returns what is
// left to be stored together with the cursor. Where that does not come about the
// page is read again: a row that is stored already does nothing then.
func (s *Store) ahead(ctx context.Context, act, connector string, voices []voice, saved *work.Saved) ([]voice, error) {
	part := firstPart
	for len(voices) > part {
		var some work.Saved
		var took time.Duration
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			began := time.Now() // its turn has come
			defer func() { took = time.Since(began) }()
			some = work.Saved{}
			if err := c.fence(ctx, connector); err != nil {
				return err
			}
			return c.putFeedback(ctx, voices[:part], &some)
		})
		if err != nil {
			return nil, err
		}
		saved.Feedback, saved.Same, saved.Older = saved.Feedback+some.Feedback, saved.Same+some.Same, saved.Older+some.Older
		voices = voices[part:]
		part = nextPart(part, took)
	}
	return voices, nil
}

// nextPart is how many rows are stored after so many took so long: what fits into
// the time, and never more than twice as many.
func nextPart(rows int, took time.Duration) int {
	fits := 2 * rows
	if took > 0 {
		fits = int(min(int64(fits), int64(rows)*int64(partTime)/int64(took)))
	}
	return max(fits, leastPart)
}
