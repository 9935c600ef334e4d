package httpjson

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/work"
)

// parent is what a stream is read for; the zero value where it has none.
type parent struct {
	id    string
	value any
	print string
}

// parents lists them by id: the order in which a cut walk goes on.
func (w *walk) parents(ctx context.Context) ([]parent, error) {
	ps := w.stream.parents
	if ps == nil {
		return []parent{{}}, nil
	}
	var all []parent
	var err error
	if ps.spec.Values != "" {
		all = w.values(ps.spec.Values)
	} else if all, err = w.listed(ctx, ps); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b parent) int { return cmp.Compare(a.id, b.id) })
	all = slices.CompactFunc(all, func(a, b parent) bool { return a.id == b.id })
	if len(all) > ps.spec.Max {
		w.page.Findings = append(w.page.Findings, work.Finding{
			Level: work.Warning, Subject: w.source.env.Name + " " + w.stream.name,
			What:   fmt.Sprintf("there are %d parents, and only %d are read", len(all), ps.spec.Max),
			Remedy: "raise for_each.max, or keep fewer by for_each.only",
		})
		all = all[:ps.spec.Max]
	}
	return all, nil
}

// values are parents that the settings name.
func (w *walk) values(param string) []parent {
	var all []parent
	for _, text := range listOf(w.source.program.config.Params[param]) {
		all = append(all, parent{id: text, value: map[string]any{"id": text}})
	}
	return all
}

// listed asks the service.
func (w *walk) listed(ctx context.Context, ps *parents) ([]parent, error) {
	var all []parent
	err := w.list(ctx, &ps.endpoint, func(r row) bool {
		if p, ok := w.parentOf(ps, r); ok {
			all = append(all, p)
		}
		return len(all) <= ps.spec.Max
	})
	return all, err
}

// joined reads the second list.
func (w *walk) joined(ctx context.Context) error {
	e := w.stream.join
	if e == nil {
		return nil
	}
	var all []any
	err := w.list(ctx, e, func(r row) bool {
		all = append(all, r.value)
		return len(all) < maxSums
	})
	w.join = all
	if err != nil {
		return fmt.Errorf("read join: %w", err)
	}
	return nil
}

// list reads all pages of a list, until take wants no more.
func (w *walk) list(ctx context.Context, e *endpoint, take func(row) bool) error {
	at := place{}
	for {
		look := func(name string) (any, bool) {
			if v, ok := placed(e, at, name); ok {
				return v, true
			}
			return w.given(parent{}, name)
		}
		address := ""
		if e.Page.Kind == "next_url" {
			address = at.Token
		}
		said, err := w.source.client.send(ctx, e.Request, look, e.EmptyOn, address)
		if err != nil || said.none {
			return err
		}
		root, err := rootOf(said.body, w.source.most())
		if err != nil {
			return err
		}
		rows, err := e.rowsOf(root)
		if err != nil {
			return err
		}
		var t tally
		for _, r := range rows {
			t.note(e, r.value, "", func(v any) any { return v })
			if !take(r) {
				return nil
			}
		}
		next, more, err := e.next(at, t, root)
		if err != nil || !more {
			return err
		}
		at = next
	}
}

func (w *walk) parentOf(ps *parents, r row) (parent, bool) {
	sc := scope{value: r.value, params: w.source.program.config.Params}
	if !kept(sc, ps.only, nil) {
		return parent{}, false
	}
	v, _ := ps.id.in(r.value)
	p := parent{id: textOf(v), value: r.value}
	if p.id == "" {
		w.page.Rejects = append(w.page.Rejects, w.source.reject(w.stream.name+", parents, "+r.where, &fault{
			"the parent has no id", "see whether for_each.id names the right path",
		}, r.value))
		return p, false
	}
	if ps.changed != nil {
		if v, ok := ps.changed.in(r.value); ok {
			p.print = strings.Join(listOf(v), ",")
		}
	}
	return p, true
}

// detailed asks for what the list does not say.
func (w *walk) detailed(ctx context.Context, p parent) (parent, error) {
	ps := w.stream.parents
	if ps == nil || ps.spec.Detail == nil {
		return p, nil
	}
	said, err := w.source.client.send(ctx, *ps.spec.Detail, func(name string) (any, bool) { return w.given(p, name) }, nil, "")
	if err != nil {
		return p, err
	}
	root, err := rootOf(said.body, w.source.most())
	if err != nil {
		return p, err
	}
	p.value = root
	return p, nil
}

// given are params, and what the parent says.
func (w *walk) given(p parent, name string) (any, bool) {
	if name == "parent" {
		return p.id, p.id != ""
	}
	if inner, ok := strings.CutPrefix(name, "parent."); ok {
		at, err := parsePath(inner)
		if err != nil {
			return nil, false
		}
		return at.in(p.value)
	}
	v, ok := w.source.program.config.Params[name]
	return v, ok
}
