package engine

import (
	"fmt"

	"tandem/mapping/agreement"
)

// Kept says in words how many of the first 10 and of the first 50 of an order
// are still among them, which is what people ask first of another order.
func Kept(f agreement.Figures) string {
	const few, many = 10, 50
	before := f.Items + f.Went
	switch {
	case before == 0:
		return "there was no order before"
	case before == 1 && f.Items == 1:
		return "the only item stays"
	case before == 1:
		return "the only item went"
	}
	text := keptOf(f.Same10, min(few, before))
	if before > few {
		text += "; " + keptOf(f.Same50, min(many, before))
	}
	return text
}

func keptOf(same, top int) string {
	text := fmt.Sprintf("of the first %d, ", top)
	switch same {
	case 0:
		return text + "none stays there"
	case 1:
		return text + "1 stays there"
	case top:
		return text + "all stay there"
	default:
		return text + fmt.Sprintf("%d stay there", same)
	}
}
