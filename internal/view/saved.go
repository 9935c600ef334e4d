package view

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/store"
	"tandem/internal/work"
)

// Cabinet keeps the filters of the order that people save, and when they looked.
type Cabinet interface {
	SavedViews(ctx context.Context, owner string) ([]store.SavedView, error)
	SaveView(ctx context.Context, v store.SavedView) (int64, error)
	RenameView(ctx context.Context, owner string, number int64, name string) (bool, error)
	DeleteView(ctx context.Context, owner string, number int64) (bool, error)
	Visited(ctx context.Context, person string, today time.Time) (time.Time, error)
}

// Saved is a filter of the order that somebody keeps under a name.
type Saved struct {
	Number int64  `json:"number"`
	Name   string `json:"name"`
	// Query is what stands in the address of the order after the ?.
	Query  string `json:"query"`
	Shared bool   `json:"shared"`
	// Mine tells that the visitor saved it; By is who else did, for those inside.
	Mine bool      `json:"mine"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at"`
}

// How much of saved views is taken.
const (
	mostViews      = 50
	longestView    = 60   // characters of a name
	longestQueries = 2000 // bytes of a query
)

// SavedViews lists the visitor's own views, and those that others share: of what
// was saved by somebody who sees more than the visitor nothing is told, as name
// and query may repeat what they saw (promise S7).
func (vi *Visit) SavedViews() ([]Saved, error) {
	kept, err := vi.desk.conf.Store.SavedViews(vi.ctx, vi.who.Name)
	if err != nil {
		return nil, err
	}
	all := []Saved{}
	for i := range kept {
		v := &kept[i]
		if !vi.sees(v.Audience) {
			continue
		}
		s := Saved{Number: v.Number, Name: v.Name, Query: v.Query, Shared: v.Shared, Mine: v.Owner == vi.who.Name, At: v.At}
		if !s.Mine && vi.sees(work.Internal) {
			s.By = v.Owner
		}
		all = append(all, s)
	}
	return all, nil
}

// SaveView keeps a filter under a name. It takes the place of the visitor's view
// of the same name.
func (vi *Visit) SaveView(name, query string, shared bool) (Saved, error) {
	if err := vi.may(Viewer); err != nil {
		return Saved{}, err
	}
	name, err := viewName(name)
	if err != nil {
		return Saved{}, err
	}
	if _, err := url.ParseQuery(query); err != nil || len(query) > longestQueries {
		return Saved{}, BadRequest("the filter cannot be kept", "choose it on the page of the order again, and then save it")
	}
	own, err := vi.desk.conf.Store.SavedViews(vi.ctx, vi.who.Name)
	if err != nil {
		return Saved{}, err
	}
	count := 0
	for i := range own {
		if own[i].Owner == vi.who.Name && own[i].Name != name {
			count++
		}
	}
	if count >= mostViews {
		return Saved{}, NewProblem(http.StatusConflict, "too-many", "you have 50 saved views, and there is no room for more", "delete one that you do not use")
	}
	v := store.SavedView{Owner: vi.who.Name, Name: name, Query: query, Audience: vi.who.Audience, Shared: shared}
	if v.Number, err = vi.desk.conf.Store.SaveView(vi.ctx, v); err != nil {
		return Saved{}, err
	}
	return Saved{Number: v.Number, Name: name, Query: query, Shared: shared, Mine: true, At: vi.desk.conf.Now().UTC()}, nil
}

// RenameView gives one of the visitor's views another name.
func (vi *Visit) RenameView(number int64, name string) error {
	if err := vi.may(Viewer); err != nil {
		return err
	}
	name, err := viewName(name)
	if err != nil {
		return err
	}
	was, err := vi.desk.conf.Store.RenameView(vi.ctx, vi.who.Name, number, name)
	if errors.Is(err, store.ErrTaken) {
		return NewProblem(http.StatusConflict, "taken", "another view of yours has this name", "choose another name, or delete the other view")
	}
	return told(was, err)
}

// DeleteView forgets one of the visitor's views.
func (vi *Visit) DeleteView(number int64) error {
	if err := vi.may(Viewer); err != nil {
		return err
	}
	return told(vi.desk.conf.Store.DeleteView(vi.ctx, vi.who.Name, number))
}

func told(was bool, err error) error {
	if err == nil && !was {
		return NewProblem(http.StatusNotFound, "not-found", "you have no such view", "the page of the order lists yours; only who saved a view can change it")
	}
	return err
}

// viewName tidies a name.
func viewName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > longestView || !utf8.ValidString(name) {
		return "", BadRequest("a view has a name of at most 60 characters", "write one, such as: pay, not ready")
	}
	return name, nil
}
