package userpilot

import (
	"encoding/json"
	"fmt"
	"time"

	"tandem/connectors"
)

// cursor is where a stream stands.
type cursor struct {
	// Start is where the history begins; it never moves.
	Start time.Time `json:"start,omitzero"`
	// Mark is up to when everything was read.
	Mark time.Time `json:"mark,omitzero"`
	// Last is when the last export was begun.
	Last time.Time `json:"last,omitzero"`
	// More says that the last export covered less than was to be read.
	More bool `json:"more,omitempty"`
	Job  *job `json:"job,omitempty"`
}

// job is an export that is wanted or under way.
type job struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Fresh is what responses must be newer than to be worth a row.
	Fresh time.Time `json:"fresh,omitzero"`
	// More says that it covers less than there is to read.
	More bool `json:"more,omitempty"`
	// Reach is how far From lies before Fresh.
	Reach time.Duration `json:"reach,omitempty"`
	// First says that nothing before From counts.
	First bool `json:"first,omitempty"`
	// ID is the service's; empty while the export is wanted.
	ID    string    `json:"id,omitempty"`
	Began time.Time `json:"began,omitzero"`
	// Tries counts exports of this window that came to nothing.
	Tries int `json:"tries,omitempty"`
	// Pause is until when none is begun.
	Pause time.Time `json:"pause,omitzero"`
	// Sent is how many of the rows were stored.
	Sent int `json:"sent,omitempty"`
}

func decode(c connectors.Cursor) (*cursor, error) {
	at := &cursor{}
	if len(c) > 0 {
		if err := json.Unmarshal(c, at); err != nil {
			return nil, fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
		}
	}
	return at, nil
}

func (c *cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return b, err
}

const (
	// contextShare is how much longer than Within a window reaches back: long
	// enough for responses that took twice that time.
	contextShare = 3
	// longestReach is how far back a window goes for a response that seems to
	// have no beginning.
	longestReach = 14 * day
)

// voiceWindow is the next export of answers; nil where there is nothing to ask
// for.
func (c *cursor) voiceWindow(conf Config, now time.Time) *job {
	horizon := now.Add(-time.Duration(conf.Delay)).Truncate(time.Second)
	mark := c.Mark
	if mark.IsZero() {
		mark = c.Start
	}
	j := &job{To: earlier(mark.Add(time.Duration(conf.Window)), horizon), Fresh: mark.Add(-time.Duration(conf.Overlap)), Reach: contextShare * time.Duration(conf.Within)}
	if !j.To.After(mark) {
		return nil
	}
	j.More = j.To.Before(horizon)
	j.reachBack(c.Start)
	if c.Mark.IsZero() {
		j.Fresh = time.Time{}
	}
	return j
}

// reachBack sets where the window begins, not before the history does.
func (j *job) reachBack(start time.Time) {
	j.From = j.Fresh.Add(-j.Reach).Truncate(time.Second)
	if j.First = !j.From.After(start); j.First {
		j.From = start
	}
}

// widen reaches back twice as far.
func (j *job) widen(start time.Time) {
	j.Reach *= 2
	j.reachBack(start)
	j.First = j.First || j.Reach > longestReach
	j.ID, j.Sent = "", 0
}

// usageWindow is the next export of usage, which begins with a whole day.
func (c *cursor) usageWindow(conf Config, now time.Time) *job {
	horizon := now.Add(-time.Duration(conf.Delay)).Truncate(time.Second)
	mark, from := c.Start, c.Start.Truncate(day)
	if !c.Mark.IsZero() {
		mark, from = c.Mark, c.Mark.Truncate(day).AddDate(0, 0, -conf.Usage.Days)
	}
	if first := c.Start.Truncate(day); from.Before(first) {
		from = first
	}
	j := &job{From: from, To: earlier(mark.Truncate(day).Add(max(time.Duration(conf.Window), day).Truncate(day)), horizon), First: true}
	if !j.To.After(mark) {
		return nil
	}
	j.More = j.To.Before(horizon)
	return j
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
