package mapping

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/internal/work"
)

// index finds records by what other records say of them. It is made when the
// first of them says something.
type index struct {
	records []*work.Record
	byID    map[work.RefID]int
	byName  map[string]int // "connector:key"
	byURL   map[string]int
}

// id finds a record by its native id.
func (x *index) id(ref work.RefID) (int, bool) {
	if x.byID == nil {
		x.byID = make(map[work.RefID]int, len(x.records))
		for i, r := range x.records {
			x.byID[r.RefID] = i
		}
	}
	i, ok := x.byID[ref]
	return i, ok
}

// marked finds what a marker names: by the id, or by one that the record had
// before a move gave it another.
func (x *index) marked(ref work.RefID) (int, bool) {
	if i, ok := x.id(ref); ok {
		return i, true
	}
	i, ok := x.link(ref.String())
	return i, ok && slices.Contains(x.records[i].Former, ref.ID)
}

// link finds what an explicit link names: "connector:key" or a URL.
func (x *index) link(link string) (int, bool) {
	if x.byName == nil {
		x.byName, x.byURL = make(map[string]int, len(x.records)), make(map[string]int, len(x.records))
		for i, r := range x.records {
			x.byName[r.String()] = i
			if r.URL != "" {
				x.byURL[r.URL] = i
			}
		}
		x.addFormer()
	}
	if i, ok := x.byName[link]; ok {
		return i, true
	}
	i, ok := x.byURL[strings.TrimRight(link, "/")]
	return i, ok
}

// addFormer finds records by keys that they had before they were moved, unless
// another record has the key now.
func (x *index) addFormer() {
	for i, r := range x.records {
		for _, key := range r.Former {
			if name := r.Connector + ":" + key; !has(x.byName, name) {
				x.byName[name] = i
			}
		}
	}
}

func has(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}

// edges collects every reason to join, the strongest first, sorted so that the
// order of records changes nothing. A reason that joined the two before is the
// strongest: a newcomer who names the same twin does not part them. Without a
// reason of today, what was joined before is joined no longer.
func (p *Program) edges(records []*work.Record, stored func(work.RefID) (work.ItemID, bool)) []edge {
	order := func(i, j int) int { return records[i].Compare(records[j].RefID) }
	if slices.IsSortedFunc(records, func(a, b *work.Record) int { return a.Compare(b.RefID) }) {
		order = cmp.Compare[int]
	}
	var edges []edge
	add := func(a, b int, s Strength) {
		if a == b || records[a].Connector == records[b].Connector {
			return
		}
		if order(a, b) > 0 {
			a, b = b, a
		}
		if id, ok := stored(records[a].RefID); ok {
			if other, ok := stored(records[b].RefID); ok && other == id {
				s = Stored
			}
		}
		edges = append(edges, edge{a, b, s})
	}
	p.namedEdges(records, add)
	slices.SortFunc(edges, func(m, n edge) int {
		if m.strength != n.strength {
			return cmp.Compare(m.strength, n.strength)
		}
		return cmp.Or(order(m.a, n.a), order(m.b, n.b))
	})
	return slices.Compact(edges)
}

// namedEdges joins a record with those that its marker, its links and the
// start of its title name.
func (p *Program) namedEdges(records []*work.Record, add func(a, b int, s Strength)) {
	x := index{records: records}
	var titles []titled
	for _, rule := range p.joins {
		if !rule.suggest {
			titles = append(titles, titled{rule: rule, last: map[string]int{}, before: make([]int, len(records))})
		}
	}
	for i, r := range records {
		if marker := r.Fields[work.NativeMarker]; marker.Present() {
			if connector, id, ok := work.ParseRef(marker.Text()); ok {
				if j, found := x.marked(work.RefID{Connector: connector, ID: id}); found {
					add(i, j, Marker)
				}
			}
		}
		for link := range r.Fields[work.NativeLinks].Elements {
			if j, found := x.link(link); found {
				add(i, j, Link)
			}
		}
		for t := range titles {
			titles[t].note(i, r)
		}
	}
	for t := range titles {
		titles[t].edges(records, add)
	}
}

// titled finds the records whose title begins with a key.
type titled struct {
	rule   joinRule
	last   map[string]int // key → the last of them, counted from 1
	before []int          // the one before it with the same key, 0 for none
}

func (t *titled) note(i int, r *work.Record) {
	if r.Connector != t.rule.connector {
		return
	}
	if key := KeyAtStart(r.Fields[t.rule.field].Text()); key != "" {
		t.before[i], t.last[key] = t.last[key], i+1
	}
}

// edges joins them with the records that have the key.
func (t *titled) edges(records []*work.Record, add func(a, b int, s Strength)) {
	if len(t.last) == 0 {
		return
	}
	for j, r := range records {
		if r.Connector == t.rule.connector {
			continue
		}
		for i := t.last[r.Key]; i > 0; i = t.before[i-1] {
			add(i-1, j, Key)
		}
		for _, key := range r.Former {
			for i := t.last[key]; i > 0; i = t.before[i-1] {
				add(i-1, j, Key)
			}
		}
	}
}

// KeyAtStart returns the issue key that a title begins with, such as PAY-12 in
// "PAY-12: …", "[PAY-12] …" or "PAY-12 …"; empty when there is none.
func KeyAtStart(title string) string {
	title = strings.TrimSpace(title)
	bracket := strings.HasPrefix(title, "[")
	title = strings.TrimPrefix(title, "[")
	project := strings.IndexFunc(title, func(r rune) bool { return !isUpper(r) && !isDigit(r) && r != '_' })
	if project < 2 || title[project] != '-' || !isUpper(rune(title[0])) {
		return ""
	}
	digits := strings.IndexFunc(title[project+1:], func(r rune) bool { return !isDigit(r) })
	end := len(title)
	if digits >= 0 {
		end = project + 1 + digits
	}
	if end == project+1 {
		return ""
	}
	rest := title[end:]
	closed := strings.HasPrefix(rest, "]")
	if next, _ := utf8.DecodeRuneInString(rest); bracket != closed || (!bracket && rest != "" && !strings.ContainsRune(" :-–—|", next)) {
		return ""
	}
	return title[:end]
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }
