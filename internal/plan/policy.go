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
	Holds map[HoldKey]time.Time
	// Released targets: a person ended the hold; the next plan overrules once.
	Released map[SlotRef]bool
	// Rejected are proposals that a person said no to, those that still count.
	Rejected map[SlotRef][]Rejection
	// Attempts are the writes of the last 7 days at targets that were written
	// more than once, oldest first.
	Attempts map[work.Target][]Attempt
	// Undone are writes that a person took back.
	Undone map[SlotRef][]Undone
	// Blocked items have an edit that failed for good.
	Blocked map[work.ItemID]string
	// Stale connectors could not be read.
	Stale map[string]bool
	Adopt Adopt
	AsOf  time.Time
}

// SlotRef names a field at a record: what `tandem release` takes.
type SlotRef struct {
	Ref   work.RefID `json:"ref"`
	Field work.Field `json:"field"`
}

// HoldKey tells whether a hold is the same as yesterday's.
type HoldKey struct {
	Slot  SlotRef
	Cause work.Cause
}
