package plan

import (
	"maps"
	"slices"

	"tandem/internal/work"
)

// Unread returns the connectors, sorted, of which a stream was never read to
// its end. Until then nobody knows which records have a twin there, and whose
// answer counts, so that nothing is written anywhere. A stream with an empty
// name stands for all of its connector: a person let them count as read.
func Unread(awaited, whole []work.StreamName) []string {
	read := make(map[work.StreamName]bool, len(whole))
	for _, s := range whole {
		read[s] = true
	}
	missing := map[string]bool{}
	for _, s := range awaited {
		if !read[s] && !read[work.StreamName{Connector: s.Connector}] {
			missing[s.Connector] = true
		}
	}
	return slices.Sorted(maps.Keys(missing))
}

// waitFor notes of which connectors the first read is waited for. What is
// already right is remembered only after it: as long as a twin may be missing,
// nobody can tell what is right.
func (p *Plan) waitFor(unread []string) {
	if p.FirstRead = unread; len(unread) > 0 {
		p.Adopted = nil
	}
}
