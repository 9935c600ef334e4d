package view

import (
	"context"

	"tandem/internal/engine"
)

// Knobs lists the values of the rules in use that can be turned in a comparison.
// Who may not compare rules may not read them either.
func (vi *Visit) Knobs() ([]engine.Knob, error) {
	if err := vi.MayCompare(); err != nil {
		return nil, err
	}
	return vi.desk.conf.Rules.Knobs(), nil
}

// Sensitivities tells for each number of the rules the smallest change that
// swaps the top of the order. It looks at all items several times: one at a
// time, as comparisons are.
func (vi *Visit) Sensitivities(top int) ([]engine.Sensitivity, error) {
	if err := vi.MayCompare(); err != nil {
		return nil, err
	}
	ask := vi.desk.conf.Sensitivity
	if ask == nil {
		return nil, notFound("comparison", "this daemon has none")
	}
	giveBack, err := vi.takeTurn()
	if err != nil {
		return nil, err
	}
	defer giveBack()
	return ask(vi.ctx, top)
}

// Sensitivity tells the smallest change of each number that swaps the top.
type Sensitivity func(ctx context.Context, top int) ([]engine.Sensitivity, error)

// Named finds items by their names, as far as the visitor may see them: what a
// comparison calls by a name alone has a title for people.
func (vi *Visit) Named(refs []string) (map[string]Item, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	found := make(map[string]Item, len(refs))
	for _, ref := range refs {
		if _, known := found[ref]; known {
			continue
		}
		if d, ok := l.find(ref); ok {
			found[ref] = *l.neighbour(d)
		}
	}
	return found, nil
}
