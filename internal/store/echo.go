package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"tandem/mapping/evidence"
)

// Rows that say the same count once for each target: the oldest does, and when
// it goes the next one. They are the same where the source says so, or where
// one speaker said the same words. All of them keep their text and their links.

const numIn = "IN (SELECT CAST(value AS bigint) FROM json_each(?))"

// near returns pairs of rows that say the same, of which the first is one of
// nums: enough of them to find everybody, and of n rows that one speaker said
// alike some n and not n times n.
func (ch *chorus) near(ctx context.Context, nums []int64) ([][2]int64, error) {
	list, err := encode(nums)
	if err != nil {
		return nil, err
	}
	var pairs [][2]int64
	pair := func(scan func(...any) error) error {
		var p [2]int64
		err := scan(&p[0], &p[1])
		pairs = append(pairs, p)
		return err
	}
	if err := each(ctx, ch, `SELECT a.num, b.num FROM (SELECT min(num) AS num, speaker, print FROM feedback WHERE print <> '' AND num `+numIn+` GROUP BY speaker, print) a
		JOIN feedback b ON b.speaker = a.speaker AND b.print = a.print AND b.print <> '' AND b.num <> a.num`, []any{list}, pair); err != nil {
		return nil, err
	}
	var merged int
	if err := ch.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM feedback WHERE duplicate_of <> '' LIMIT 1) AS any_merged").Scan(&merged); err != nil {
		return nil, err
	}
	for _, on := range []string{"b.duplicate_of = a.id AND b.duplicate_of <> ''", "b.id = a.duplicate_of AND a.duplicate_of <> ''", "b.duplicate_of = a.duplicate_of AND b.duplicate_of <> ''"} {
		if merged == 0 {
			break
		}
		query := "SELECT a.num, b.num FROM feedback a JOIN feedback b ON b.connector = a.connector AND " + on + " AND b.num <> a.num WHERE a.num " + numIn
		if err := each(ctx, ch, query, []any{list}, pair); err != nil {
			return nil, err
		}
	}
	joined, err := ch.nearByName(ctx, list)
	return append(pairs, joined...), err
}

// saying is what a row says and who says it.
type saying struct {
	num           int64
	speaker, text string
}

func (ch *chorus) prints(ctx context.Context, where string, args ...any) ([]saying, error) {
	var found []saying
	err := each(ctx, ch, "SELECT num, speaker, print FROM feedback WHERE print <> '' AND "+where, args, func(scan func(...any) error) error {
		var p saying
		err := scan(&p.num, &p.speaker, &p.text)
		found = append(found, p)
		return err
	})
	return found, err
}

// nearByName finds what the same speaker said under another key.
func (ch *chorus) nearByName(ctx context.Context, list string) ([][2]int64, error) {
	var aliases int
	if err := ch.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM party WHERE led > 0 AND name <> key LIMIT 1) AS any_alias").Scan(&aliases); err != nil || aliases == 0 {
		return nil, err
	}
	said, err := ch.prints(ctx, "num "+numIn, list)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	others, err := ch.otherNames(ctx, said)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	type voice struct{ speaker, text string }
	by, ask := map[voice][]int64{}, [][2]string{}
	for _, p := range said {
		for _, other := range others[p.speaker] {
			v := voice{other, p.text}
			if by[v] == nil {
				ask = append(ask, [2]string{other, p.text})
			}
			by[v] = append(by[v], p.num)
		}
	}
	pairs, err := encode(ask)
	if err != nil {
		return nil, err
	}
	var near [][2]int64
	err = each(ctx, ch, `SELECT f.num, f.speaker, f.print FROM json_each(?) j JOIN feedback f
		ON f.speaker = json_extract(j.value, '$[0]') AND f.print = json_extract(j.value, '$[1]') AND f.print <> ''`, []any{pairs},
		func(scan func(...any) error) error {
			var p saying
			err := scan(&p.num, &p.speaker, &p.text)
			for _, num := range by[voice{p.speaker, p.text}] {
				near = append(near, [2]int64{num, p.num})
			}
			return err
		})
	return near, err
}

// otherNames finds under which other keys the speakers of rows speak, too.
func (ch *chorus) otherNames(ctx context.Context, said []saying) (map[string][]string, error) {
	keys := make([]partyKey, 0, len(said))
	for _, p := range said {
		keys = append(keys, speakerKey(p.speaker))
	}
	names, err := ch.namesOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	asked := make([]partyKey, 0, len(names))
	for k, name := range names {
		asked = append(asked, partyKey{k.kind, name})
	}
	known := map[partyKey][]string{}
	err = byKind(asked, func(kind evidence.Party, list string) error {
		return each(ctx, ch, "SELECT key, name FROM party WHERE kind = ? AND led > 0 AND name <> key AND name "+inList, []any{string(kind), list}, func(scan func(...any) error) error {
			var key, name string
			err := scan(&key, &name)
			at := partyKey{kind, name}
			if known[at] == nil {
				known[at] = []string{name}
			}
			known[at] = append(known[at], key)
			return err
		})
	})
	others := map[string][]string{}
	for k, name := range names {
		for _, key := range known[partyKey{k.kind, name}] {
			if key != k.key {
				others[speakerOf(k)] = append(others[speakerOf(k)], speakerOf(partyKey{k.kind, key}))
			}
		}
	}
	return others, err
}

// speakerKey is the key of who spoke; see evidence.Speaker.
func speakerKey(speaker string) partyKey {
	kind, key, _ := strings.Cut(speaker, " ")
	if kind == "a" {
		return partyKey{evidence.AccountParty, key}
	}
	return partyKey{evidence.PersonParty, key}
}

func speakerOf(k partyKey) string {
	if k.kind == evidence.AccountParty {
		return "a " + k.key
	}
	return "p " + k.key
}

// touchSpeakers notes the rows of some speakers that say something twice: by
// other names they may count otherwise.
func (ch *chorus) touchSpeakers(ctx context.Context, keys []partyKey) error {
	var speakers []string
	for _, k := range keys {
		speakers = append(speakers, speakerOf(k))
	}
	list, err := encode(speakers)
	if err != nil {
		return err
	}
	return each(ctx, ch, "SELECT num FROM feedback WHERE print <> '' AND speaker "+inList+" AND print IN (SELECT print FROM feedback WHERE print <> '' AND speaker "+inList+
		" GROUP BY print HAVING count(*) > 1)", []any{list, list}, func(scan func(...any) error) error {
		var num int64
		err := scan(&num)
		ch.touch(num)
		return err
	})
}

// settleEchoes finds anew which of the touched rows count.
func (ch *chorus) settleEchoes(ctx context.Context) error {
	if len(ch.touched) == 0 {
		return nil
	}
	like := newGroups[int64]()
	for ask := slices.Sorted(maps.Keys(ch.touched)); len(ask) > 0; {
		for _, num := range ask {
			like.top(num)
		}
		pairs, err := ch.near(ctx, ask)
		if err != nil {
			return err
		}
		ask = nil
		for _, p := range pairs {
			if !like.has(p[1]) {
				ask = append(ask, p[1])
			}
			like.join(p[0], p[1])
		}
	}
	var nums []int64
	for _, group := range like.all() {
		if len(group) > 1 || !ch.touched[group[0]] { // a new row alone counts as it was stored
			nums = append(nums, group...)
		}
	}
	if len(nums) == 0 {
		return nil
	}
	return ch.silence(ctx, nums, like)
}

// mention is a link that may count.
type mention struct {
	num, at int64
	ref     string
	mute    int
	key     evidence.Key
}

// silence lets the oldest of each group count for a target, and no other.
func (ch *chorus) silence(ctx context.Context, nums []int64, like *groups[int64]) error {
	list, err := encode(nums)
	if err != nil {
		return err
	}
	type voice struct {
		group  int64
		target string
	}
	said := map[voice][]mention{}
	err = each(ctx, ch, `SELECT f.num, f.at, f.connector || ' ' || f.id, l.mute, l.target, l.account, l.person, l.method, l.kind, l.day
		FROM feedback_link l JOIN feedback f ON f.num = l.feedback WHERE l.mute <> 2 AND l.feedback `+numIn, []any{list},
		func(scan func(...any) error) error {
			var e mention
			err := scan(&e.num, &e.at, &e.ref, &e.mute, &e.key.Target, &e.key.Account, &e.key.Person, &e.key.Method, &e.key.Kind, &e.key.Day)
			v := voice{like.top(e.num), e.key.Target}
			said[v] = append(said[v], e)
			return err
		})
	if err != nil {
		return err
	}
	for _, all := range said {
		first := slices.MinFunc(all, func(a, b mention) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.ref, b.ref)) })
		for _, e := range all {
			mute := echoes
			if e.num == first.num {
				mute = counts
			}
			if mute == e.mute {
				continue
			}
			ch.tally.anew[e.key] = true
			if err := ch.put(ctx, "UPDATE feedback_link SET mute = ? WHERE feedback = ? AND target = ?", mute, e.num, e.key.Target); err != nil {
				return err
			}
		}
	}
	return nil
}
