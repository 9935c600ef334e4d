package drop

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tandem/internal/table"
	"tandem/internal/work"
)

// question is one question in all its wordings and languages.
type question struct {
	id    string
	kind  work.QuestionType
	scale string
	low   float64
	high  float64
	// wording is the header of the column.
	wording string
	// unsaid: the column file does not know it.
	unsaid bool
}

// readQuestions reads `ease: {type: rating, scale: 1-7, headers: […]}` and the
// short form `why: ['Why?', 'Warum?']`.
func (c *columnFile) readQuestions(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return errors.New("here must stand questions, such as {why: ['Why?', 'Warum?']}")
	}
	var faults []error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		q := question{id: key.Value, kind: work.AskText}
		headers, err := c.readQuestion(value, &q)
		for _, h := range headers {
			if _, twice := c.questions[fold(h)]; twice && err == nil {
				err = fmt.Errorf("the header %q stands at another question already", h)
			}
			c.questions[fold(h)] = q
		}
		if err != nil {
			faults = append(faults, c.at(value, key.Value, err))
		}
	}
	return errors.Join(faults...)
}

func (c *columnFile) readQuestion(n *yaml.Node, q *question) (headers []string, err error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return []string{n.Value}, nil
	case yaml.SequenceNode:
		return headers, n.Decode(&headers)
	default:
	}
	err = c.each(n, map[string]func(*yaml.Node) error{
		"type": func(n *yaml.Node) error {
			q.kind = work.QuestionType(n.Value)
			var names []string
			for _, t := range work.QuestionTypes() {
				names = append(names, string(t))
			}
			return known(n, names...)
		},
		"scale":   func(n *yaml.Node) error { q.scale = n.Value; return nil },
		"headers": func(n *yaml.Node) error { return n.Decode(&headers) },
	})
	if err == nil {
		*q, err = q.bounded()
	}
	if err == nil && len(headers) == 0 {
		err = errors.New("headers is missing: write the question as the export has it, in every language")
	}
	return headers, err
}

// bounded fills in the scale of the type and its ends.
func (q question) bounded() (question, error) {
	usual := map[work.QuestionType]string{work.AskNPS: "0-10", work.AskCSAT: "1-5", work.AskReaction: "1-5", work.AskYesNo: "0-1"}
	if q.scale == "" {
		q.scale = usual[q.kind]
	}
	if q.scale == "" {
		if q.kind == work.AskRating {
			return q, errors.New("a rating needs its scale, such as scale: 1-7")
		}
		return q, nil
	}
	low, high, ok := strings.Cut(strings.ReplaceAll(q.scale, "–", "-"), "-")
	var errLow, errHigh error
	q.low, errLow = strconv.ParseFloat(strings.TrimSpace(low), 64)
	q.high, errHigh = strconv.ParseFloat(strings.TrimSpace(high), 64)
	if !ok || errLow != nil || errHigh != nil || q.low >= q.high {
		return q, fmt.Errorf("%q is no scale; write scale: 1-7", q.scale)
	}
	q.scale = strings.TrimSpace(low) + "-" + strings.TrimSpace(high)
	return q, nil
}

// answer reads one cell; odd tells of a score that is none.
func (q question) answer(text string, d table.Decimals) (a work.Answer, odd bool) {
	a = work.Answer{Question: q.id, Wording: q.wording, Type: q.kind}
	switch q.kind {
	case work.AskNPS, work.AskCSAT, work.AskRating, work.AskReaction:
		score, rest, err := leadingNumber(text, d)
		if err != nil || score < q.low || score > q.high {
			a.Text = text
			return a, true
		}
		a.Score, a.Scale, a.Text = work.NewNumber(score), q.scale, rest
	case work.AskYesNo:
		switch yes(text) {
		case saidYes:
			a.Score, a.Scale = work.NewNumber(1), "0-1"
		case saidNo:
			a.Score, a.Scale = work.NewNumber(0), "0-1"
		default:
			a.Text = text
			return a, true
		}
	case work.AskChoice:
		a.Text = strings.Join(choices(text), "\n")
	case work.AskText:
		a.Text = text
	default: // unsaid: a bare number is no free text, and of no scale
		a.Type, a.Text = work.AskText, text
		if _, err := d.Read(text); err == nil {
			a.Type = work.AskChoice
		}
	}
	return a, false
}

// leadingNumber reads "7", "7/7", "7 - very easy" and the like.
func leadingNumber(text string, d table.Decimals) (score float64, rest string, err error) {
	i := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune("+-.,", r) })
	number := text
	if i >= 0 {
		number, rest = text[:i], strings.TrimSpace(text[i:])
	}
	number = strings.TrimRight(number, ".,-")
	if rest != "" && !strings.ContainsRune("/-–—:(=", []rune(rest)[0]) {
		return 0, "", fmt.Errorf("%q is no score", text)
	}
	if strings.HasPrefix(rest, "/") {
		rest = ""
	}
	score, err = d.Read(number)
	return score, strings.TrimSpace(strings.Trim(rest, "-–—:=() ")), err
}

// choices splits what was chosen, one a line.
func choices(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == ';' || r == '\n' || r == '\r' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

const recommend = `^(how likely .*recommend|wie wahrscheinlich .*empfehlen)`

// unsaidQuestion is a question that the column file does not know: its wording
// is its own id, and nothing is lost.
func unsaidQuestion(header string) question {
	q := question{id: slug(header), wording: header, unsaid: true}
	if regexp.MustCompile(recommend).MatchString(fold(header)) {
		q.kind, q.scale, q.low, q.high = work.AskNPS, "0-10", 0, 10
	}
	return q
}

type agreement uint8

const (
	saidNothing agreement = iota
	saidYes
	saidNo
	saidOther
)

func yes(text string) agreement {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		return saidNothing
	case "yes", "y", "true", "1", "ja", "j", "wahr", "given", "granted", "signed", "erteilt", "oui", "sí", "si":
		return saidYes
	case "no", "n", "false", "0", "nein", "falsch", "refused", "withdrawn", "revoked", "declined", "verweigert", "widerrufen", "non":
		return saidNo
	default:
		return saidOther
	}
}
