package plan

import (
	"strconv"
	"time"

	"tandem/internal/work"
)

// AdoptSpec is adopt: in a rule file: what happens to values that stood there
// before Tandem.
type AdoptSpec struct {
	// SetByPerson is keep (default) or replace.
	SetByPerson string `yaml:"set_by_person"`
	// UntouchedDefault is keep or replace (default): for values that the
	// service sets when nobody chose, as default: of a target lists them.
	UntouchedDefault string   `yaml:"untouched_default"`
	Ramp             RampSpec `yaml:"ramp"`
}

// RampSpec limits first contact: at most so many edits of records that Tandem
// never touched.
type RampSpec struct {
	Edits int    `yaml:"edits"`
	Per   string `yaml:"per"` // day
}

// Adopt is a compiled AdoptSpec.
type Adopt struct {
	ReplacePersons  bool
	ReplaceDefaults bool
	Ramp            int // edits per day; 0 is no ramp
}

// CompileAdopt checks the words of an AdoptSpec.
func CompileAdopt(at work.Pointer, spec AdoptSpec) (Adopt, []work.Problem) {
	var problems []work.Problem
	word := func(key, have string, otherwise bool) bool {
		switch have {
		case "":
			return otherwise
		case "keep", "replace":
			return have == "replace"
		default:
			problems = append(problems, work.Problem{At: at.Key(key), What: strconv.Quote(have) + " is no policy", Remedy: "write keep or replace"})
			return false
		}
	}
	a := Adopt{
		ReplacePersons:  word("set_by_person", spec.SetByPerson, false),
		ReplaceDefaults: word("untouched_default", spec.UntouchedDefault, true),
		Ramp:            spec.Ramp.Edits,
	}
	if spec.Ramp.Edits < 0 {
		problems = append(problems, work.Problem{At: at.Key("ramp").Key("edits"), What: "a ramp cannot be negative", Remedy: "write a number of edits, or leave ramp out"})
	}
	if spec.Ramp.Edits > 0 && spec.Ramp.Per != "" && spec.Ramp.Per != "day" {
		problems = append(problems, work.Problem{At: at.Key("ramp").Key("per"), What: strconv.Quote(spec.Ramp.Per) + " is no period", Remedy: "write per: day"})
	}
	return a, problems
}

// State is what earlier runs and people left behind that bears on decisions.
type State struct {
	Ledger *Ledger
	// Holds of the last run, for their age.
	Holds map[HoldKey]Held
	// Fresh are those that changed since Holds was made; nil for one that ended.
	Fresh map[HoldKey]*Held
	// Released targets: a person ended the hold; the next plan overrules once.
	Released map[SlotRef]Release
	// Rejected are proposals that a person said no to, those that still count.
	Rejected map[SlotRef][]Rejection
	// Attempts are the writes of the last 7 days at targets that were written
	// more than once, oldest first.
	Attempts map[work.Target][]Attempt
	// Undone are writes that a person took back.
	Undone map[SlotRef][]Undone
	// Displaced are changes of people that Tandem wrote over.
	Displaced map[work.Target]Displaced
	// Blocked items have an edit that failed for good.
	Blocked map[work.ItemID]string
	// Stale connectors could not be read.
	Stale map[string]bool
	Adopt Adopt
	AsOf  time.Time
}

// anyStale reports whether the last read of any connector failed.
func (s *State) anyStale() bool {
	for _, stale := range s.Stale {
		if stale {
			return true
		}
	}
	return false
}

// SlotRef names a field at a record: what `tandem release` takes.
type SlotRef struct {
	Ref   work.RefID `json:"ref"`
	Field work.Field `json:"field"`
}

// Release is a person's word that Tandem may write over what stands there. It
// is about the value that the person saw, and no other.
type Release struct {
	Slot SlotRef `json:"slot"`
	// Have is what was held; the zero Value where nothing was.
	Have work.Value `json:"have,omitzero"`
}

// ReleaseOf is the release of a hold. Where a place in a backlog is held, it is of
// whatever that person did there so far.
func ReleaseOf(h *work.Hold) Release {
	r := Release{Slot: SlotRef{Ref: h.Target.RefID, Field: h.Field}}
	if h.Field != work.Rank {
		r.Have = h.Have
	}
	return r
}

// Releases finds releases by their places. It is nil where there are none.
func Releases(all []Release) map[SlotRef]Release {
	if len(all) == 0 {
		return nil
	}
	at := make(map[SlotRef]Release, len(all))
	for _, r := range all {
		at[r.Slot] = r
	}
	return at
}

// released reports whether a person let Tandem write over what the spot shows:
// what somebody set after that word is held anew.
func (s *State) released(spot *Spot) bool {
	r, found := s.Released[spot.slotRef()]
	return found && (!r.Have.Known() || same(r.Have, spot.have()))
}

// Held is a hold of the last run: since which day, and of what.
type Held struct {
	Since time.Time
	Have  work.Value
}

// since returns since when the spot is held. Where somebody set another value
// since, or the same after Tandem had replaced it, it begins anew; also where they
// set another one and came back to it, by what the source tells.
func (s *State) since(spot *Spot, cause work.Cause) (time.Time, bool) {
	if !byPerson(cause) {
		h, held := s.Held(HoldKey{spot.slotRef(), cause})
		return h.Since, held
	}
	h, held := s.changedSince(spot)
	another := h.Have.Known() && !same(h.Have, spot.have())
	nextDay := h.Since.AddDate(0, 0, 1)
	replaced := !spot.Last.At.Before(nextDay)
	cameBack := spot.Slot.Axis() == nil && !spot.Touched.Before(nextDay)
	if held && (another || replaced || cameBack) {
		return time.Time{}, false
	}
	return h.Since, held
}

// changedSince is the last run's hold of a person's change, also of one that may be
// replaced by now.
func (s *State) changedSince(spot *Spot) (Held, bool) {
	h, held := s.Held(HoldKey{spot.slotRef(), work.ChangedByPerson})
	if !held {
		h, held = s.Held(HoldKey{spot.slotRef(), work.RespectOver})
	}
	return h, held
}

// HoldKey tells whether a hold is the same as yesterday's.
type HoldKey struct {
	Slot  SlotRef
	Cause work.Cause
}
