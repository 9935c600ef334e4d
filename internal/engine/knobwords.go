package engine

import "strings"

// KnobWords are what people call a value of the rules, and what it does.
type KnobWords struct {
	// Name is short enough for the head of a field, Effect a sentence.
	Name, Effect string
}

// WordsOf says what the value at a path of the rules is and does. Of a path that
// is no knob the name is the path.
func WordsOf(path string) KnobWords {
	keys := strings.Split(path, ".")
	last := keys[len(keys)-1]
	words := strings.ReplaceAll(last, "_", " ")
	section := ""
	if len(keys) > 1 {
		section = keys[len(keys)-2]
	}
	switch {
	case keys[0] == "goals" && last == "weight":
		return KnobWords{
			"Pull of " + strings.ReplaceAll(section, "_", " "),
			"Multiplies the score of what serves this goal: 1 changes nothing, above 1 pulls it up, below 1 lets it down.",
		}
	case keys[0] == "evidence":
		return evidenceWords(section, last)
	case section == "tiers":
		return KnobWords{"Priority " + last + " from", "Points, 0 to 100, from which on an item gets this priority. Lower it, and more items do."}
	case path == "rank.band":
		return KnobWords{"Margin at a step", "How far a score must leave its priority before that changes. More is calmer and later."}
	case path == "rank.dwell":
		return KnobWords{"A priority stays for", "At least so long, before the order alone changes it. Longer is calmer and later."}
	case keys[0] == "roadmap" && last == "capacity":
		return KnobWords{upper(section) + " holds", "So many periods of a team's capacity. More lets more work in from behind."}
	case keys[0] == "rank":
		return inputWords(section, words)
	default:
		return KnobWords{Name: path}
	}
}

// evidenceWords are those of what feedback counts.
func evidenceWords(section, last string) KnobWords {
	words := strings.ReplaceAll(last, "_", " ")
	switch {
	case section == "half_life" && last == "default":
		return KnobWords{"What is said weighs half after", "Shorter, and what was said lately counts more against what was said long ago."}
	case section == "half_life":
		return KnobWords{upper(methodWords(last)) + " weighs half after", "For this kind of feedback alone: shorter, and what was said lately counts more against what was said long ago."}
	case section == "methods":
		return KnobWords{"One " + methodWords(last), "What one signal of this kind counts. 0 leaves it out."}
	case section == "segments":
		return KnobWords{"Accounts in " + last, "What a signal of this segment counts against 1 of the others. 0 leaves it out."}
	default:
		return KnobWords{Name: words}
	}
}

func methodWords(method string) string {
	switch method {
	case "nps", "csat":
		return strings.ToUpper(method) + " answer"
	case "survey":
		return "survey answer"
	case "support":
		return "support case"
	default:
		return strings.ReplaceAll(method, "_", " ")
	}
}

// inputWords are those of what a lens reads.
func inputWords(section, input string) KnobWords {
	switch section {
	case "weights":
		return KnobWords{"Weight of " + input, "How much it counts against the other inputs. Below 0, less of it is better."}
	case "caps":
		return KnobWords{"Most " + input + " that counts", "What is larger counts as this much. The scale is anchored here: raise it, and the same input gives fewer points."}
	case "priors":
		return KnobWords{upper(input) + " if nobody said", "What is assumed of items where nobody said it."}
	default:
		return KnobWords{Name: input}
	}
}

func upper(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
