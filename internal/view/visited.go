package view

import "time"

// LastVisit returns the day before today on which the visitor looked, and notes
// today; zero where there was none.
func (vi *Visit) LastVisit() (time.Time, error) {
	return vi.desk.conf.Store.Visited(vi.ctx, vi.who.Name, vi.today())
}
