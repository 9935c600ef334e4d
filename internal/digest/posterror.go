package digest

import "time"

// PostError is why a digest was not sent, or why nobody knows. Its texts hold no
// address, no secret and nothing of what a service said but its code.
type PostError struct {
	What, Remedy string
	// Again says that it did not arrive for sure and may next time. After is how
	// long the service asks to wait; 0 is "not said".
	Again bool
	After time.Duration
	// Unclear says that it may have arrived.
	Unclear bool
}

// Error returns the failure in one line.
func (f *PostError) Error() string {
	if f.Remedy == "" {
		return f.What
	}
	return f.What + "; " + f.Remedy
}
