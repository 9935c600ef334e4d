package hotjar

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// walker yields the pages of one round.
type walker struct {
	source *source
	at     *cursor
	yield  func(connectors.Page, error) bool
	done   int
}

// survey walks down one survey.
func (w *walker) survey(ctx context.Context, one survey, p *position) error {
	s := w.source
	f := frame{connector: s.name, config: s.config, audience: s.audience, survey: one}
	renewed := false
	for {
		if p.Walk == nil {
			p.begin(s.now(), time.Duration(s.config.Overlap), time.Duration(s.config.History))
		}
		l, err := s.client.responses(ctx, one.ID, p.Walk.Next)
		switch {
		case err == nil:
		case p.Walk.Next != "" && staleCursor(err) && !renewed:
			renewed = true // Hotjar forgot its cursor: from the top, down to the same floor
			p.Walk = &walk{Floor: p.Walk.Floor}
			continue
		case p.Walk.Next == "" && gone(err): // deleted since it was listed
			p.Walk, p.Round = nil, w.at.Round
			return w.emit(connectors.Page{Findings: w.vanished(one)})
		default:
			return err
		}
		page, low := w.page(f, l, p.Walk)
		if l.Next == "" || low {
			p.end(s.now(), w.at.Round)
		} else {
			p.Walk.Next = l.Next
		}
		if err := w.emit(page); err != nil || p.Walk == nil {
			return err
		}
	}
}

// page understands the responses of one page. It reports whether the floor was
// reached.
func (w *walker) page(f frame, l list, under *walk) (page connectors.Page, low bool) {
	top := under.Next == ""
	for i, raw := range *l.Results {
		h, why := f.voice(raw)
		if why != nil {
			if why.where == "" {
				why.where = "survey " + f.survey.ID + " (row " + strconv.Itoa(i+1) + ")"
			}
			page.Rejects = append(page.Rejects, work.Reject{Connector: f.connector, Where: why.where, Cause: why.cause, Remedy: why.remedy})
			continue
		}
		if top && h.created.After(under.High) && !h.created.After(w.source.now()) {
			under.High = h.created
		}
		if h.created.Before(under.Floor) {
			low = true
			continue
		}
		page.Feedback = append(page.Feedback, h.feedback)
		for _, kind := range h.strange {
			if w.source.first("type " + f.survey.ID + " " + kind) {
				page.Findings = append(page.Findings, work.Finding{
					Level: work.Note, Subject: f.connector, What: fmt.Sprintf("survey %q has questions of the type %q, which is not known: their answers are read as text", f.survey.Name, kind),
					Remedy: "none is needed; scores of such questions do not count",
				})
			}
		}
	}
	return page, low
}

func (w *walker) vanished(one survey) []work.Finding {
	if !w.source.first("gone " + one.ID) {
		return nil
	}
	return []work.Finding{{
		Level: work.Warning, Subject: w.source.name, What: fmt.Sprintf("survey %q is listed, and its responses are not found", one.Name),
		Remedy: "was it deleted? What was read of it stays",
	}}
}

// emit yields a page with the cursor behind it.
func (w *walker) emit(page connectors.Page) error {
	var err error
	if page.Cursor, err = w.at.encode(); err != nil {
		return err
	}
	w.done += len(page.Feedback)
	page.Progress = connectors.Progress{Done: w.done}
	if !w.yield(page, nil) {
		return errStopped
	}
	return nil
}
