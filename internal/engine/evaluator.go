package engine

// Evaluator decides one snapshot after the other and does again only what hangs
// on what changed: Next is equal to Evaluate of the later snapshot, and much
// quicker where little changed. It keeps what it needs for that; outcomes that
// it gave stay as they are. It is used by one goroutine at a time.
type Evaluator struct {
	rules *Rules
	e     *evaluation
}

// NewEvaluator returns an Evaluator that has evaluated nothing.
func NewEvaluator(rules *Rules) *Evaluator { return &Evaluator{rules: rules} }

// Evaluate decides a whole snapshot. The Evaluator goes on reading it.
func (v *Evaluator) Evaluate(snap Snapshot) Outcome {
	e, o := evaluateWhole(v.rules, &snap)
	snap.Holds, snap.Records, snap.Ledger, snap.Evidence = nil, nil, nil, nil // kept in another form
	v.keep(e)
	return o
}

// Next decides the snapshot that comes of the last one by a delta. It reports
// false where it cannot, and then knows nothing any more: a whole snapshot is to
// be evaluated.
func (v *Evaluator) Next(d Delta) (Outcome, bool) {
	last := v.e
	v.e = nil
	if last == nil || last.asked || last.kept && !d.Kept || !d.Now.AsOf.Equal(last.snap.AsOf) || !same(d.Now, *last.snap) {
		return Outcome{}, false
	}
	e := last.follow(&d)
	if e == nil {
		return Outcome{}, false
	}
	o := e.outcome()
	e.past = e.past.rest()
	v.keep(e)
	return o, true
}

func (v *Evaluator) keep(e *evaluation) {
	e.lines = nil
	v.e = e
}

// Rules are those that it decides by.
func (v *Evaluator) Rules() *Rules { return v.rules }
