package drop

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/table"
)

// entry is a file that was read to its end. Its content counts once, under
// whatever name it comes again.
type entry struct {
	Sum  string `json:"sum"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Time int64  `json:"time"`
}

// begun is a file that is being read.
type begun struct {
	entry
	// Mark is behind the last row on a page.
	Mark table.Mark `json:"mark"`
	// Plain is how many rows lie before it, where nothing of them need be known
	// to go on behind it; 0 where they must be read again.
	Plain int `json:"plain,omitempty"`
}

// waiting is a file that seems half written.
type waiting struct {
	Name  string    `json:"name"`
	Size  int64     `json:"size"`
	Since time.Time `json:"since"`
}

// cursor is where the stream stands: the ledger of what was read. It moves
// together with the rows in the store, and the files move after it; so a crash
// anywhere loses nothing and doubles nothing.
type cursor struct {
	// Meaning changes with the settings and the column file; everything is
	// read again then, done/ included.
	Meaning string `json:"meaning"`
	// Turn counts how often that changed; see builder.later.
	Turn int `json:"turn,omitempty"`
	// Said is what ids of rows depend on, and Former what it was when files were
	// read that were not read again since.
	Said    said      `json:"said,omitzero"`
	Former  []former  `json:"former,omitempty"`
	Read    []entry   `json:"read,omitempty"`
	Begun   *begun    `json:"begun,omitempty"`
	Waiting []waiting `json:"waiting,omitempty"`
	// Fixed: the folder is read only, and that was said.
	Fixed bool `json:"fixed,omitempty"`

	byName map[entry]string // sums of Read, by the rest
	bySum  map[string]entry // of Read
}

// said is what the ids of rows without an id depend on.
type said struct {
	Study   string `json:"study,omitempty"`
	Columns string `json:"columns,omitempty"`
}

// former is a said, and the contents that were last read by it.
type former struct {
	Said said     `json:"said"`
	Sums []string `json:"sums"`
}

func decodeCursor(c connectors.Cursor, meaning string, now said) (cursor, error) {
	fresh := cursor{Meaning: meaning, Said: now}
	if len(c) == 0 {
		return fresh, nil
	}
	var saved cursor
	if err := json.Unmarshal(c, &saved); err != nil {
		return fresh, fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
	}
	if saved.Meaning != meaning {
		fresh.Former, fresh.Turn = saved.formerly(), saved.Turn+1
		return fresh, nil
	}
	read := saved.Read
	saved.Read = nil
	for _, e := range read {
		saved.add(e)
	}
	return saved, nil
}

// later is what a turn adds to versions; the store counts microseconds.
func (c *cursor) later() time.Duration { return 2 * time.Duration(c.Turn) * time.Microsecond }

// formerly lists what was read, by how it was read.
func (c *cursor) formerly() []former {
	f := former{Said: c.Said}
	for _, e := range c.Read {
		if !slices.Contains(f.Sums, e.Sum) {
			f.Sums = append(f.Sums, e.Sum)
		}
	}
	if c.Begun != nil {
		f.Sums = append(f.Sums, c.Begun.Sum)
	}
	return append(c.Former, f)
}

// settle ends what is known of former readings of a content.
func (c *cursor) settle(sum string) {
	for i := range c.Former {
		c.Former[i].Sums = slices.DeleteFunc(c.Former[i].Sums, func(s string) bool { return s == sum })
	}
	c.Former = slices.DeleteFunc(c.Former, func(f former) bool { return len(f.Sums) == 0 })
}

func (c *cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return connectors.Cursor(b), err
}

func (e entry) is(f found) bool { return e.Name == f.name && e.Size == f.size && e.Time == f.time }

// knows reports that a file was read, without a look into it: its name, size
// and time are those of one that was.
func (c *cursor) knows(f found) (sum string, known bool) {
	sum, known = c.byName[entry{Name: f.name, Size: f.size, Time: f.time}]
	return sum, known
}

// content finds a file that was read by what it holds.
func (c *cursor) content(sum string) (entry, bool) {
	e, ok := c.bySum[sum]
	return e, ok
}

// add notes a file; what its name held before is still known by its sum.
func (c *cursor) add(e entry) {
	plain := entry{Name: e.Name, Size: e.Size, Time: e.Time}
	if c.byName[plain] != "" {
		return
	}
	if c.byName == nil {
		c.byName, c.bySum = map[entry]string{}, map[string]entry{}
	}
	c.Read = append(c.Read, e)
	c.byName[plain] = e.Sum
	if _, known := c.bySum[e.Sum]; !known {
		c.bySum[e.Sum] = e
	}
}

// patience is how long a file that seems half written is waited for.
const patience = 10 * time.Minute

// waits notes a half-written file and reports whether to wait on.
func (c *cursor) waits(f found, now time.Time) bool {
	i := slices.IndexFunc(c.Waiting, func(w waiting) bool { return w.Name == f.name })
	switch {
	case i < 0:
		c.Waiting = append(c.Waiting, waiting{f.name, f.size, now.UTC()})
		return true
	case c.Waiting[i].Size != f.size:
		c.Waiting[i] = waiting{f.name, f.size, now.UTC()}
		return true
	default:
		return now.Sub(c.Waiting[i].Since) < patience
	}
}

func (c *cursor) forget(name string) {
	c.Waiting = slices.DeleteFunc(c.Waiting, func(w waiting) bool { return w.Name == name })
}

// meaningOf tells whether files must be read again because their meaning
// changed.
func meaningOf(c Config, columnFile []byte) string {
	h := fnv.New64a()
	for _, s := range []string{c.Yields, c.Method, c.Study, c.Audience, c.Consent, c.Place, string(columnFile)} {
		_, _ = io.WriteString(h, s+"\x00") // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}
