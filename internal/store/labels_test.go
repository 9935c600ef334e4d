package store_test

import "tandem/internal/work"

// relabel is an edit that puts a label on issue 1, or takes it off.
func relabel(id string, verb work.Verb, label string) work.Edit {
	e := edit("1", "x", "y")
	e.ID, e.Verb, e.Target.Path, e.Target.Element = id, verb, work.NativeLabels, label
	e.Value, e.Expect = work.NewFlag(verb == work.AddLabel), work.NewFlag(verb != work.AddLabel)
	return e
}

// wrote is told that edits of issue 1 arrived, and were read back.
func (k *kept) wrote(edits ...work.Edit) {
	k.t.Helper()
	k.begin(edits...)
	for _, e := range edits {
		k.finish(result(e, work.Applied))
	}
	k.read([]work.Ref{edits[0].Ref()}, issue("1", 2, "High"))
}

// label adds or removes a label, and reads the record back.
func (k *kept) label(verb work.Verb, label string, unless ...string) work.Edit {
	k.t.Helper()
	e := relabel(string(verb)+label, verb, label)
	e.Unless = work.NewList(unless...)
	k.wrote(e)
	return e
}
