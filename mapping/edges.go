package mapping

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/work"
)

// index finds records by what other records say of them.
type index struct {
	byID  map[work.RefID]int
	byRef map[string]int   // "connector:key"
	byKey map[string][]int // key alone
	byURL map[string]int
}

func newIndex(records []*work.Record) index {
	x := index{
		byID: make(map[work.RefID]int, len(records)), byRef: make(map[string]int, len(records)),
		byKey: make(map[string][]int, len(records)), byURL: make(map[string]int, len(records)),
	}
	for i, r := range records {
		x.byID[r.RefID] = i
		x.byRef[r.Ref.String()] = i
		x.byKey[r.Key] = append(x.byKey[r.Key], i)
		if r.URL != "" {
			x.byURL[r.URL] = i
		}
	}
	return x
}

// edges collects every reason to join, sorted so that the order of records
// changes nothing.
func (p *Program) edges(records []*work.Record, stored map[work.RefID]work.ItemID) []edge {
	x := newIndex(records)
	var edges []edge
	add := func(a, b int, s Strength) {
		if a == b || records[a].Connector == records[b].Connector {
			return
		}
		if records[a].RefID.Compare(records[b].RefID) > 0 {
			a, b = b, a
		}
		edges = append(edges, edge{a, b, s})
	}
	first := map[work.ItemID]int{}
	for i, r := range records {
		if id, ok := stored[r.RefID]; ok {
			if j, seen := first[id]; seen {
				add(j, i, Stored)
			} else {
				first[id] = i
			}
		}
		if connector, id, ok := work.ParseRef(r.Fields[work.NativeMarker].Text()); ok {
			if j, found := x.byID[work.RefID{Connector: connector, ID: id}]; found {
				add(i, j, Marker)
			}
		}
		for _, link := range r.Fields[work.NativeLinks].List() {
			if j, found := x.follow(link); found {
				add(i, j, Link)
			}
		}
	}
	for _, rule := range p.joins {
		if !rule.suggest {
			p.keyEdges(rule, records, x, add)
		}
	}
	slices.SortFunc(edges, func(m, n edge) int {
		return cmp.Or(cmp.Compare(m.strength, n.strength),
			records[m.a].RefID.Compare(records[n.a].RefID), records[m.b].RefID.Compare(records[n.b].RefID))
	})
	return slices.Compact(edges)
}

// follow finds what an explicit link names: "connector:key" or a URL.
func (x index) follow(link string) (int, bool) {
	if i, ok := x.byRef[link]; ok {
		return i, true
	}
	i, ok := x.byURL[strings.TrimRight(link, "/")]
	return i, ok
}

func (p *Program) keyEdges(rule joinRule, records []*work.Record, x index, add func(a, b int, s Strength)) {
	for i, r := range records {
		if r.Connector != rule.connector {
			continue
		}
		key := KeyAtStart(r.Fields[rule.field].Text())
		if key == "" {
			continue
		}
		for _, j := range x.byKey[key] {
			add(i, j, Key)
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
	if bracket != closed || (!bracket && rest != "" && !strings.ContainsRune(" :-–—|", []rune(rest)[0])) {
		return ""
	}
	return title[:end]
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }
