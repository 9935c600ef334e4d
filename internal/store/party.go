package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tandem/mapping/evidence"
)

// partyKey is one key of a person or an account.
type partyKey struct {
	kind evidence.Party
	key  string
}

func (k partyKey) compare(o partyKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.key, o.key))
}

// use counts rows that have a key, and those that it leads.
type use struct{ uses, led int64 }

// bondKey are two keys that a row names together.
type bondKey struct {
	kind evidence.Party
	a, b string
}

func (k bondKey) compare(o bondKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.a, o.a), cmp.Compare(k.b, o.b))
}

// uses notes the keys of a row, or that it no longer has them.
func (ch *chorus) uses(as *joined, n int64) {
	for kind, keys := range as.keys {
		for i, key := range keys {
			at := partyKey{kind, key}
			u := ch.parties[at]
			u.uses += n
			if i == 0 {
				u.led += n
			} else {
				ch.bonds[bondKey{kind, min(keys[0], key), max(keys[0], key)}] += n
			}
			ch.parties[at] = u
		}
	}
}

// settleParties stores the keys, and joins and parts who is the same by them.
// Rows of those whose name changed are touched: they may say the same now.
func (ch *chorus) settleParties(ctx context.Context) error {
	if len(ch.parties) == 0 {
		return nil
	}
	names, err := ch.namesOf(ctx, slices.Collect(maps.Keys(ch.parties)))
	if err != nil {
		return err
	}
	seeds, fresh, err := ch.putBonds(ctx, names)
	if err != nil {
		return err
	}
	rules := ch.join.rules()
	var rows, ended [][]any
	for _, at := range slices.SortedFunc(maps.Keys(ch.parties), partyKey.compare) {
		u := ch.parties[at]
		_, known := names[at]
		if u == (use{}) && known {
			continue
		}
		name := at.key
		for _, other := range fresh[at] {
			if rules.Compare(at.kind, other, name) < 0 {
				name = other
			}
		}
		rows = append(rows, []any{at.kind, at.key, name, u.uses, u.led})
		if u.uses <= 0 {
			ended = append(ended, []any{string(at.kind), at.key})
		}
	}
	err = ch.putAll(ctx, `INSERT INTO party (kind, key, name, uses, led) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
		CAST(json_extract(value, '$[3]') AS bigint), CAST(json_extract(value, '$[4]') AS bigint) FROM json_each(?) WHERE 1 = 1
		ON CONFLICT (kind, key) DO UPDATE SET uses = party.uses + excluded.uses, led = party.led + excluded.led`, rows)
	if err != nil {
		return err
	}
	for _, args := range ended {
		if err := ch.put(ctx, "DELETE FROM party WHERE kind = ? AND key = ? AND uses <= 0", args...); err != nil {
			return err
		}
	}
	maps.Copy(seeds, ch.anew)
	return ch.rename(ctx, seeds)
}

// putBonds stores which keys were named together. It returns keys whose names
// are to be found anew, and for keys that are new, as are all that they were
// named with, who these are.
func (ch *chorus) putBonds(ctx context.Context, names map[partyKey]string) (seeds map[partyKey]bool, fresh map[partyKey][]string, err error) {
	seeds = map[partyKey]bool{}
	groups := newGroups[partyKey]()
	var rows, ended [][]any
	for _, b := range slices.SortedFunc(maps.Keys(ch.bonds), bondKey.compare) {
		n := ch.bonds[b]
		if n == 0 {
			continue
		}
		rows = append(rows, []any{b.kind, b.a, b.b, n})
		a, z := partyKey{b.kind, b.a}, partyKey{b.kind, b.b}
		if n < 0 {
			seeds[a], seeds[z] = true, true
			ended = append(ended, []any{string(b.kind), b.a, b.b})
		} else if names[a] == "" || names[a] != names[z] {
			groups.join(a, z)
		}
	}
	err = ch.putAll(ctx, `INSERT INTO bond (kind, a, b, uses) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
		CAST(json_extract(value, '$[3]') AS bigint) FROM json_each(?) WHERE 1 = 1 ON CONFLICT (kind, a, b) DO UPDATE SET uses = bond.uses + excluded.uses`, rows)
	if err != nil {
		return nil, nil, err
	}
	for _, args := range ended {
		if err := ch.put(ctx, "DELETE FROM bond WHERE kind = ? AND a = ? AND b = ? AND uses <= 0", args...); err != nil {
			return nil, nil, err
		}
	}
	fresh = map[partyKey][]string{}
	for _, group := range groups.all() {
		if slices.ContainsFunc(group, func(k partyKey) bool { return names[k] != "" }) {
			for _, k := range group {
				seeds[k] = true
			}
			continue
		}
		var keys []string
		for _, k := range group {
			keys = append(keys, k.key)
		}
		for _, k := range group {
			fresh[k] = keys
		}
	}
	return seeds, fresh, nil
}

// putAll runs a statement once for many rows, which it gets as a JSON list.
func (c *change) putAll(ctx context.Context, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	list, err := encode(rows)
	if err != nil {
		return err
	}
	return c.put(ctx, query, list)
}

// namesOf returns the stored names of keys.
func (ch *chorus) namesOf(ctx context.Context, keys []partyKey) (map[partyKey]string, error) {
	names := make(map[partyKey]string, len(keys))
	err := byKind(keys, func(kind evidence.Party, list string) error {
		return each(ctx, ch, "SELECT key, name FROM party WHERE kind = ? AND key "+inList, []any{string(kind), list}, func(scan func(...any) error) error {
			var key, name string
			err := scan(&key, &name)
			names[partyKey{kind, key}] = name
			return err
		})
	})
	return names, err
}

// rename finds the names of keys anew, and of all that belong to them.
func (ch *chorus) rename(ctx context.Context, seeds map[partyKey]bool) error {
	if len(seeds) == 0 {
		return nil
	}
	sorted := slices.SortedFunc(maps.Keys(seeds), partyKey.compare)
	groups, err := ch.members(ctx, sorted)
	if err != nil {
		return err
	}
	all := groups.all()
	names, err := ch.namesOf(ctx, slices.Concat(all...))
	if err != nil {
		return err
	}
	rules, moved := ch.join.rules(), [][]any(nil)
	for _, group := range all {
		name := group[0].key
		for _, k := range group[1:] {
			if rules.Compare(k.kind, k.key, name) < 0 {
				name = k.key
			}
		}
		for _, k := range group {
			if old, known := names[k]; !known || old == name {
				continue
			}
			moved = append(moved, []any{k.kind, k.key, name})
		}
	}
	if len(moved) == 0 {
		return nil
	}
	err = ch.putAll(ctx, `INSERT INTO party (kind, key, name, uses, led) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), 0, 0
		FROM json_each(?) WHERE 1 = 1 ON CONFLICT (kind, key) DO UPDATE SET name = excluded.name`, moved)
	if err != nil {
		return err
	}
	if _, err := ch.next(ctx); err != nil {
		return err
	}
	return ch.touchSpeakers(ctx, slices.Concat(all...))
}

// members finds all keys that belong to some, by the bonds between them.
func (ch *chorus) members(ctx context.Context, seeds []partyKey) (*groups[partyKey], error) {
	found := newGroups[partyKey]()
	for _, k := range seeds {
		found.join(k, k)
	}
	for ask := seeds; len(ask) > 0; {
		var next []partyKey
		err := byKind(ask, func(kind evidence.Party, list string) error {
			return each(ctx, ch, "SELECT a, b FROM bond WHERE kind = ? AND a "+inList+" UNION ALL SELECT a, b FROM bond WHERE kind = ? AND b "+inList,
				[]any{string(kind), list, string(kind), list}, func(scan func(...any) error) error {
					var a, b string
					err := scan(&a, &b)
					for _, k := range []partyKey{{kind, a}, {kind, b}} {
						if !found.has(k) {
							next = append(next, k)
						}
					}
					found.join(partyKey{kind, a}, partyKey{kind, b})
					return err
				})
		})
		if err != nil {
			return nil, err
		}
		ask = next
	}
	return found, nil
}

// byKind calls do for the keys of each kind, as a JSON list.
func byKind(keys []partyKey, do func(kind evidence.Party, list string) error) error {
	lists := map[evidence.Party][]string{}
	for _, k := range keys {
		lists[k.kind] = append(lists[k.kind], k.key)
	}
	for _, kind := range slices.Sorted(maps.Keys(lists)) {
		list, err := encode(slices.Compact(slices.Sorted(slices.Values(lists[kind]))))
		if err == nil {
			err = do(kind, list)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// groups tells what belongs together.
type groups[T comparable] struct {
	above map[T]T
	order []T
}

func newGroups[T comparable]() *groups[T] { return &groups[T]{above: map[T]T{}} }

func (g *groups[T]) has(x T) bool {
	_, ok := g.above[x]
	return ok
}

func (g *groups[T]) top(x T) T {
	up, ok := g.above[x]
	if !ok {
		g.above[x] = x
		g.order = append(g.order, x)
		return x
	}
	if up != x {
		up = g.top(up)
		g.above[x] = up
	}
	return up
}

// join puts two into one group.
func (g *groups[T]) join(a, b T) {
	a, b = g.top(a), g.top(b)
	if a != b {
		g.above[b] = a
	}
}

// all returns the groups, in the order in which they were met.
func (g *groups[T]) all() [][]T {
	at := map[T]int{}
	var all [][]T
	for _, x := range g.order {
		top := g.top(x)
		i, ok := at[top]
		if !ok {
			i = len(all)
			at[top] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], x)
	}
	return all
}
