package store_test

import (
	"testing"
	"time"

	"tandem/internal/work"
)

// labelled is an issue of some minute with a priority and labels.
func labelled(version int, priority string, labels ...string) work.Record {
	r := issue("1", version, priority)
	r.Fields["labels"] = work.NewList(labels...)
	r.Fields["updated"] = work.NewTime(r.Version)
	return r
}

// The last change is somebody's, never Tandem's own, as long as a version
// differs by what Tandem wrote and by nothing else.
func TestTandemsOwnWritesAreNoChangeOfTheRecord(t *testing.T) {
	onBoth(t, func(k *kept) {
		last := func() time.Time {
			k.t.Helper()
			r := k.snapshot().Records[0]
			if r.LastChange.IsZero() {
				return r.Version
			}
			return r.LastChange
		}
		write := func(after work.Record, edits ...work.Edit) {
			k.t.Helper()
			k.begin(edits...)
			for _, e := range edits {
				k.finish(result(e, work.Applied))
			}
			k.read([]work.Ref{after.Ref}, after)
		}
		label := func(name string, verb work.Verb) work.Edit {
			e := edit("1", "", "")
			e.ID += name + string(verb)
			e.Target.Path, e.Target.Element, e.Verb = "labels", name, verb
			e.Value, e.Expect = work.NewFlag(verb == work.AddLabel), work.NewFlag(verb != work.AddLabel)
			return e
		}
		k.page(labelled(1, "High", "a"))
		theirs := last()
		write(labelled(2, "Low", "a"), edit("1", "High", "Low"))
		diff(k.t, "after a write of Tandem", theirs, last())
		write(labelled(3, "Low", "b"), label("a", work.RemoveLabel), label("b", work.AddLabel))
		diff(k.t, "after a second one", theirs, last())
		k.reopen()
		diff(k.t, "after a restart", theirs, last())

		k.page(labelled(4, "Low", "b")) // a comment, say
		diff(k.t, "somebody did what no field shows", labelled(4, "").Version, last())
		write(labelled(5, "Low", "b", "c", "x"), label("c", work.AddLabel))
		diff(k.t, "somebody added a label beside", labelled(5, "").Version, last())
		write(labelled(6, "High", "b", "c", "x"), edit("1", "Low", "Medium"))
		diff(k.t, "somebody set something else", labelled(6, "").Version, last())

		link := edit("1", "", "https://github.example/1")
		link.ID, link.Target.Path, link.Target.Element, link.Verb = "link", work.NativeRemoteLink, "tandem=1", work.PutLink
		write(labelled(7, "High", "b", "c", "x"), link)
		diff(k.t, "a link that no field shows", labelled(6, "").Version, last())
		k.page(labelled(8, "High", "b", "c", "x"))
		diff(k.t, "it was read back: this is somebody else", labelled(8, "").Version, last())
	})
}
