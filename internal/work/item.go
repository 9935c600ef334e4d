package work

// ItemID is Tandem's own, stored id of one piece of work.
type ItemID string

// Part is one record of an item, as it was read.
type Part struct{ *Record }

// Item is one piece of work, seen in one or more places.
type Item struct {
	ID ItemID
	// Parts are its records, sorted by RefID; the first in time is Birth.
	Parts []Part
	// Birth is the part that was created first.
	Birth RefID
	// Team owns the places of the item; empty where no team does.
	Team string
	// Fields are the effective shared values.
	Fields Fields
	// Audience is the strictest of its parts.
	Audience Audience
}

// Done reports whether the item is finished.
func (i *Item) Done() bool { return i.Fields.Get(Status) == NewText("done") }

// Part returns the part of the connector.
func (i *Item) Part(connector string) (Part, bool) {
	for _, p := range i.Parts {
		if p.Connector == connector {
			return p, true
		}
	}
	return Part{}, false
}

// Key returns the key of the birth part, for messages.
func (i *Item) Key() string {
	for _, p := range i.Parts {
		if p.RefID == i.Birth {
			return p.String()
		}
	}
	return string(i.ID)
}
