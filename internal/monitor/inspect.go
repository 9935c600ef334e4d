package monitor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// From when on something counts as a problem.
const (
	oldHold    = 30 * 24 * time.Hour
	lateHint   = 15 * time.Minute
	clockApart = 2 * time.Minute
	clockFar   = 30 * time.Minute
	leastFree  = 512 << 20
	largeStore = 4 << 30
	census     = "census"
)

// writing says why nothing, or less than wanted, is written.
func writing(in Inspected) []Problem {
	f := &in.Figures
	var all []Problem
	switch {
	case f.Copied != nil:
		all = append(all, Problem{
			Stopped, "store_copied", "", "Nothing is written: " + f.Copied.String() + ".",
			"If the original writes no more: tandem resume --here. If it does, leave this one alone, or give it another instance:, an empty store: and places of its own.",
		})
	case f.Paused:
		what := "Writing is paused by " + f.PausedBy
		if f.PausedWhy != "" {
			what += " (" + f.PausedWhy + ")"
		}
		all = append(all, Problem{Stopped, "paused", "", what + ". Reading and deciding go on.", "End it with: tandem resume"})
	}
	all = append(all, firstRead(in)...)
	if f.Brake != "" {
		why, _, _ := strings.Cut(f.Brake, "; ")
		all = append(all, Problem{
			Stopped, "brake_on", "", "The brake is on" + sinceWhen(f.Braked, in.Now) + ": " + why + ".",
			"Read tandem plan. If it is what you want: tandem apply. If not, correct the rules.",
		})
	}
	return all
}

// firstRead says which connectors were never read whole, so that nothing is
// written anywhere.
func firstRead(in Inspected) []Problem {
	var all []Problem
	for _, name := range in.Figures.FirstRead {
		why := "its first read goes on"
		remedy := "Nothing: writing begins by itself once it was read."
		for _, c := range in.Connectors {
			if p, failed := stale(c, in); failed && c.Name == name {
				why, _, _ = strings.Cut(strings.TrimPrefix(p.What, name+" is "), "\n")
				remedy = p.Remedy + " Or take " + name + " out of tandem.yaml. Or, where nothing in it is the twin of anything: tandem release --first-read " + name
			}
		}
		all = append(all, Problem{
			Stopped, "first_read", name,
			fmt.Sprintf("Nothing is written yet: %s was never read whole, and may hold twins and owners of what is (%s).", name, strings.TrimSuffix(why, ".")), remedy,
		})
	}
	return all
}

// unreadable says which connectors are not read.
func unreadable(in Inspected) []Problem {
	var all []Problem
	for _, c := range in.Connectors {
		if p, ok := stale(c, in); ok {
			all = append(all, p)
			continue
		}
		last := lastRead(c.Name, in.Figures.Streams)
		if patience := max(10*c.Every, 15*time.Minute); !c.Silent && !last.IsZero() && in.Now.Sub(last) > patience {
			all = append(all, Problem{
				Stopped, "connector_quiet", c.Name, fmt.Sprintf("%s was last read %s, without an error since.", c.Name, ago(last, in.Now)),
				"Is the daemon running? Start it with: tandem run",
			})
		}
	}
	return all
}

// stale says since when a connector cannot be read, and why.
func stale(c Inspectable, in Inspected) (Problem, bool) {
	for _, s := range in.Figures.Streams {
		if s.Connector != c.Name || s.Failure == "" || s.Stream == census {
			continue
		}
		since := ", it was never read"
		if last := lastRead(c.Name, in.Figures.Streams); !last.IsZero() {
			since = sinceWhen(last, in.Now)
		}
		return Problem{
			Stopped, "connector_stale", c.Name,
			fmt.Sprintf("%s is stale%s: %s.", c.Name, since, strings.TrimRight(clip(s.Failure, 240), ".?!")), remedyOf(s.Failure, c),
		}, true
	}
	return Problem{}, false
}

// lastRead is when the last of a connector's streams was read. What a failed
// read brought counts: it is stored.
func lastRead(name string, streams []work.StreamStatus) time.Time {
	var last time.Time
	for _, s := range streams {
		if s.Connector == name && s.Stream != census && s.LastRead.After(last) {
			last = s.LastRead
		}
	}
	return last
}

// remedyOf says what to do about the failure of a read.
func remedyOf(failure string, c Inspectable) string {
	text := strings.ToLower(failure)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
	}
	look := "Look with: tandem check. What is stored stays, and it is tried again by itself."
	switch {
	case has(": 401", "take the credentials", "set credentials", "refresh token"):
		secrets := strings.Join(c.Credentials, " and ")
		if secrets == "" {
			secrets = "connectors." + c.Name + ".auth"
		}
		return "Renew the credentials that stand in " + secrets + "; a changed environment needs a new start of the daemon, a file does not. Then: tandem check"
	case has(": 403"):
		return "Give the account the rights that the error names. " + look
	case has("limit of the service reached", "left to people"):
		return "Nothing: it goes on by itself then. If it happens daily, lengthen every: or use an account that nobody else uses."
	case has("no such host", "connection refused", "timeout", "deadline", "certificate", "network is unreachable"):
		return "Is the service up, and can this machine reach it (address, proxy, DNS, certificates)? " + look
	default:
		return look
	}
}

// deciding says that nothing is decided.
func deciding(in Inspected) []Problem {
	var all []Problem
	if in.LeasesKnown && len(in.Leases) == 0 {
		all = append(all, Problem{Stopped, "no_daemon", "", "No daemon is running" + sinceLast(in) + ".", "Start it with: tandem run"})
	}
	if in.Figures.LastRun == 0 {
		all = append(all, Problem{Stopped, "never_decided", "", "Nothing was decided yet.", "Begin with: tandem plan"})
	}
	return all
}

func sinceLast(in Inspected) string {
	var last time.Time
	for _, c := range in.Connectors {
		if at := lastRead(c.Name, in.Figures.Streams); at.After(last) {
			last = at
		}
	}
	if last.IsZero() {
		return ""
	}
	return "; the last read was " + ago(last, in.Now)
}

// waiting says what waits for a person or for longer than it should.
func waiting(in Inspected) []Problem {
	var all []Problem
	rivalled := map[string]int{}
	for _, p := range in.Figures.Rivals {
		rivalled[p.Connector] += p.Count
		all = append(all, Problem{
			Stopped, "second_tandem", p.Connector,
			fmt.Sprintf("%s: another Tandem, %s, writes in the same places; %s not written, the first %s.", p.Connector, p.Kind, count(p.Count, "edit was", "edits were"), ago(p.Oldest, in.Now)),
			"Give each Tandem places of its own, or stop one of them. If that one is gone for good: tandem resume --over " + p.Kind + ", and start the daemon anew.",
		})
	}
	for _, p := range in.Figures.Letters {
		if p.Kind == "edit" {
			p.Count -= rivalled[p.Connector]
		}
		if p.Count <= 0 {
			continue
		}
		what, remedy := count(p.Count, "record was", "records were")+" not understood", "They are listed below; what is mended at the source is read again by itself."
		if p.Kind == "edit" {
			what, remedy = count(p.Count, "edit was", "edits were")+" refused", "They are listed below. Mend the cause, then: tandem release --set-aside "+p.Connector
		}
		all = append(all, Problem{Warned, "dead_letters", p.Connector, fmt.Sprintf("%s: %s, the first %s.", p.Connector, what, ago(p.Oldest, in.Now)), remedy})
	}
	wanted := []work.Cause{work.PredatesTandem, work.HandsOff, work.RespectOver} // by people, or about to go
	for _, p := range in.Figures.Held {
		if p.Oldest.IsZero() || in.Now.Sub(p.Oldest) < oldHold || slices.Contains(wanted, work.Cause(p.Kind)) {
			continue
		}
		all = append(all, Problem{
			Warned, "old_holds", p.Connector,
			fmt.Sprintf("%s: %s by %s, the oldest for %s.", p.Connector, count(p.Count, "value is held", "values are held"), p.Kind, span(in.Now.Sub(p.Oldest))),
			"See them with: tandem plan --all. End one with: tandem release REF FIELD, or change what Tandem should want in the rules.",
		})
	}
	for _, p := range in.Figures.Hints {
		if !p.Oldest.IsZero() && in.Now.Sub(p.Oldest) > lateHint {
			all = append(all, Problem{
				Warned, "hints_waiting", p.Connector,
				fmt.Sprintf("%s: %s that a webhook announced, the first %s.", p.Connector, count(p.Count, "change waits", "changes wait"), ago(p.Oldest, in.Now)),
				"The daemon reads them once the service answers; if nothing else is wrong, is it running?",
			})
		}
	}
	return all
}

// limiting says which limits are nearly used up.
func limiting(in Inspected) []Problem {
	var all []Problem
	for _, l := range in.Figures.Limits {
		over := !l.Reset.IsZero() && !in.Now.Before(l.Reset)
		if over || l.Limit <= 0 || l.Remaining > max(l.Reserve+l.Limit/20, l.Limit/10) {
			continue
		}
		until := ""
		if !l.Reset.IsZero() {
			until = " until " + clock(l.Reset)
		}
		all = append(all, Problem{
			Warned, "limit_low", l.Connector,
			fmt.Sprintf("%s: %d of %d of the limit %s are left%s; Tandem leaves %d to people.", l.Connector, l.Remaining, l.Limit, l.Resource, until, l.Reserve),
			"Nothing now. If it happens daily, lengthen every:, or use an account or App that nobody else uses.",
		})
	}
	return all
}

// clocks says where the clock of this machine is wrong, or that of a service.
func clocks(in Inspected) []Problem {
	var all []Problem
	for _, name := range slices.Sorted(maps.Keys(in.Figures.Skews)) {
		ahead := in.Figures.Skews[name]
		if ahead.Abs() < clockApart {
			continue
		}
		severity, which := Warned, "behind"
		if ahead.Abs() >= clockFar {
			severity = Stopped
		}
		if ahead < 0 {
			which = "ahead of"
		}
		all = append(all, Problem{
			severity, "clock_differs", name, fmt.Sprintf("The clock of this machine is %s %s that of %s.", span(ahead.Abs()), which, name),
			"Let NTP set the clock. Reading goes by the service's clock and stays right; quiet hours, freezes, ages and GitHub App tokens go by this machine's.",
		})
	}
	return all
}

// disk says how full it is.
func disk(in Inspected) []Problem {
	f := &in.Figures
	var all []Problem
	if f.Free >= 0 && f.Bytes > 0 && f.Free < max(leastFree, f.Bytes/4) {
		all = append(all, Problem{
			Warned, "disk_nearly_full", "", fmt.Sprintf("The disk of the store has %s left; the store takes %s.", size(f.Free), size(f.Bytes)),
			"Free space: without any nothing more is stored, and so nothing more is written.",
		})
	}
	if f.Bytes > largeStore {
		all = append(all, Problem{
			Noted, "store_large", "", "The store takes " + size(f.Bytes) + ".",
			"History is kept for 90 days. If it goes on growing, see Size in docs/operations.md.",
		})
	}
	return all
}

// notes says what is as somebody wanted it.
func notes(in Inspected) []Problem {
	var all []Problem
	if n := in.Waiting[plan.NeedsApproval]; n > 0 {
		all = append(all, Problem{Noted, "approval_waits", "", count(n, "edit waits", "edits wait") + " for approval.", "Look and decide: tandem apply"})
	}
	for _, r := range in.Figures.Retired {
		all = append(all, Problem{Noted, "retired", "", "Retired: " + r + ". Nothing is written there.", "End it with: tandem resume " + resumeFlag(r)})
	}
	for _, c := range in.Closed {
		all = append(all, Problem{Noted, "closed", "", "Nothing is written there " + c + ".", "Nothing: it goes on by itself. Quiet hours can be overruled: tandem apply --in-quiet-hours"})
	}
	return all
}

// resumeFlag is the flag that ends a retirement.
func resumeFlag(retirement string) string {
	if kind, name, ok := strings.Cut(retirement, " "); ok {
		return "--" + kind + " " + name
	}
	return "--all"
}
