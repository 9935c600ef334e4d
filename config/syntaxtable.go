package config

import "strings"

// explainSyntax says a message of the YAML library in plain words. The message
// itself is not shown where it may repeat a value.
func explainSyntax(message string) (what, remedy string) {
	for _, e := range syntaxTable() {
		if strings.Contains(message, e[0]) {
			return "this is no YAML: " + e[1], e[2]
		}
	}
	return "this is no YAML", "compare indentation, quotes and brackets with the lines around"
}

// syntaxTable lists part of a message, what it means, and what to do.
func syntaxTable() [][3]string {
	const quote = "put the whole value in single quotes"
	return [][3]string{
		{"unknown anchor", "an alias (*) names nothing", "put text that starts with * in single quotes"},
		{"mapping values are not allowed", "a second colon on the line, or wrong indentation", quote + ", or indent keys of one mapping alike"},
		{"mapping keys are not allowed", "a ? where no key can stand", quote},
		{"did not find expected key", "the line does not fit those before it", "indent keys of one mapping alike; " + quote + " if text follows a closing quote"},
		{"expected ',' or ']'", "a list in brackets is not closed, or goes wrong here", "close it with ], separate entries by commas, and put entries with signs in single quotes"},
		{"expected ',' or '}'", "a mapping in braces is not closed, or goes wrong here", "close it with }, separate entries by commas, and put values with signs in single quotes"},
		{"expected node content", "a bracket or brace is not closed, or a value is missing", "close it with ] or }, and leave out commas that separate nothing"},
		{"found unexpected end of stream", "a quote is opened and never closed", "close the quote; inside single quotes write '' for one '"},
		{"found unexpected document indicator", "a quote is opened and never closed", "close the quote"},
		{"found character that cannot start any token", "a value or line starts with a tab or with one of @ ` %", "indent with spaces; " + quote},
		{"found a tab character", "a tab is used for indentation", "indent with spaces"},
		{"could not find expected ':'", "a key without a colon, or text that is indented too little", "write key: value"},
		{"did not find expected '-' indicator", "a list ends in something that is no entry", "start every entry with - at the same indentation"},
		{"block sequence entries are not allowed", "a list starts behind a key on the same line", "start the list on the next line, or write [a, b]"},
		{"expected alphabetic or numeric character", "a value starts with & or *", quote},
		{"comment or line break", "text stands behind | or >", "start the text on the next line"},
		{"tag", "a value starts with !", quote},
		{"expected whitespace or line break", "a value starts with !", quote},
		{"directive", "a line starts with %", quote},
		{"escape character", "a \\ in double quotes starts an escape", "use single quotes"},
		{"hexdecimal", "a \\ in double quotes starts an escape", "use single quotes"},
		{"control characters", "the text has a control character", "remove it"},
		{"document start", "the document has ended before this line", "leave out the line ... above, or move what follows to a file of its own"},
		{"exceeded max depth", "the text is nested too deep", "write fewer levels"},
	}
}
