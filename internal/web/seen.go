package web

import "time"

// lastVisit returns the day on which the reader looked at the order before
// today, on whichever device, and notes today; zero where nobody knows. Without
// it the order is compared with another day, which is no reason to show none.
func (v *visit) lastVisit() time.Time {
	before, err := v.see.LastVisit()
	if err != nil {
		v.web.Log.Warn("a visit could not be noted", "role", v.who.Name, "err", err)
		return time.Time{}
	}
	return before
}

func midnight(t time.Time) time.Time { return t.UTC().Truncate(day) }

// dayOf reads a day; zero where it is none.
func dayOf(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// oldest is the oldest day that can be asked for: the history goes no further.
const oldest = 400 * day

// since is the day that the order is compared with, and the days to choose from:
// the last visit, else the last day of work.
func (v *visit) since() (time.Time, []choice) {
	today, visited := midnight(v.web.Now()), v.lastVisit()
	worked := today.AddDate(0, 0, -1)
	for worked.Weekday() == time.Saturday || worked.Weekday() == time.Sunday {
		worked = worked.AddDate(0, 0, -1)
	}
	days := []struct {
		day  time.Time
		name string
	}{{visited, "your last visit"}, {worked, ""}, {today.AddDate(0, 0, -7), "a week ago"}, {today.AddDate(0, 0, -28), "four weeks ago"}}
	chosen := dayOf(v.URL.Query().Get("since"))
	if !chosen.Before(today) || today.Sub(chosen) > oldest {
		chosen = time.Time{}
	}
	var all []choice
	listed := false
	for _, d := range days {
		if d.day.IsZero() || !d.day.Before(today) || today.Sub(d.day) > oldest || named(all, d.day) {
			continue
		}
		if chosen.IsZero() {
			chosen = d.day
		}
		listed = listed || d.day.Equal(chosen)
		name := dayName(d.day, today)
		if d.name != "" {
			name += ", " + d.name
		}
		all = append(all, choice{d.day.Format(time.DateOnly), name, d.day.Equal(chosen)})
	}
	if !listed {
		all = append(all, choice{chosen.Format(time.DateOnly), dayName(chosen, today), true})
	}
	return chosen, all
}

func named(all []choice, t time.Time) bool {
	for _, c := range all {
		if c.Value == t.Format(time.DateOnly) {
			return true
		}
	}
	return false
}

// dayName says a day as people do: by its weekday within a week, else by its
// date.
func dayName(t, today time.Time) string {
	switch ago := today.Sub(t); {
	case ago == day:
		return "yesterday"
	case ago < week:
		return t.Format("Monday")
	default:
		return t.Format("2 January")
	}
}
