package connectortest

import (
	"net/http"
	"testing"
	"testing/synctest"

	"tandem/connectors"
	"tandem/internal/work"
)

// Suite describes one connector to the contract.
type Suite struct {
	Definition connectors.Definition
	// Open starts a fresh world, the same each time, and connects to it.
	Open func(t *testing.T, lab *Lab) World
	// Decode reads the Definition's example; nil is Settings. A Config whose
	// tags only the strict reader knows brings that reader.
	Decode func(entry string) (kind string, decode func(into any) []work.Problem)
	// SecondWorld leaves out the checks of every status, which take most of
	// the time: they were done with another world of the same connector.
	SecondWorld bool
}

// World is a stand-in with known content and a live connection to it.
type World struct {
	Connector *connectors.Connector
	// IDs are the native ids that each stream yields from the beginning. At
	// least one stream has more than one page.
	IDs map[string][]string
	// Touch lets another hand change one record of a stream; nil where the
	// connector never sees changes.
	Touch func(t *testing.T) (stream string, ref work.Ref)
	// Break makes the source unreadable where there is no transport to fail.
	Break func(t *testing.T)
	// Missing is a ref that nothing has.
	Missing work.Ref
	// Edits are changes that the world allows, that are not done yet, and that
	// can all be done: at least two at one record and one at another.
	Edits []work.Edit
	// Stale are changes that were planned on something else than what stands
	// there: Expect is wrong, and the wish is not fulfilled.
	Stale []work.Edit
	// IsWrite tells writes from reads; nil is by method.
	IsWrite func(*http.Request) bool
}

func (w World) isWrite(r *http.Request) bool {
	if w.IsWrite != nil {
		return w.IsWrite(r)
	}
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}

// Run checks the whole contract.
func (s Suite) Run(t *testing.T) {
	t.Helper()
	t.Run("the definition is complete and its example is valid", s.definition)
	s.bubble(t, "a walk yields every record once and ends", s.walkIsComplete)
	s.bubble(t, "a walk stops when its reader stops", s.walkStops)
	s.bubble(t, "a walk ends when its context ends", s.walkIsCancelled)
	s.bubble(t, "a walk goes on from every cursor and loses nothing", s.walkResumes)
	s.bubble(t, "a walk finds what changed and overlaps", s.walkOverlaps)
	s.bubble(t, "an unknown stream is an error", s.unknownStream)
	s.bubble(t, "reading by id finds what exists and nothing else", s.readByID)
	s.bubble(t, "a census lists every record by its ref", s.census)
	s.bubble(t, "batches keep every edit and the order of each target", s.batches)
	s.bubble(t, "applying twice equals applying once", s.applyTwice)
	s.bubble(t, "a stale edit is a conflict and changes nothing", s.conflict)
	s.bubble(t, "a cancelled write sends nothing", s.cancelledWrite)
	s.bubble(t, "a lost answer is never taken for a refusal", s.lostAnswer)
	s.bubble(t, "a service that is not there loses no edit", s.unreachable)
	s.bubble(t, "a check changes nothing and says what to do", s.check)
	s.bubble(t, "a broken source is an error and never empty", s.broken)
	if s.SecondWorld {
		return
	}
	t.Run("every status of a read has a stated outcome", s.readStatuses)
	t.Run("every status of a write has a stated outcome", s.writeStatuses)
}

// bubble runs one check in a world of its own, where waiting takes no time.
func (s Suite) bubble(t *testing.T, name string, check func(*testing.T, *Lab, World)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		s.inBubble(t, check)
	})
}

func (s Suite) inBubble(t *testing.T, check func(*testing.T, *Lab, World)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		lab := newLab()
		w := s.Open(t, lab)
		check(t, lab, w)
		if w.Connector.Close != nil {
			if err := w.Connector.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		lab.searchForSecrets(t)
	})
}
