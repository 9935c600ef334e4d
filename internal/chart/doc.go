// Package chart draws pictures of numbers that others give it: for pages, and
// for slides.
//
//	Bars, Sparkline, Line, Capacity, Bump, Roadmap
//	    │ draw: shapes with classes, no colours
//	    ├── Inline, Figure ──► SVG inside of a page; its style sheet has the colours (Style)
//	    ├── WriteSVG ────────► a file of 1920 × 1080 that needs nothing else
//	    └── WritePNG ────────► the same picture as pixels
//
// Every picture has a role, a title and a description, and Figure adds its
// numbers as a table. No picture has a style attribute, a script or a link, so
// that the strictest content security policy lets it through. All texts are
// escaped, and what turns text around unseen is left out of them. A number that
// is none draws nothing. The same picture is the same bytes.
//
// What a reader may not see must not be given to a picture: none of them knows
// audiences.
//
// The package also writes lists as CSV for spreadsheets (see WriteCSV).
package chart
