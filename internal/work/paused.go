package work

import "errors"

// ErrPaused is why no edit begins: a person stopped all writing.
var ErrPaused = errors.New("writing is paused")
