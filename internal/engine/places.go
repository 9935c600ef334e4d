package engine

import (
	"strconv"
	"strings"
)

// PlacesOf lists the places of items of one team in their order, as "places 1, 3
// to 7"; empty for none.
func PlacesOf(items []*Decided) string {
	if len(items) == 0 {
		return ""
	}
	var runs []string
	for i := 0; i < len(items); {
		last := i
		for last+1 < len(items) && items[last+1].TeamPlace == items[last].TeamPlace+1 {
			last++
		}
		run := strconv.Itoa(items[i].TeamPlace)
		if last > i {
			run += " to " + strconv.Itoa(items[last].TeamPlace)
		}
		runs, i = append(runs, run), last+1
	}
	word := "places "
	if len(items) == 1 {
		word = "place "
	}
	return word + strings.Join(runs, ", ")
}
