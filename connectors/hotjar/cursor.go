package hotjar

import (
	"encoding/json"
	"fmt"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// cursor is where the stream stands. Surveys are read in rounds; one that was
// read in this round waits for the next.
type cursor struct {
	Round   int                  `json:"round"`
	Surveys map[string]*position `json:"surveys"`
}

// position is where one survey stands.
type position struct {
	// Round is the last one in which it was read to the end.
	Round int `json:"round,omitempty"`
	// Mark is the newest response that a walk had seen when it began, which came
	// to its end.
	Mark time.Time `json:"mark,omitzero"`
	// Deep is when the last walk over the whole overlap began, and Ended when
	// the last one of any kind ended.
	Deep  time.Time `json:"deep,omitzero"`
	Ended time.Time `json:"ended,omitzero"`
	// Walk is under way.
	Walk *walk `json:"walk,omitempty"`
}

// walk goes down from the newest response.
type walk struct {
	// Next is Hotjar's cursor of the next page.
	Next string `json:"next"`
	// Floor is where the walk ends; zero is at the oldest response.
	Floor time.Time `json:"floor,omitzero"`
	// High is the newest response on its first page, which becomes the mark.
	High time.Time `json:"high,omitzero"`
}

func decode(c connectors.Cursor) (*cursor, error) {
	at := &cursor{Round: 1}
	if len(c) > 0 {
		if err := json.Unmarshal(c, at); err != nil {
			return nil, fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
		}
	}
	if at.Surveys == nil {
		at.Surveys = map[string]*position{}
	}
	return at, nil
}

func (c *cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return b, err
}

// of returns the position of a survey, which may be new.
func (c *cursor) of(id string) *position {
	if c.Surveys[id] == nil {
		c.Surveys[id] = &position{}
	}
	return c.Surveys[id]
}

const (
	// shallow is how far a usual walk reaches below the mark.
	shallow = time.Hour
	// deepEvery is how often the whole overlap is read again.
	deepEvery = 6 * time.Hour
	// rest is how often a survey is looked at that is switched off.
	rest = 24 * time.Hour
)

// begin starts a walk.
func (p *position) begin(now time.Time, overlap, history time.Duration) {
	p.Walk = &walk{}
	switch {
	case p.Mark.IsZero() && history > 0:
		p.Walk.Floor = now.Add(-history)
	case p.Mark.IsZero():
	default:
		p.Walk.Floor = p.Mark.Add(-min(shallow, overlap))
		if work.Fresh(p.Deep, now, deepEvery) {
			return
		}
		if deep := now.Add(-overlap); deep.Before(p.Walk.Floor) {
			p.Walk.Floor = deep
		}
	}
	p.Deep = now
}

// end moves the mark: everything above the floor was read.
func (p *position) end(now time.Time, round int) {
	if p.Walk.High.After(p.Mark) {
		p.Mark = p.Walk.High
	}
	p.Walk, p.Round, p.Ended = nil, round, now
}
