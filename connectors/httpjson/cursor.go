package httpjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"tandem/connectors"
)

// cursor is where a stream stands. It is whole behind every page: a walk that
// was cut goes on from there.
type cursor struct {
	Meaning string `json:"meaning"`
	// Swept is when everything was read last.
	Swept time.Time `json:"swept,omitzero"`
	// Marks tell how far was read, by parent; "" is the stream without parents.
	Marks map[string]mark `json:"marks,omitempty"`
	// Walk is one that is not at its end.
	Walk *walkState `json:"walk,omitempty"`
}

// mark is how far one parent was read.
type mark struct {
	At time.Time `json:"at,omitzero"`
	// Token is the cursor of the service that was kept.
	Token string `json:"token,omitempty"`
	// Print is what the parent read at for_each.changed.
	Print string `json:"print,omitempty"`
}

// walkState is a walk on its way.
type walkState struct {
	Began time.Time `json:"began"`
	// Whole: everything is read again.
	Whole bool `json:"whole,omitempty"`
	// Done is the last parent that was read to its end; they go by id.
	Done string `json:"done,omitempty"`
	// Parent is the one in work, and Part how far it is.
	Parent string `json:"parent,omitempty"`
	Part   *part  `json:"part,omitempty"`
}

// part is the walk through one parent.
type part struct {
	// From is the beginning of the window in work, Until the end of the last.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Since is where the first window began.
	Since time.Time `json:"since,omitzero"`
	// High is the newest time of any record so far.
	High time.Time `json:"high,omitzero"`
	// Now is our clock or the service's, whichever is behind.
	Now   time.Time `json:"now,omitzero"`
	Place place     `json:"place,omitzero"`
}

// place is where the paging of a window stands. The zero value is its start.
type place struct {
	Token  string `json:"token,omitempty"` // cursor, address, or last item
	Offset int    `json:"offset,omitempty"`
	Page   int    `json:"page,omitempty"`
	// Key is the sort key that was reached, as JSON; Seen are the ids that
	// were read with it.
	Key  json.RawMessage `json:"key,omitempty"`
	Seen []string        `json:"seen,omitempty"`
	// Limit is a page size that had to grow.
	Limit int `json:"limit,omitempty"`
	Turn  int `json:"turn,omitempty"`
	// Skip is how many records of a long answer were handed over, and Sum what
	// they were: if the answer still begins so, the walk goes on behind them.
	Skip int    `json:"skip,omitempty"`
	Sum  uint64 `json:"sum,omitempty,string"`
}

func decodeCursor(c connectors.Cursor, meaning string) (cursor, error) {
	fresh := cursor{Meaning: meaning, Marks: map[string]mark{}}
	if len(c) == 0 {
		return fresh, nil
	}
	var saved cursor
	if err := json.Unmarshal(c, &saved); err != nil {
		return fresh, fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
	}
	if saved.Meaning != meaning {
		return fresh, nil
	}
	if saved.Marks == nil {
		saved.Marks = map[string]mark{}
	}
	return saved, nil
}

func (c *cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return connectors.Cursor(b), err
}

// forget drops the marks of parents that are no more.
func (c *cursor) forget(listed map[string]bool) {
	maps.DeleteFunc(c.Marks, func(id string, _ mark) bool { return !listed[id] })
}
