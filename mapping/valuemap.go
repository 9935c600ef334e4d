package mapping

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// ValueMap maps shared values to native spellings and back. A nil map is the
// identity.
type ValueMap struct {
	write map[string]string // shared → native
	read  map[string]string // native → shared
}

// compileValues builds a map and reports spellings that two shared values
// claim: reading them back would be a guess.
func compileValues(at work.Pointer, values map[string]Spellings) (*ValueMap, []work.Problem) {
	if len(values) == 0 {
		return nil, nil
	}
	m := &ValueMap{write: map[string]string{}, read: map[string]string{}}
	var problems []work.Problem
	for _, shared := range slices.Sorted(maps.Keys(values)) {
		spellings := values[shared]
		if len(spellings) == 0 {
			problems = append(problems, work.Problem{
				At: at.Key(shared), What: "shared value " + strconv.Quote(shared) + " has no spelling",
				Remedy: "list at least one, the first is written: [" + shared + "]",
			})
			continue
		}
		m.write[shared] = spellings[0]
		for i, native := range spellings {
			if other, taken := m.read[native]; taken {
				problems = append(problems, work.Problem{
					At:     at.Key(shared).Index(i),
					What:   strconv.Quote(native) + " stands for both " + strconv.Quote(other) + " and " + strconv.Quote(shared),
					Remedy: "keep it under one of them: a value must be read back in one way",
				})
				continue
			}
			m.read[native] = shared
		}
	}
	return m, problems
}

// Read returns the shared value of a native one; false when it has none.
func (m *ValueMap) Read(native work.Value) (work.Value, bool) {
	if m == nil || !native.Present() {
		return native, native.Known()
	}
	shared, ok := m.read[native.String()]
	if !ok {
		for spelling, s := range m.read {
			if strings.EqualFold(spelling, native.String()) && m.foldsToOne(native.String()) {
				return work.NewText(s), true
			}
		}
		return work.Value{}, false
	}
	return work.NewText(shared), true
}

// foldsToOne reports whether, ignoring case, one shared value has the spelling.
func (m *ValueMap) foldsToOne(native string) bool {
	found := map[string]bool{}
	for spelling, shared := range m.read {
		if strings.EqualFold(spelling, native) {
			found[shared] = true
		}
	}
	return len(found) == 1
}

// Spell returns the native spelling of a shared value; false when it has none.
func (m *ValueMap) Spell(shared work.Value) (work.Value, bool) {
	if m == nil || !shared.Present() {
		return shared, shared.Known()
	}
	native, ok := m.write[shared.String()]
	return work.NewText(native), ok
}

// Shared returns the shared values, sorted.
func (m *ValueMap) Shared() []string {
	if m == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(m.write))
}
