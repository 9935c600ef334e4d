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
// nums.
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
	for _, query := range []string{
		"SELECT a.num, b.num FROM feedback a JOIN feedback b ON b.speaker = a.speaker AND b.print = a.print AND b.print <> '' AND b.num <> a.num WHERE a.num " + numIn,
		"SELECT a.num, b.num FROM feedback a JOIN feedback b ON b.connector = a.connector AND b.duplicate_of = a.id AND b.duplicate_of <> '' AND b.num <> a.num WHERE a.num " + numIn,
		"SELECT a.num, b.num FROM feedback a JOIN feedback b ON b.connector = a.connector AND b.id = a.duplicate_of AND b.num <> a.num WHERE a.duplicate_of <> '' AND a.num " + numIn,
		"SELECT a.num, b.num FROM feedback a JOIN feedback b ON b.connector = a.connector AND b.duplicate_of = a.duplicate_of AND b.duplicate_of <> '' AND b.num <> a.num WHERE a.num " + numIn,
	} {
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
	var bonded int
	if err := ch.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM bond LIMIT 1) AS any_bond").Scan(&bonded); err != nil || bonded == 0 {
		return nil, err
	}
	said, err := ch.prints(ctx, "num "+numIn, list)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	seeds := map[partyKey]bool{}
	for _, p := range said {
		seeds[speakerKey(p.speaker)] = true
	}
	known, err := ch.members(ctx, slices.SortedFunc(maps.Keys(seeds), partyKey.compare))
	if err != nil {
		return nil, err
	}
	var others []string
	for _, group := range known.all() {
		for _, k := range group {
			if len(group) > 1 {
				others = append(others, speakerOf(k))
			}
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	speakers, err := encode(others)
	if err != nil {
		return nil, err
	}
	texts, err := encode(slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, p := range said {
			if !yield(p.text) {
				return
			}
		}
	})))
	if err != nil {
		return nil, err
	}
	alike, err := ch.prints(ctx, "speaker "+inList+" AND print "+inList, speakers, texts)
	if err != nil {
		return nil, err
	}
	type voice struct {
		who  partyKey
		text string
	}
	by := map[voice][]int64{}
	for _, p := range alike {
		v := voice{known.top(speakerKey(p.speaker)), p.text}
		by[v] = append(by[v], p.num)
	}
	var pairs [][2]int64
	for _, p := range said {
		for _, num := range by[voice{known.top(speakerKey(p.speaker)), p.text}] {
			if num != p.num {
				pairs = append(pairs, [2]int64{p.num, num})
			}
		}
	}
	return pairs, nil
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
