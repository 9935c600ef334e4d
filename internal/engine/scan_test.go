package engine_test

import (
	"fmt"
	"strings"
)

// sscan reads the first number of a text.
func sscan(text string, into any) (int, error) {
	return fmt.Sscan(text[strings.IndexAny(text, "0123456789"):], into)
}
