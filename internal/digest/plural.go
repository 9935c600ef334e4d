package digest

import "strconv"

// plural counts: 1 item, 2 items.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
