package digest

import (
	"cmp"
	"strings"
	"time"

	"tandem/internal/view"
)

// failed tells those who run Tandem what does not work.
func (r *reader) failed() error {
	status, err := r.Status()
	if err != nil {
		return err
	}
	if status.Paused {
		what := "writing is paused"
		if status.PausedBy != "" {
			what += " by " + clean(status.PausedBy)
		}
		r.fails(what, "when it may go on: tandem resume")
	}
	for _, name := range r.out.Stale {
		var last time.Time
		why := ""
		for _, s := range status.Streams {
			if s.Connector == name && s.Failed {
				why = cmp.Or(why, s.Failure)
				if last.IsZero() || s.LastRead.Before(last) {
					last = s.LastRead
				}
			}
		}
		what := name + " could not be read"
		if !last.IsZero() {
			what += ", last on " + last.UTC().Format(time.DateTime) + " UTC"
		}
		if why = clean(why); why != "" {
			what += ": " + why
		}
		r.fails(what, "what is stored stays, nothing is written there; see: tandem status")
	}
	if status.DeadLetters == 0 {
		return nil
	}
	r.fails(plural(status.DeadLetters, "record or edit is set aside", "records and edits are set aside"), "see: tandem status")
	letters, err := r.DeadLetters(told)
	if err != nil {
		return err
	}
	for i := range letters.Letters {
		r.letter(&letters.Letters[i])
	}
	r.out.FailedAll, r.out.Failed = len(r.out.Failed), r.out.Failed[:min(2*told, len(r.out.Failed))]
	return nil
}

// letter tells of something that was set aside, where it may be seen.
func (r *reader) letter(l *view.Letter) {
	if l.Restricted == "" && l.Ref != "" {
		r.fails(strings.TrimSuffix(clean(l.What)+" "+clean(l.Ref)+": "+clean(l.Cause), ": "), clean(l.Remedy))
	}
}

func (r *reader) fails(what, remedy string) {
	r.out.Failed = append(r.out.Failed, Failed{what, remedy})
	r.out.FailedAll = len(r.out.Failed)
}
