package web

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"tandem/internal/engine"
	"tandem/internal/view"
)

// listFunctions are what the templates of lists may call.
func listFunctions() template.FuncMap {
	return template.FuncMap{"role": roleName, "cause": causeWords, "whisker": whisker, "export": exportPath, "arrow": arrow, "interval": interval, "run": runPath, "signed": signed, "spark": spark}
}

// whisker draws a score, from 0 to 100, and between what it may be.
func whisker(i view.Item) template.HTML {
	if i.Score == nil {
		return ""
	}
	low, high := *i.Score, *i.Score
	if i.Low != nil && i.High != nil {
		low, high = *i.Low, *i.High
	}
	return interval(*i.Score, low, high)
}

// interval draws a number from 0 to 100 and between what it may be.
func interval(value, low, high float64) template.HTML {
	says := "of 100, certain"
	if score(low) != score(high) {
		says = "of 100, between " + score(low) + " and " + score(high)
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="chart spark whisker" role="img" aria-label="%s" viewBox="0 0 100 12" width="100" height="12"><path class="grid" d="M0 6H100"/><path class="span" d="M%[2]s 6H%[3]sM%[2]s 2V10M%[3]s 2V10"/><circle class="dot" cx="%[4]s" cy="6" r="3"/></svg>`,
		says, within(low), within(high), within(value)))
}

// spark draws how signals came, week by week: bars, as weeks are counts.
func spark(weeks []int) template.HTML {
	most, sum := 1, 0
	for _, n := range weeks {
		most, sum = max(most, n), sum+n
	}
	if len(weeks) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart spark weeks" role="img" aria-label="%s in %d weeks, %d in this one" viewBox="0 0 %d 14" width="%[4]d" height="14"><path class="axis" d="M0 13.500H%[4]d"/>`,
		plural(sum, "signal", "signals"), len(weeks), weeks[len(weeks)-1], 5*len(weeks))
	for i, n := range weeks {
		if n > 0 {
			height := 2 + 11*float64(n)/float64(most)
			fmt.Fprintf(&b, `<rect class="bar" x="%d" y="%.1f" width="4" height="%.1f"/>`, 5*i, 13.5-height, height)
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // numbers only
}

// bar draws points, from -100 to 100, from the middle where they take away.
func bar(points float64) template.HTML {
	if math.IsNaN(points) {
		points = 0
	}
	points = min(max(points, -100), 100)
	from, class := 100.0, "bar"
	if points < 0 {
		from, class = 100+points, "bar minus"
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="chart spark points" aria-hidden="true" viewBox="0 0 200 12" width="200" height="12"><path class="axis" d="M100 0V12"/><rect class="%s" x="%.1f" y="2" width="%.1f" height="8"/></svg>`,
		class, from, math.Abs(points)))
}

// signed writes points with their sign.
func signed(f float64) string {
	if f > 0 {
		return "+" + score(f)
	}
	return strings.Replace(score(f), "-", "−", 1)
}

// within writes a number from 0 to 100 for a picture.
func within(f float64) string {
	if math.IsNaN(f) {
		f = 0
	}
	return strconv.FormatFloat(math.Round(10*min(max(f, 0), 100))/10, 'f', -1, 64)
}

// arrow says how an item moved, for eyes and for ears.
type arrowWords struct{ Class, Sign, Words string }

func arrow(s *view.Shift) *arrowWords {
	switch {
	case s == nil:
		return nil
	case s.Came:
		return &arrowWords{"came", "new", ""}
	case s.Up > 0:
		return &arrowWords{"up", "▲" + strconv.Itoa(s.Up), "up " + plural(s.Up, "place", "places") + ", was " + strconv.Itoa(s.From)}
	case s.Up < 0:
		return &arrowWords{"down", "▼" + strconv.Itoa(-s.Up), "down " + plural(-s.Up, "place", "places") + ", was " + strconv.Itoa(s.From)}
	default:
		return nil
	}
}

// causeWords says a cause of moves in a few words.
func causeWords(c engine.Cause) string {
	switch c {
	case engine.IsNew:
		return "new items"
	case engine.SaidMore:
		return "feedback"
	case engine.Estimated:
		return "estimates"
	case engine.Edited:
		return "other edited fields"
	case engine.Overridden:
		return "what people said"
	case engine.NewRules:
		return "changed rules"
	case engine.Aged:
		return "older feedback weighs less"
	case engine.Dwelt:
		return "over a threshold for long enough"
	case engine.Others:
		return "others moved"
	default:
		return "not known any more"
	}
}
