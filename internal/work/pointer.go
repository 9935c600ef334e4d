package work

import (
	"strconv"
	"strings"
)

// Key returns the pointer to a key below p, escaped as RFC 6901 says.
func (p Pointer) Key(name string) Pointer {
	return p + "/" + Pointer(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

// Index returns the pointer to an element below p.
func (p Pointer) Index(i int) Pointer { return p + "/" + Pointer(strconv.Itoa(i)) }

// Suggest returns `did you mean "x"?` for the nearest of the known names, or
// a list of what there is when nothing is near and the list is short.
func Suggest(name string, known []string) string {
	best, distance := "", len(name)/2+2
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	switch {
	case best != "":
		return "did you mean " + strconv.Quote(best) + "?"
	case len(known) > 0 && len(known) <= 12:
		return "known are: " + strings.Join(known, ", ")
	default:
		return ""
	}
}

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := previous
			if a[i] != b[j] {
				cost = 1 + min(previous, row[j], row[j+1])
			}
			previous, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
