package roadmap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// cadence is how long the spans of a calendar are.
type cadence struct {
	months       int // in one span
	count, most  int
	name         string   // template
	plural       string   // for messages
	placeholders []string // the last is the one that tells spans of a year apart
}

// The years whose quarters and months have a name. The set is finite, so that
// all labels ever written are known to be Tandem's (promise S2).
const (
	firstYear = 2020
	lastYear  = 2059

	monthsOfYear = 12
)

func quarterly() cadence {
	return cadence{
		months: 3, count: DefaultQuarters, most: 12, name: "{year}-Q{quarter}", plural: "quarters",
		placeholders: []string{"{year}", "{yy}", "{end_year}", "{end_yy}", "{quarter}"},
	}
}

func monthly() cadence {
	return cadence{
		months: 1, count: DefaultMonths, most: 24, name: "{year}-{month}", plural: "months",
		placeholders: []string{"{year}", "{yy}", "{month}"},
	}
}

// calendar names the spans of the years: the n-th span begins n times its
// length after the first month of the year 0, and the months by which the
// year begins late.
type calendar struct {
	cadence

	offset int // months from January to the first of the year
	frozen bool
	names  []string // of all spans that have one, in order
	number map[string]int
}

func (c *compiler) calendar(at work.Pointer, spec *Calendar, usual cadence) *calendar {
	k := &calendar{cadence: usual, frozen: spec.Frozen}
	if spec.Count != nil {
		if *spec.Count < 1 || *spec.Count > k.most {
			c.mistake(at.Key("count"), "a roadmap has 1 to "+strconv.Itoa(k.most)+" "+k.plural, "write count: "+strconv.Itoa(k.count))
		}
		k.count = *spec.Count
	}
	switch month, ok := monthNamed(spec.Starts); {
	case spec.Starts == "":
	case k.months == 1:
		c.mistake(at.Key("starts"), "months start when they start", "remove it")
	case !ok:
		c.mistake(at.Key("starts"), strconv.Quote(spec.Starts)+" is no month", work.Suggest(spec.Starts, monthNames()))
	default:
		k.offset = int(month) - 1
	}
	if spec.Name != "" {
		k.name = spec.Name
		if what, remedy := k.fault(usual.name); what != "" {
			c.mistake(at.Key("name"), what, remedy)
			return k
		}
	}
	k.spell()
	return k
}

// fault says what is wrong with the template.
func (k *calendar) fault(usual string) (what, remedy string) {
	year := slices.ContainsFunc(k.placeholders[:len(k.placeholders)-1], func(p string) bool { return strings.Contains(k.name, p) })
	span := k.placeholders[len(k.placeholders)-1]
	rest := k.name
	for _, p := range k.placeholders {
		rest = strings.ReplaceAll(rest, p, "")
	}
	switch {
	case strings.ContainsAny(rest, "{}"):
		return "the name " + strconv.Quote(k.name) + " has a placeholder that is none", "use " + strings.Join(k.placeholders, ", ")
	case !year || !strings.Contains(k.name, span):
		return "the name " + strconv.Quote(k.name) + " is the same for several " + k.plural, "name year and " + strings.TrimSuffix(k.plural, "s") + ", as in '" + usual + "'"
	default:
		return "", ""
	}
}

// spell names the spans.
func (k *calendar) spell() {
	perYear := monthsOfYear / k.months
	first, last := firstYear*perYear, (lastYear+1)*perYear
	k.names, k.number = make([]string, 0, last-first), make(map[string]int, last-first)
	for n := first; n < last; n++ {
		name := k.nameOf(n)
		k.names, k.number[name] = append(k.names, name), n
	}
}

// nameOf names the n-th span.
func (k *calendar) nameOf(n int) string {
	perYear := monthsOfYear / k.months
	year := n / perYear
	end := year
	if k.offset > 0 {
		end++
	}
	two := func(n int) string { return strconv.Itoa(100 + n%100)[1:] }
	return strings.NewReplacer(
		"{year}", strconv.Itoa(year), "{yy}", two(year), "{end_year}", strconv.Itoa(end), "{end_yy}", two(end),
		"{quarter}", strconv.Itoa(n%perYear+1), "{month}", two(n%perYear+1),
	).Replace(k.name)
}

// at returns the span in which a day lies.
func (k *calendar) at(day time.Time) int {
	return (day.Year()*monthsOfYear + int(day.Month()) - 1 - k.offset) / k.months
}

// from returns the first day of the n-th span.
func (k *calendar) from(n int) time.Time {
	return time.Date(0, time.Month(n*k.months+k.offset+1), 1, 0, 0, 0, 0, time.UTC)
}

// horizons returns the current span and those after it.
func (k *calendar) horizons(asOf time.Time) []horizon {
	first := k.at(asOf)
	all := make([]horizon, 0, k.count)
	for n := first; n < first+k.count; n++ {
		all = append(all, horizon{name: k.nameOf(n), frozen: k.frozen && n == first, from: k.from(n), to: k.from(n + 1)})
	}
	return all
}

// over reports whether the name is that of a span of the past.
func (k *calendar) over(name string, asOf time.Time) bool {
	n, known := k.number[name]
	return known && n < k.at(asOf)
}

func monthNames() []string {
	names := make([]string, 0, monthsOfYear)
	for m := time.January; m <= time.December; m++ {
		names = append(names, strings.ToLower(m.String()))
	}
	return names
}

// monthNamed reads a month by its English name.
func monthNamed(name string) (time.Month, bool) {
	i := slices.Index(monthNames(), strings.ToLower(strings.TrimSpace(name)))
	return time.Month(i + 1), i >= 0
}
