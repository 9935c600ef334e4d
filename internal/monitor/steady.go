package monitor

// Steadiness is how far the order of a run is from that of the one before.
type Steadiness struct {
	// Tau is Kendall's tau-b, Top10 and Top50 the overlap of the first places.
	Tau, Top10, Top50 float64
	// Places, Priorities, Horizons and Routes count items that changed.
	Places, Priorities, Horizons, Routes int
}

// Steady shows how far the order of the last run is from the one before.
func (r *Recorder) Steady(s Steadiness) {
	r.tau.WithLabelValues().Set(s.Tau)
	r.top.WithLabelValues("10").Set(s.Top10)
	r.top.WithLabelValues("50").Set(s.Top50)
	for what, n := range map[string]int{"place": s.Places, "priority": s.Priorities, "horizon": s.Horizons, "route": s.Routes} {
		r.changed.WithLabelValues(what).Set(float64(n))
	}
}
