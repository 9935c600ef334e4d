package work

import "time"

// Cause says why an edit is held.
type Cause string

// The causes of a hold.
const (
	ChangedByPerson Cause = "changed_by_person" // differs from what Tandem last wrote
	RespectOver     Cause = "respect_over"      // a person changed it, and respect_for is over: what else is planned there may be written
	PredatesTandem  Cause = "predates_tandem"   // stood there before Tandem, and adopt: keeps it
	AmbiguousOwner  Cause = "ambiguous_owner"   // several records in the owner's system disagree
	AmbiguousLabel  Cause = "ambiguous_label"   // two labels stand for different values of the field
	AmbiguousTwin   Cause = "ambiguous_twin"    // joining would give the item two records of one connector
	PeopleDisagree  Cause = "people_disagree"   // people set different values in two places
	LeakGuard       Cause = "leak_guard"        // would show strict data in a looser place
	UnmappedValue   Cause = "unmapped_value"    // the value has no spelling there, or a released one that it is to replace cannot be emptied
	HandsOff        Cause = "hands_off"         // the label tandem/hands-off stands on the record
	ConnectorStale  Cause = "connector_stale"   // the last read of the connector failed
	DeadLetter      Cause = "dead_letter"       // an earlier edit of the item failed for good
	RejectedEdit    Cause = "rejected"          // a person said no to the proposal
	ObjectedTo      Cause = "objection"         // a person objects to what is decided of the item, and nobody answered yet
	Fighting        Cause = "fighting"          // somebody changed it back twice within 7 days
)

// Hold is a value that Tandem would write and does not.
type Hold struct {
	Item   ItemID `json:"item"`
	Target Target `json:"target"`
	Key    string `json:"key"`
	Field  Field  `json:"field"`
	Cause  Cause  `json:"cause"`
	// Have is what stands there, in the source's own spelling where it has one.
	Have Value `json:"have"`
	// Want is what Tandem would write; Unknown where it only plans around it.
	Want  Value     `json:"want"`
	Since time.Time `json:"since"`
	// By is who changed it, by the source's own id, where that is known.
	By     string `json:"by,omitempty"`
	Detail string `json:"detail,omitempty"`
}
