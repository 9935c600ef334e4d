package file

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"

	"tandem/connectors"

	"tandem/internal/table"
)

// position is how far one file was read.
type position struct {
	Path string `json:"path"`
	// Size and Time (nanoseconds) are those of the file that was read to its
	// end; zero while it is being read.
	Size int64 `json:"size,omitempty"`
	Time int64 `json:"time,omitempty"`
	// Whole is the checksum of that file.
	Whole uint64 `json:"whole,string,omitempty"`
	// Settled tells that size and time alone prove that nothing changed: the
	// file was not written in the moments before it was read.
	Settled bool `json:"settled,omitempty"`
	// Look names the last look at the rows beside this stream when it was read.
	Look string `json:"look,omitempty"`
	// Mark is behind the last row that will not grow.
	Mark table.Mark `json:"mark,omitzero"`
}

// looks counts the looks at items beside their stream: by id, and to write. What
// they showed is stored as well, so that a file which is again as the stream last
// read it, a person having taken back a write, says something new. A process counts
// for itself; nobody knows what others looked at.
type looks struct {
	process string
	n       atomic.Int64
}

// last names the last look.
func (l *looks) last() string { return l.process + strconv.FormatInt(l.n.Load(), 10) }

// sameFile reports that size and time are as they were at the end of the last
// read.
func (p position) sameFile(info os.FileInfo) bool {
	return p.Time != 0 && p.Size == info.Size() && p.Time == info.ModTime().UnixNano()
}

// cursor is where a stream stands.
type cursor struct {
	// Meaning changes with the settings and the column file; everything is
	// read again then.
	Meaning string     `json:"meaning"`
	Files   []position `json:"files,omitempty"`
}

func decodeCursor(c connectors.Cursor, meaning string) (cursor, error) {
	fresh := cursor{Meaning: meaning}
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
	return saved, nil
}

func (c *cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return connectors.Cursor(b), err
}

// of returns the position in a file; zero for a new one.
func (c *cursor) of(path string) position {
	for _, p := range c.Files {
		if p.Path == path {
			return p
		}
	}
	return position{Path: path}
}

// set stores the position in a file.
func (c *cursor) set(p position) {
	for i := range c.Files {
		if c.Files[i].Path == p.Path {
			c.Files[i] = p
			return
		}
	}
	c.Files = append(c.Files, p)
}
