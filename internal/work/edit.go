package work

import (
	"cmp"
	"time"
)

// Target is the place of one value in a service and the key of the ledger
// (design §2). It names the record, never the item, so that a split or a merge
// loses nothing.
type Target struct {
	RefID
	// Path is the native field: "priority", "labels", "customfield_10026".
	Path string `json:"path"`
	// Element is the label for Path "labels", and the element of another list
	// such as fix versions; empty for single values.
	Element string `json:"element,omitempty"`
}

// InList reports whether the target is a label or an element of another list:
// one that is added and removed, whatever stands beside it.
func (t Target) InList() bool {
	return t.Path == NativeLabels || t.Element != "" && t.Path != NativeRank && t.Path != NativeRemoteLink
}

// Compare orders by record, path, element.
func (t Target) Compare(o Target) int {
	return cmp.Or(t.RefID.Compare(o.RefID), cmp.Compare(t.Path, o.Path), cmp.Compare(t.Element, o.Element))
}

// Verb is one of the closed list of things that Tandem may do to a service.
type Verb string

// The verbs of this version. A connector's Sink says which it can do.
const (
	SetField   Verb = "set_field"
	ClearField Verb = "clear_field"
	// AddLabel and RemoveLabel change a list by one of its elements: labels, and
	// fix versions where they stand for the values of a field.
	AddLabel    Verb = "add_label"
	RemoveLabel Verb = "remove_label"
	// MoveInBacklog puts a record directly behind or before another one. The
	// target's Element is the Scope of the Order, Value names the Anchor and
	// Expect is the Order's fingerprint. Moves of one scope are made one after
	// the other, as the plan lists them.
	MoveInBacklog Verb = "move_in_backlog"
	// PutLink writes a link to the twin. The target's Element is the link's own
	// id, which makes repeating it harmless; Value is the address.
	PutLink Verb = "put_link"
)

// Edit is one change of one value at one record.
type Edit struct {
	// ID is the same for the same change of the same state: a repeated plan
	// names the same edits.
	ID     string `json:"id"`
	Target Target `json:"target"`
	Key    string `json:"key"`   // of the record, for people and for addressing
	Place  string `json:"place"` // project or repository
	Verb   Verb   `json:"verb"`
	Value  Value  `json:"value"` // what to write, in the source's own spelling
	// Expect is what the record showed when the edit was planned.
	Expect Value `json:"expect"`
	// Unless lists labels of the same field, for AddLabel, and for a RemoveLabel in
	// whose place none comes, that did not stand there when the edit was planned.
	// Where one does now, somebody chose another value meanwhile: the connector
	// answers Conflict (promise S1).
	Unless Value `json:"unless,omitzero"`
	// While lists labels of the same field, for AddLabel, that stood there when
	// the edit was planned and are to go. Where one is gone already, somebody
	// changed the field meanwhile: the connector answers Conflict. For RemoveLabel
	// they are those that take its place: where it is gone already and one of them
	// does not stand, somebody emptied the field, and that is a Conflict too.
	While Value `json:"while,omitzero"`
	// Keeps lists labels of the same field, for RemoveLabel, that stood there too
	// and stay: somebody let Tandem choose among several. Where one is gone, somebody
	// changed the field meanwhile: the connector answers Conflict. Once the other is
	// off, they stand there by Tandem's choice (promise S8), or by that of whoever
	// undid the other.
	Keeps Value  `json:"keeps,omitzero"`
	Item  ItemID `json:"item"`
	Team  string `json:"team,omitempty"`
	Field Field  `json:"field"`
	// Because says in one line why.
	Because string `json:"because"`
	// Word is the number of the override that wants it so; 0 where Tandem does.
	Word int64 `json:"word,omitempty"`
	// Audience is who could read the place when the edit was planned. Where Tells
	// says so, a connector that finds it open to more people right before the write
	// answers Conflict (promise S7).
	Audience Audience `json:"audience,omitempty"`
	// From is where the record of a move stood, as the Value of an Anchor.
	From Value `json:"from,omitzero"`
	// Errand is set where a person ordered the very change, and By who did; or
	// where a person's change is given back, and By whose it is.
	Errand Errand `json:"errand,omitempty"`
	By     string `json:"by,omitempty"`
}

// Tells reports whether the edit may tell the readers of its place something
// (promise S7). One that a person ordered and that only takes away tells nothing,
// and goes out whoever reads there; nor does one of which nobody knows for whom it
// was planned.
func (e Edit) Tells() bool {
	ordered, takes := e.Errand == Undo || e.Errand == Retire, e.Verb == RemoveLabel || e.Verb == ClearField
	return e.Audience != UnknownAudience && (!ordered || !takes)
}

// Errand is why Tandem writes what no rule asks for.
type Errand string

// The errands.
const (
	// Undo puts back what stood there. The value counts as a person's from then
	// on: Tandem does not write its own over it again.
	Undo Errand = "undo"
	// Retire removes a trace for good.
	Retire Errand = "retire"
	// GiveBack puts a person's change back that Tandem wrote over, since it came
	// between the look and the write. The value counts as that person's.
	GiveBack Errand = "give_back"
)

// Ref returns the record that the edit changes.
func (e Edit) Ref() Ref { return Ref{RefID: e.Target.RefID, Key: e.Key} }

// ResultState is what became of an edit.
type ResultState string

// The results that a Sink reports, one for each edit.
const (
	Applied   ResultState = "applied"
	Unchanged ResultState = "unchanged" // it already was so
	Conflict  ResultState = "conflict"  // the record is not as expected
	Rejected  ResultState = "rejected"  // the service refuses; trying again is useless
	Uncertain ResultState = "unknown"   // it may have arrived; read before anything else
	Deferred  ResultState = "deferred"  // not sent; try again after Until
)

// Result is the outcome of one edit.
type Result struct {
	EditID string      `json:"edit_id"`
	State  ResultState `json:"state"`
	Until  time.Time   `json:"until,omitzero"`
	// Scope tells what is deferred: "issue", "connector".
	Scope  string `json:"scope,omitempty"`
	Detail string `json:"detail,omitempty"` // cause and remedy, without secrets
}
