package view

import (
	"sync"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// forecasts keeps what writing the newest plan would set off: it is the same for
// everybody who may know.
type forecasts struct {
	mu    sync.Mutex
	run   int64
	found []work.Finding
}

// Forecast tells what writing the newest plan would set off beside its changes,
// such as mails to people. It counts all edits that are not only shown, and so
// is for those who decide and are inside.
func (vi *Visit) Forecast() ([]work.Finding, error) {
	ask := vi.desk.conf.Forecast
	if ask == nil || vi.may(Approver) != nil || !vi.sees(work.Internal) {
		return nil, nil
	}
	run, _, err := vi.shown()
	if err != nil {
		return nil, err
	}
	f := &vi.desk.forecasts
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run == run.Seq {
		return f.found, nil
	}
	var edits []work.Edit
	for i := range run.Plan.Edits {
		if e := &run.Plan.Edits[i]; e.Gate != plan.Observed {
			edits = append(edits, e.Edit)
		}
	}
	f.run, f.found = run.Seq, ask(vi.ctx, edits)
	return f.found, nil
}
