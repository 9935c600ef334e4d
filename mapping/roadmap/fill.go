package roadmap

import "time"

// slot is an item while horizons are filled.
type slot struct {
	item    *Item
	index   int // of the item among all
	place   int // in the order of the team, 1 is first
	effort  float64
	assumed bool
	was     int // the index of its last horizon, 0 is none
	in      int // the index of its horizon, 0 is none yet
	how     how
	over    bool // its last horizon is a quarter that is over
	dwells  bool // it came there a short time ago
	latest  int  // the last horizon that is in time for its date, 0 is none
	ties    *priors
	waited  uint64 // horizons that it did not enter since something comes first, as bits
}

// how says what put an item into its horizon.
type how uint8

const (
	byOrder how = iota
	byDate
	byDwell
	byFreeze
)

// waits reports whether the item still looks for a horizon.
func (s *slot) waits() bool { return s.in == 0 && !s.item.Done && s.item.Fixed == "" }

// filling is one team's horizons while they are filled.
type filling struct {
	plan  *Plan
	team  Team
	usual float64
	slots []slot
	// fixed, dated and dwell are the slots that a person set, those that have a
	// date which can be met, and those that came where they are a short time ago.
	fixed, dated, dwell []int
	used                []float64 // by horizon
	names               []string  // with what is planned of what there is, by horizon
	reasons             *reasons
	told                []told // by item
}

// lot is what an item's reason is made of where it has neither dates nor needs:
// many items have the same.
type lot struct {
	effort          float64
	assumed, dwells bool
	how             how
	was, in         int
	since           time.Time // of those that dwell
}

// grain keeps sums of estimates such as 0.1 + 0.2 from being too large.
const grain = 1e-9

// level is one horizon while it is filled.
type level struct {
	*filling

	index int     // 1 is the nearest
	room  float64 // what it holds
	left  float64 // what can still be done there
	used  float64
	empty bool
}

// fill fills the i-th horizon with those who still wait.
func (f *filling) fill(i int) {
	l := level{filling: f, index: i + 1, room: f.capacity(i), left: f.left(i), used: f.taken(i)}
	l.empty = l.used == 0
	if f.plan.horizons[i].frozen {
		l.freeze()
	} else {
		l.dated()
		l.dwelling()
		l.staying()
		l.entering()
	}
	f.used = append(f.used, l.used)
}

func (l *level) take(s *slot, how how) {
	s.in, s.how, l.empty = l.index, how, false
	l.used += s.effort
}

// within reports whether the item fits under a limit.
func (l *level) within(s *slot, limit float64) bool { return l.used+s.effort <= limit+grain }

func (l *level) was(s *slot) bool { return s.was == l.index && !s.over }

// freeze keeps who is there, whatever it needs.
func (l *level) freeze() {
	for n := range l.slots {
		if s := &l.slots[n]; s.waits() && l.was(s) {
			l.take(s, byFreeze)
		}
	}
}

// dated takes those who are late otherwise.
func (l *level) dated() {
	for _, n := range l.filling.dated {
		s := &l.slots[n]
		if !s.waits() || s.latest != l.index || !l.ready(s) {
			continue
		}
		limit := l.left
		if l.was(s) {
			limit = l.room * (1 + l.plan.band)
		}
		if l.within(s, limit) {
			l.take(s, byDate)
		}
	}
}

// dwelling keeps those who came a short time ago, as long as there is room.
func (l *level) dwelling() {
	for _, n := range l.dwell {
		s := &l.slots[n]
		if s.waits() && s.dwells && l.was(s) && l.ready(s) && (l.empty || l.within(s, l.room*(1+l.plan.band))) {
			l.take(s, byDwell)
		}
	}
}

// staying keeps those who were there, as long as everything before them and
// they themselves are within the capacity and the band.
func (l *level) staying() {
	behind := l.used // with everything before in the order
	full := false
	for n := range l.slots {
		s := &l.slots[n]
		if !s.waits() {
			continue
		}
		if behind += s.effort; behind > l.room*(1+l.plan.band)+grain {
			return // nor does anything behind it stay
		}
		stays := s.was > 0 && s.was <= l.index && l.ready(s)
		if !stays || full {
			continue
		}
		if full = !l.within(s, l.room); !full {
			l.take(s, byOrder)
		}
	}
}

// entering takes the others in their order, until the next does not fit.
func (l *level) entering() {
	for n := range l.slots {
		s := &l.slots[n]
		if !s.waits() || !l.ready(s) {
			continue
		}
		if s.dwells && s.was > l.index {
			return // nobody overtakes it either
		}
		limit := l.left
		switch {
		case s.was > l.index:
			limit = min(l.left, l.room*(1-l.plan.band))
		case l.was(s):
			limit = l.room
		}
		first := l.empty && (l.was(s) || l.left == l.room)
		if !first && !l.within(s, limit) {
			return
		}
		l.take(s, byOrder)
	}
}

// ready reports whether everything that comes first is in this horizon or in a
// nearer one.
func (l *level) ready(s *slot) bool {
	if s.ties == nil {
		return true
	}
	for _, p := range s.ties.needs {
		if in := l.placeOf(&l.slots[p.slot]); in == 0 || in > l.index {
			s.waited |= 1 << l.index
			return false
		}
	}
	s.waited &^= 1 << l.index
	return true
}

// placeOf returns the horizon of a slot by now; 0 is none.
func (f *filling) placeOf(s *slot) int {
	if s.item.Fixed != "" {
		return f.plan.Place(s.item.Fixed)
	}
	return s.in
}

// taken returns what people's choices use up of the i-th horizon.
func (f *filling) taken(i int) float64 {
	used := 0.0
	for _, n := range f.fixed {
		if s := &f.slots[n]; s.item.Fixed == f.plan.horizons[i].name {
			used += s.effort
		}
	}
	return used
}
