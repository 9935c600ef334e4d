package config

import (
	"errors"
	"strconv"
	"strings"
)

// Plain scalars are read by these rules, whatever version of YAML other tools
// follow:
//
//	80, -3, 1.10, 2026-11-21   a number or date; as text it keeps its spelling
//	true, false                yes or no; never text
//	yes, no, on, off, y, n     text; refused where the type is open
//	012, 0x1F, 1_000, 1:30,    refused, unless quoted: YAML 1.1 and 1.2
//	1e3 as text, .5, +5, .inf  read them differently
//	anything else              text

// oddNumber says that a scalar is ambiguous.
const oddNumber = "is a number in a spelling that YAML readers understand differently"

// number matches a number that every reader understands alike.
func number(text string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	return digits(whole) && (len(whole) == 1 || whole[0] != '0') && (!dotted || digits(fraction))
}

// exponent matches a number with an exponent, which is one only where a number
// is expected.
func exponent(text string) bool {
	i := strings.IndexAny(text, "eE")
	return i > 0 && number(text[:i]) && digits(strings.TrimLeft(text[i+1:], "+-"))
}

// ambiguous reports whether a plain scalar is a number to some readers, and
// text or another number to others.
func ambiguous(text string) bool {
	if number(text) {
		return false
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	switch strings.ToLower(text) {
	case "":
		return false
	case ".inf", ".nan":
		return true
	}
	if text[0] != '.' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	bare := strings.ReplaceAll(text, "_", "")
	if _, err := strconv.ParseInt(bare, 0, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return true
	}
	if _, err := strconv.ParseFloat(bare, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return true
	}
	return sexagesimal(bare)
}

// sexagesimal matches 1:30, which is 90 to YAML 1.1.
func sexagesimal(text string) bool {
	whole, _, _ := strings.Cut(text, ".")
	parts := strings.Split(whole, ":")
	for i, part := range parts {
		if !digits(part) || i > 0 && (len(part) > 2 || len(part) == 2 && part[0] > '5') {
			return false
		}
	}
	return len(parts) > 1
}

// digits reports whether a text is made of digits, at least one.
func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// yesNo reports whether YAML 1.1 takes a word for true or false, and which.
func yesNo(text string) (answer, ok bool) {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y":
		return true, true
	case "false", "no", "off", "n":
		return false, true
	default:
		return false, false
	}
}

// truth reports whether every reader takes a word for true or false.
func truth(text string) bool {
	lower := strings.ToLower(text)
	return lower == "true" || lower == "false"
}
