package chart

import _ "embed" // the style sheet

//go:embed chart.css
var style string

// Style returns the style sheet of Inline and Figure: classes, light and dark.
func Style() string { return style }
