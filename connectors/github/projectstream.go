package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

const (
	// pagesAtOnce bounds what one poll of a large board takes from the quota;
	// the next poll goes on from there.
	pagesAtOnce = 40
	// leastCards is the smallest page that is asked for.
	leastCards = 10
	// boardOverlap is how far a walk looks back behind the start of the walk
	// before: the clocks of a cluster differ.
	boardOverlap = 10 * time.Minute
	// wholeAge is how often all cards are read, whatever their times say.
	wholeAge = 24 * time.Hour
)

// boardCursor is where the walk over the cards stands.
type boardCursor struct {
	Board string `json:"board,omitempty"` // id; another board begins anew
	// After is the mark of the page to go on behind, in the middle of a walk.
	After string `json:"after,omitempty"`
	// Since is the bound of this walk: cards that changed before were read.
	Since time.Time `json:"since,omitzero"`
	// Began is when this walk began, Whole when the last one without a bound
	// did, all by GitHub's clock.
	Began time.Time `json:"began,omitzero"`
	Whole time.Time `json:"whole,omitzero"`
}

// cardsQuery lists cards and what issues they are, which is light; the issues
// are then read as all are.
const cardsQuery = `query($board: ID!, $first: Int!, $after: String) { node(id: $board) { ... on ProjectV2 {
	items(first: $first, after: $after) { pageInfo { hasNextPage endCursor } totalCount nodes {
		type isArchived updatedAt content { ... on Issue { fullDatabaseId number repository { nameWithOwner } } }
	} }
} } }`

type wireItems struct {
	told time.Time // what time it was at GitHub
	Page struct {
		More bool   `json:"hasNextPage"`
		End  string `json:"endCursor"`
	} `json:"pageInfo"`
	Total int         `json:"totalCount"`
	Nodes []*wireItem `json:"nodes"`
}

type wireItem struct {
	Type     string    `json:"type"`
	Archived bool      `json:"isArchived"`
	Updated  time.Time `json:"updatedAt"`
	Content  *struct {
		ID         bigID `json:"fullDatabaseId"`
		Number     int   `json:"number"`
		Repository struct {
			Name string `json:"nameWithOwner"`
		} `json:"repository"`
	} `json:"content"`
}

// project yields the issues whose cards changed since the cursor: changes on
// the board do not move an issue's own time. What is not an issue of the scope,
// is archived or hidden is left out.
func (s *source) project(ctx context.Context, from connectors.Cursor, yield func(connectors.Page, error) bool) {
	var at boardCursor
	if len(from) > 0 {
		if err := json.Unmarshal(from, &at); err != nil {
			yield(connectors.Page{}, fmt.Errorf("%s: the stored cursor cannot be read: %w; reset the stream to read everything again", s.name, err))
			return
		}
	}
	if s.board == nil {
		yield(connectors.Page{Cursor: from, Done: true}, nil)
		return
	}
	w := &boardWalk{source: s, at: at, yield: yield}
	if err := w.all(ctx); err != nil && !errors.Is(err, errStopped) {
		yield(connectors.Page{}, withRemedy(s.name+": read the project "+s.board.name, err))
	}
}

// boardWalk is one poll of the board.
type boardWalk struct {
	source *source
	at     boardCursor
	yield  func(connectors.Page, error) bool
	done   int
}

func (w *boardWalk) all(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b := w.source.board
	sh, err := b.current(ctx, shapeAge)
	if err != nil {
		return err
	}
	if w.at.Board != sh.id {
		w.at = boardCursor{Board: sh.id}
	}
	for range pagesAtOnce {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		items, err := b.cards(ctx, sh.id, w.at.After)
		if errors.Is(err, errLostMark) && w.at.After != "" {
			w.at.After, w.at.Began = "", time.Time{} // the walk begins again, with the same bound
			continue
		}
		if err != nil {
			return err
		}
		if w.at.After == "" {
			w.begin(items.told)
		}
		page, err := w.page(ctx, items)
		if err != nil {
			return err
		}
		page.Findings = b.takeNews()
		if page.Done = !items.Page.More; page.Done {
			w.at.After = ""
			w.at.Since = w.at.Began.Add(-boardOverlap)
		} else {
			w.at.After = items.Page.End
		}
		if err := w.emit(page, items.Total); err != nil || page.Done {
			return err
		}
	}
	return nil
}

// begin starts a walk, once a day over everything. The times of cards are
// GitHub's, so what they are compared with is too: ours may be off by anything,
// and a bound that lies ahead would hide changes. One that does is not believed.
func (w *boardWalk) begin(told time.Time) {
	if told.IsZero() {
		told = w.source.now()
	}
	now := told.UTC().Truncate(time.Second)
	w.at.Began = now
	if w.at.Since.IsZero() || w.at.Since.After(now) || now.Sub(w.at.Whole).Abs() >= wholeAge {
		w.at.Since, w.at.Whole = time.Time{}, now
	}
}

func (w *boardWalk) emit(page connectors.Page, total int) error {
	raw, err := json.Marshal(w.at)
	if err != nil {
		return fmt.Errorf("write the cursor: %w", err)
	}
	w.done += len(page.Records)
	page.Cursor, page.Progress = connectors.Cursor(raw), connectors.Progress{Done: w.done}
	if w.at.Since.IsZero() {
		page.Progress.Total = total
	}
	if !w.yield(page, nil) {
		return errStopped
	}
	return nil
}

// page reads the issues of the cards that changed. One that cannot be seen is
// left out: nothing is said of it.
func (w *boardWalk) page(ctx context.Context, items wireItems) (connectors.Page, error) {
	s := w.source
	var spots []spot
	for _, i := range items.Nodes {
		if i == nil || i.Type != "ISSUE" || i.Archived || i.Content == nil || i.Content.ID == 0 || i.Updated.Before(w.at.Since) {
			continue
		}
		if name := i.Content.Repository.Name; s.scope.includes(name) {
			ref := work.RefID{Connector: s.name, ID: strconv.FormatInt(int64(i.Content.ID), 10)}
			spots = append(spots, spot{ref, name, i.Content.Number})
		}
	}
	if len(spots) == 0 {
		return connectors.Page{}, nil
	}
	r := &reader{name: s.name, client: s.client, viewers: s.viewers, board: s.board, relations: s.relations}
	page, _, err := r.gather(ctx, spots)
	for s.relations.refused(err) {
		page, _, err = r.gather(ctx, spots)
	}
	return page, err
}

// errLostMark says that the place in the list of cards is not known any more.
var errLostMark = errors.New("the place in the list of cards is lost")

// cards asks for one page, for a smaller one where that is too much.
func (b *board) cards(ctx context.Context, id, after string) (wireItems, error) {
	variables := map[string]any{"board": id}
	if after != "" {
		variables["after"] = after
	}
	for {
		variables["first"] = b.cardsAtOnce()
		a, err := b.client.query(ctx, cardsQuery, variables)
		if errors.Is(err, errTooHeavy) && b.fewerCards() {
			continue
		}
		if err != nil {
			return wireItems{}, err
		}
		var body *struct {
			Items *wireItems `json:"items"`
		}
		if err := json.Unmarshal(a.data["node"], &body); err != nil && len(a.data["node"]) > 0 {
			return wireItems{}, &answerError{"the list of cards has not the form that was asked for: " + err.Error()}
		}
		switch {
		case body != nil && body.Items != nil:
			if body.Items.Page.More && (body.Items.Page.End == after || body.Items.Page.End == "") {
				return wireItems{}, &answerError{"the list of cards leads to itself"}
			}
			body.Items.told = a.told
			return *body.Items, nil
		case body != nil && after != "":
			return wireItems{}, errLostMark
		}
		b.drop() // the board may be gone; the next look says so
		cause := "GitHub does not say why"
		if len(a.faults) > 0 {
			cause = a.faults[0].Message
		}
		return wireItems{}, &answerError{"the cards cannot be listed: " + cause}
	}
}

func (b *board) cardsAtOnce() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pageSize
}

// fewerCards shrinks the pages: 100, 50, 25, 10. False where they are smallest.
func (b *board) fewerCards() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pageSize <= leastCards {
		return false
	}
	b.pageSize = max(b.pageSize/2, leastCards)
	if b.pageSize < 25 {
		b.pageSize = leastCards
	}
	return true
}
