package work

import "time"

// Fresh reports whether what was learned at a moment is believed now: less than
// span has passed by the clock on the wall and, where both moments have it, by
// the monotonic one. Neither is enough alone: a clock that is set back makes
// what was learned look as if it came from the future, and the monotonic clock
// of Linux stands still while a machine sleeps (time.Time.Round, clock_gettime(2)).
func Fresh(at, now time.Time, span time.Duration) bool {
	within := func(age time.Duration) bool { return 0 <= age && age < span }
	return within(now.Sub(at)) && within(now.Round(0).Sub(at.Round(0)))
}
