// Package likeness finds which work a text may be about.
//
//	docs ── Build ──► Index ── Find(text) ──► matches, the likest first
//
// It only suggests: linking the likest issue without asking was right one time
// in ten (docs/quality.md), so a person accepts or rejects every match.
//
// The order is BM25F (Robertson, Zaragoza, Taylor 2004): the words of a title,
// of what people called the work before, and of its body count by the weight
// of the field, each field against its own mean length. Names in code count
// whole and by their parts (FSDownload: fsdownload, fs, download). A score says
// nothing by itself and nothing across indexes; what a person sees are the
// words that both texts share.
//
// The package is pure: the order of the docs changes nothing.
package likeness
