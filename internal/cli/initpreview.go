package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/web"
	"tandem/internal/web/firsthour"
	"tandem/internal/work"
	"tandem/scheduler"
)

// rehearse reads everything by the files that would be written, into a store
// that is thrown away, and says what Tandem would do. It writes nothing.
func (i *initiation) rehearse(ctx context.Context, folder string, files []file) firsthour.Preview {
	p := firsthour.Preview{Files: filesData(files)}
	report, err := i.rehearsal(ctx, folder, files)
	switch {
	case err != nil:
		p.Failed = "The plan could not be made: " + onPage(err)
	case len(report.Failures) > 0:
		for _, name := range slices.Sorted(maps.Keys(report.Failures)) {
			p.Failed += fmt.Sprintf("%s could not be read: %v\n", name, report.Failures[name])
		}
	default:
		for _, name := range slices.Sorted(maps.Keys(report.Reads)) {
			p.Read = append(p.Read, plural(report.Reads[name].New+report.Reads[name].Changed, "issue", "issues")+" from "+name)
		}
		p.Items, p.Groups, p.Filled = len(report.Outcome.Items), groups(report.Outcome), i.filled(report.Outcome)
		for _, f := range slices.Concat(report.Findings, report.Outcome.Plan.Findings) {
			if len(p.Worth) < mostWorth {
				p.Worth = append(p.Worth, f.Subject+": "+f.What+"\n→ "+f.Remedy)
			}
		}
	}
	return p
}

// The bounds of a page.
const (
	mostWorth    = 10
	mostExamples = 8
)

func (i *initiation) rehearsal(ctx context.Context, folder string, files []file) (scheduler.Report, error) {
	draft, err := os.MkdirTemp(folder, "draft-")
	if err != nil {
		return scheduler.Report{}, fmt.Errorf("make a draft: %w", err)
	}
	defer func() { _ = os.RemoveAll(draft) }() // a draft
	if err := writeFiles(draft, files); err != nil {
		return scheduler.Report{}, err
	}
	own := *i.app
	own.config, own.streams.Err = filepath.Join(draft, settingsName), io.Discard
	cmd := &cobra.Command{Use: "init"}
	cmd.SetContext(ctx)
	config.AddFlags(cmd.Flags())
	for flag, value := range map[string]string{"store": "sqlite:" + filepath.Join(draft, "draft.db"), "write": "observe"} {
		if err := cmd.Flags().Set(flag, value); err != nil {
			return scheduler.Report{}, fmt.Errorf("make a draft: %w", err)
		}
	}
	s, err := own.begin(cmd) //nolint:contextcheck // the command holds it
	if err != nil {
		return scheduler.Report{}, err
	}
	defer s.end() //nolint:contextcheck // it ends when the context has ended, too
	return s.cycle.Plan(ctx)
}

func filesData(files []file) []firsthour.File {
	all := make([]firsthour.File, 0, len(files))
	for _, f := range files {
		all = append(all, firsthour.File{Name: f.name, Doc: f.doc, Body: f.body})
	}
	return all
}

// groups sorts a plan into what is adopted, kept and written.
func groups(o *engine.Outcome) []firsthour.Group {
	adopt := firsthour.Group{Name: "Adopt", Doc: "Stands there already as Tandem would have it: it is remembered, and nothing is written.", Count: len(o.Plan.Adopted)}
	lines := map[string]int{}
	for _, e := range o.Plan.Adopted {
		lines[e.Target.Connector+": "+e.Target.Path]++
	}
	adopt.Lines = sorted(lines)
	keep := firsthour.Group{Name: "Keep", Doc: "People set it, or it is not clear: it stays, until a person decides.", Count: len(o.Plan.Holds)}
	lines = map[string]int{}
	for _, h := range o.Plan.Holds {
		lines[web.CauseText(h.Cause)]++
		if len(keep.Examples) < mostExamples {
			ref := work.Ref{RefID: h.Target.RefID, Key: h.Key}.String()
			keep.Examples = append(keep.Examples, firsthour.Example{Ref: ref, Title: titleOf(o, ref), Field: h.Field.String(), From: valueText(h.Have), To: valueText(h.Want), Because: web.CauseText(h.Cause)})
		}
	}
	keep.Lines = sorted(lines)
	write := firsthour.Group{Name: "Write", Doc: "Tandem would change it, once a team lets it. Nothing of it is written now.", Count: len(o.Plan.Edits)}
	lines = map[string]int{}
	for _, e := range o.Plan.Edits {
		lines[e.Target.Connector+": "+e.Field.String()]++
		if len(write.Examples) < mostExamples {
			ref := e.Ref().String()
			write.Examples = append(write.Examples, firsthour.Example{Ref: ref, Title: titleOf(o, ref), Field: e.Field.String(), From: valueText(e.Expect), To: comes(e.Edit), Because: e.Because})
		}
	}
	write.Lines = sorted(lines)
	return []firsthour.Group{adopt, keep, write}
}

func titleOf(o *engine.Outcome, ref string) string {
	d, ok := o.FindKey(ref)
	if !ok {
		return ""
	}
	return short(d.Item.Fields.Get(work.Title).Text(), 60)
}

// comes is what an edit brings.
func comes(e work.Edit) string {
	if e.Verb == work.SetField {
		return valueText(e.Value)
	}
	return change(e)
}

// filled counts the items that have each of the fields that are used.
func (i *initiation) filled(o *engine.Outcome) map[string]int {
	counts := map[string]int{}
	for _, f := range i.proposed() {
		if !i.said[f] {
			continue
		}
		counts[f.String()] = 0
		for _, d := range o.Items {
			if d.Item.Fields.Get(f).Present() {
				counts[f.String()]++
			}
		}
	}
	return counts
}

// valueText leaves out what is not known.
func valueText(v work.Value) string {
	if v.Present() {
		return v.String()
	}
	return "–"
}

// sorted are counts, the largest first.
func sorted(counts map[string]int) []firsthour.Line {
	lines := make([]firsthour.Line, 0, len(counts))
	for what, n := range counts {
		lines = append(lines, firsthour.Line{Count: n, What: what})
	}
	slices.SortFunc(lines, func(a, b firsthour.Line) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.What, b.What)) })
	return lines
}
