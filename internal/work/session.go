package work

import "time"

// Session is somebody who signed in to the pages.
type Session struct {
	// Hash is that of the id in the person's cookie. The id itself is kept nowhere.
	Hash string
	// Kind is the way in: oidc, token or once.
	Kind string
	// Name is what the audit says of the person. Email is empty where nobody
	// vouched for one; else it is in small letters.
	Name, Email string
	// Groups are those of the person that the settings named when the session
	// began, sorted, and Rights what followed from them.
	Groups []string
	Rights string
	// Source is a hash, which the id is the key of, of what the rights came from.
	Source string
	// Began is when the person signed in, Seen when the last request came, to a
	// minute. Ended is zero while the session was not ended from outside.
	Began, Seen, Ended time.Time
	// Unsent says that something is kept that the person wanted to send.
	Unsent bool
}
