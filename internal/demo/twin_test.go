package demo_test

import "maps"

// piece is one piece of work: an issue, or an issue of Jira and its twin.
type piece struct {
	issues []*issue // github before jira

	// What the issues say together.
	birth      *issue
	team       string
	audience   int
	status     string
	kind       string
	severity   number
	acceptance string

	evidence evidence
	why      score
	next     score
	tier     string
	horizon  string
	fixed    bool // a person chose the horizon
}

func (w *piece) done() bool { return w.status == "done" }

// id names the piece after where it was born.
func (w *piece) id() string { return w.birth.ref() }

// jira returns the issue of Jira; nil where there is none.
func (w *piece) jira() *issue {
	for _, i := range w.issues {
		if i.service == "jira" {
			return i
		}
	}
	return nil
}

// goal is the goal that the work names, or that its theme serves.
func (w *piece) goal() string {
	j := w.jira()
	switch {
	case j == nil:
		return ""
	case j.goal != "":
		return j.goal
	default:
		return goalOfTheme(j.theme)
	}
}

// newPiece asks the issue that was there first, and then the other.
func newPiece(issues []*issue) *piece {
	w := &piece{issues: issues, birth: issues[0]}
	for _, i := range issues {
		if i.created.Before(w.birth.created) {
			w.birth = i
		}
		w.audience = max(w.audience, i.audience)
	}
	w.team, w.status = teamOf(w.birth.place), w.birth.status
	if j := w.jira(); j != nil {
		w.kind, w.severity, w.acceptance = j.kind, j.severity, j.acceptance
	}
	return w
}

// pieces joins twins: by marker, by explicit link, by the key at the start of a
// title; and before all by any of these that joined the two before. A weaker
// way never undoes a stronger one, and where one service would have two issues
// of a piece, none of them is joined and the claims are held.
func pieces(all []*issue, before map[string]string) (works []*piece, held []string) {
	group := map[*issue]int{}
	byName, byRef, byURL := map[string]*issue{}, map[string]*issue{}, map[string]*issue{}
	for n, i := range all {
		group[i] = n
		byName[i.name()], byRef[i.ref()] = i, i
		if i.url != "" {
			byURL[i.url] = i
		}
	}
	ways := make([][][2]*issue, 4)
	claim := func(way int, twin, i *issue) {
		if twin == nil {
			return
		}
		if id := before[i.ref()]; id != "" && id == before[twin.ref()] {
			way = 0
		}
		ways[way] = append(ways[way], [2]*issue{i, twin})
	}
	for _, i := range all {
		if i.service != "github" {
			continue // remote links of Jira are not read yet
		}
		claim(1, byRef[i.marker], i)
		for _, link := range i.links {
			claim(2, byURL[link], i)
		}
		claim(3, byName["jira:"+i.titleKey()], i)
	}
	for _, claims := range ways {
		held = append(held, join(group, claims)...)
	}
	members := map[int][]*issue{}
	for _, i := range all {
		members[group[i]] = append(members[group[i]], i)
	}
	for _, i := range all {
		if m := members[group[i]]; m[0] == i {
			works = append(works, newPiece(m))
		}
	}
	return works, held
}

// join follows the claims of one way at once; each is of an issue of GitHub on
// one of Jira.
func join(group map[*issue]int, claims [][2]*issue) (held []string) {
	trial := maps.Clone(group)
	merge := func(group map[*issue]int, a, b *issue) {
		from, to := group[a], group[b]
		for i, g := range group {
			if g == from {
				group[i] = to
			}
		}
	}
	for _, c := range claims {
		merge(trial, c[0], c[1])
	}
	for _, c := range claims {
		count := map[string]int{}
		for i, g := range trial {
			if g == trial[c[0]] {
				count[i.service]++
			}
		}
		switch {
		case count["jira"] <= 1 && count["github"] <= 1:
			merge(group, c[0], c[1])
		case group[c[0]] != group[c[1]]:
			held = append(held, c[0].name()+" none ambiguous_twin")
		}
	}
	return held
}
