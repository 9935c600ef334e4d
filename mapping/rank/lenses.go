package rank

// TwoLenses reports whether why and next are asked of two lenses, which may
// disagree.
func (r *Ranker) TwoLenses() bool { return r.why != r.next }
