package chaos_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/sim/githubsim"
)

// truth reads all slots from the stand-ins and the file.
func (b *book) truth(l *life) map[slot]*value {
	all := map[slot]*value{}
	b.values, b.closed, b.halted, b.off = map[string]wishes{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	groups := maps.Clone(b.former)
	for _, i := range l.jira.World().Issues {
		id := strconv.FormatInt(i.ID, 10)
		groups[i.Key] = id
		where := "jira:" + id
		off := slices.Contains(i.Labels, "tandem/hands-off")
		w := wishes{key: i.Key, project: i.Project, severity: severityOf(i.Custom[severityField]), done: i.Status == "10001", hidden: i.Level != "", handsOff: off}
		if v, ok := i.Custom[valueField].(float64); ok {
			w.tier = tierOf(v, l.high)
			if l.proc != nil {
				w.tier = tierOf(v, l.proc.high)
			}
		}
		b.values[id] = w
		by := nobody
		for _, c := range i.History {
			for _, item := range c.Items {
				if item.FieldID == "priority" && c.Author != "" {
					by = person
				}
			}
		}
		v := value{key: i.Key, place: i.Project, group: id, stopped: off || w.done}
		b.halted[v.key], b.off[v.key] = v.stopped, off
		v.is, v.own, v.by = tierOfNative(i.Project, i.Priority), i.Priority, by
		all[slot{where, "priority"}] = new(v)
		v.is, v.own, v.by = axis(i.Labels, "roadmap/", "now", "next", "later"), "", nobody
		all[slot{where, "horizon"}] = new(v)
	}
	// A key that an issue had joins nothing once the issue is deleted.
	maps.DeleteFunc(groups, func(_, id string) bool { return b.values[id].key == "" })
	hub := l.hub.World()
	cards := map[int64]string{}
	for _, p := range hub.Projects {
		for _, item := range p.Items {
			option, _ := item.Values[horizonField].(string)
			cards[item.Issue] = map[string]string{"a": "now", "b": "next", "c": "later", "": ""}[option]
		}
	}
	for _, i := range hub.Issues {
		where := "github:" + strconv.FormatInt(i.ID, 10)
		key, _, _ := strings.Cut(i.Title, ":")
		group := groups[key]
		off := slices.Contains(i.Labels, "tandem/hands-off")
		b.closed[group] = b.closed[group] || i.State == githubsim.Closed
		v := value{key: i.Key(), place: i.Repository, group: group, stopped: off || b.values[group].done}
		b.halted[v.key], b.off[v.key] = v.stopped, off
		v.is = axis(i.Labels, "priority/p", "1", "2", "3", "4")
		all[slot{where, "priority"}] = new(v)
		v.is = axis(i.Labels, "severity/", "1", "2", "3")
		all[slot{where, "severity"}] = new(v)
		if option, onBoard := cards[i.ID]; onBoard {
			v.is = option
			all[slot{where, "horizon"}] = new(v)
		} else if !l.shape.board {
			v.is = axis(i.Labels, "roadmap/", "now", "next", "later")
			all[slot{where, "horizon"}] = new(v)
		}
	}
	for n := range l.shape.rows {
		id := fmt.Sprintf("R-%d", n+1)
		group := groups[fmt.Sprintf("PAY-%d", n+1)]
		all[slot{"plan:" + id, "priority"}] = &value{key: id, place: "pay", group: group, is: l.row(id), stopped: b.values[group].done}
	}
	return all
}

// sorted are slots in an order that is the same each time.
func sorted(slots map[slot]*value) []slot {
	return slices.SortedFunc(maps.Keys(slots), func(a, b slot) int {
		return cmp.Or(strings.Compare(a.where, b.where), strings.Compare(a.field, b.field))
	})
}

// axis is the one value of a set of labels.
func axis(labels []string, prefix string, values ...string) string {
	var on []string
	for _, v := range values {
		if slices.Contains(labels, prefix+v) {
			on = append(on, v)
		}
	}
	if len(on) > 1 {
		return "?" + strings.Join(on, "+")
	}
	return strings.Join(on, "")
}

func tierOf(v float64, high int) string {
	for n, least := range []float64{float64(high), 60, 30} {
		if v >= least {
			return strconv.Itoa(n + 1)
		}
	}
	return "4"
}
