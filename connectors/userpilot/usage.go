package userpilot

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// usage counts events by name, account and day.
type usage struct {
	config Config
	counts map[counted]*tally
}

type counted struct {
	kind, name, account string
	day                 int64 // days since 1970
}

// tally is how often something was used on one day. Users are hashes.
type tally struct {
	count int
	users map[uint64]struct{}
}

// part begins a part of an export. What it takes counts once it is kept.
func (u *usage) part() (take func(event), keep func()) {
	staged := map[counted]*tally{}
	take = func(e event) {
		name := string(e.Name)
		if e.Type == pageView {
			name = areaOf(string(e.Path))
		}
		if name == "" || !slices.Contains(u.config.Usage.Events, e.Type) {
			return
		}
		key := counted{e.Type, name, string(e.Company), e.at.Unix() / int64(day/time.Second)}
		t := staged[key]
		if t == nil {
			t = &tally{users: map[uint64]struct{}{}}
			staged[key] = t
		}
		t.count++
		if e.User != "" {
			h := fnv.New64a()
			_, _ = h.Write([]byte(e.User)) // never fails
			t.users[h.Sum64()] = struct{}{}
		}
	}
	return take, func() { u.merge(staged) }
}

func (u *usage) merge(staged map[counted]*tally) {
	for key, t := range staged {
		old := u.counts[key]
		if old == nil {
			u.counts[key] = t
			continue
		}
		old.count += t.count
		maps.Copy(old.users, t.users)
	}
}

// size is how much is held in memory.
func (u *usage) size() int { return len(u.counts) }

// rows are the days of the job's window. A day before it is not whole.
func (u *usage) rows(f frame, j job) (rows, bool) {
	var r rows
	for key, t := range u.counts {
		m := work.Metric{
			Connector: f.connector, Name: f.books.used(key.kind, key.name), Account: key.account, Day: time.Unix(key.day*int64(day/time.Second), 0).UTC(),
			Count: work.NewNumber(float64(t.count)), Audience: f.audience,
		}
		if len(t.users) > 0 {
			m.Users = work.NewNumber(float64(len(t.users)))
		}
		if !m.Day.Before(j.From) {
			r.metrics = append(r.metrics, m)
		}
	}
	slices.SortFunc(r.metrics, func(a, b work.Metric) int {
		return cmp.Or(a.Day.Compare(b.Day), strings.Compare(a.Name, b.Name), strings.Compare(a.Account, b.Account))
	})
	return r, true
}
