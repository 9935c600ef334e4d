package httpjson

import "time"

// The limits of a walk.
const (
	defaultMaxMB   = 256
	largestMB      = 4096
	maxParents     = 10000
	maxPages       = 100000
	pageRows       = 500
	maxSums        = 200000
	requestTimeout = time.Minute
	tokenTimeout   = 15 * time.Second
	// clockSlack is how far our clock may be ahead of a service's before its
	// own counts.
	clockSlack = 30 * time.Second
)
