package hotjar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// reading says how the answers to a question are to be read.
type reading struct {
	as    work.QuestionType
	scale string
	// silent questions ask for nothing, and email for an address.
	silent, email bool
	// unknown is a type that is in no list: its answers are taken as text.
	unknown bool
}

func readingOf(kind string) reading {
	switch kind {
	case "nps", "net-promoter-score":
		return reading{as: work.AskNPS, scale: "0-10"}
	case "reaction":
		return reading{as: work.AskReaction, scale: "1-5"}
	case "long-text", "short-text", "text":
		return reading{as: work.AskText}
	case "single-option", "multiple-option", "multiple-options", "single-close-ended", "multiple-close-ended":
		return reading{as: work.AskChoice}
	case "email":
		return reading{email: true}
	case "statement", "thank-you", "legal":
		return reading{silent: true}
	}
	if scale, ok := strings.CutPrefix(kind, "rating-"); ok {
		if _, _, sane := ends(scale); sane {
			return reading{as: work.AskRating, scale: scale}
		}
	}
	return reading{as: work.AskText, unknown: true}
}

// ends are the lowest and the highest value of a scale such as 1-5.
func ends(scale string) (low, high float64, ok bool) {
	from, to, _ := strings.Cut(scale, "-")
	low, errLow := strconv.ParseFloat(from, 64)
	high, errHigh := strconv.ParseFloat(to, 64)
	return low, high, errLow == nil && errHigh == nil && low < high
}

// answerOf reads one answer. A score that is none, or lies outside of its
// scale, is unknown, and what was said stays as text.
func answerOf(q question, how reading, said []string) work.Answer {
	a := work.Answer{Question: q.ID, Wording: q.Text, Type: how.as, Text: strings.Join(said, "\n")}
	if how.scale == "" {
		return a
	}
	a.Scale = how.scale
	low, high, _ := ends(how.scale)
	if len(said) != 1 {
		return a
	}
	score, err := strconv.ParseFloat(said[0], 64)
	if face, ok := faceOf(said[0]); err != nil && how.as == work.AskReaction && ok {
		score, err = face, nil
	}
	if err == nil && score >= low && score <= high {
		a.Score, a.Text = work.NewNumber(score), ""
	}
	return a
}

// faceOf knows the faces of a reaction by their names.
func faceOf(name string) (float64, bool) {
	for i, face := range []string{"hate", "dislike", "neutral", "like", "love"} {
		if strings.EqualFold(name, face) {
			return float64(i + 1), true
		}
	}
	return 0, false
}

// saidOf returns what an answer holds, one element for each choice: a scalar, a
// list, or objects with a text.
func saidOf(raw json.RawMessage) ([]string, error) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return nil, nil
	case raw[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		var all []string
		for _, one := range list {
			said, err := saidOf(one)
			if err != nil {
				return nil, err
			}
			all = append(all, said...)
		}
		return all, nil
	case raw[0] == '{':
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, err
		}
		for _, name := range []string{"text", "label", "name", "value", "answer"} {
			if v, there := object[name]; there {
				return saidOf(v)
			}
		}
		return nil, fmt.Errorf("an answer is an object without a text")
	}
	var p plain
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, err
	}
	if p == "" {
		return nil, nil
	}
	return []string{string(p)}, nil
}
