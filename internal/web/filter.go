package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/view"
)

// filter is what of the order is shown, as the address says it.
type filter struct {
	Search, Team, Horizon, Role, Kind, Goal, Ready string
	// Mine asks for what waits for the reader.
	Mine bool
}

// longestSearch is how many bytes of a search count.
const longestSearch = 200

func (v *visit) filter() filter {
	q := v.URL.Query()
	search := strings.ToValidUTF8(q.Get("q"), "")
	f := filter{
		Search: strings.TrimSpace(search[:min(len(search), longestSearch)]), Team: q.Get("team"), Horizon: q.Get("horizon"), Role: q.Get("role"),
		Kind: q.Get("kind"), Goal: q.Get("goal"), Ready: q.Get("ready"), Mine: q.Get("mine") != "",
	}
	if f.Ready != "yes" && f.Ready != "no" {
		f.Ready = ""
	}
	return f
}

// items asks for what the filter lets through.
func (f *filter) items(who *view.Who) view.ItemsQuery {
	q := view.ItemsQuery{Team: f.Team, Search: f.Search, Kind: f.Kind, Horizon: f.Horizon, Accountable: f.Role, Goal: f.Goal}
	if f.Ready != "" {
		q.Ready = new(f.Ready == "yes")
	}
	if f.Mine {
		q.Person = who.Person
	}
	return q
}

// query writes the filter as the address has it: always the same for the same.
func (f *filter) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Search, "team": f.Team, "horizon": f.Horizon, "role": f.Role, "kind": f.Kind, "goal": f.Goal, "ready": f.Ready} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Mine {
		q.Set("mine", "1")
	}
	return q.Encode()
}

// fields are the parts of the filter, as hidden fields of a form.
func (f *filter) fields() []choice {
	var all []choice
	q, _ := url.ParseQuery(f.query()) // it was written a moment ago
	for _, name := range slices.Sorted(maps.Keys(q)) {
		all = append(all, choice{Name: name, Value: q.Get(name)})
	}
	return all
}

// words says in a line what the filter lets through; empty where it is all.
func (f *filter) words() string {
	var words []string
	if f.Mine {
		words = append(words, "waits for you")
	}
	if f.Team != "" {
		words = append(words, "team "+f.Team)
	}
	for _, word := range []string{f.Horizon, f.Kind} {
		if word != "" {
			words = append(words, word)
		}
	}
	if f.Role != "" {
		words = append(words, "for the "+roleName(f.Role))
	}
	if f.Goal != "" {
		words = append(words, "goal "+f.Goal)
	}
	switch f.Ready {
	case "yes":
		words = append(words, "ready")
	case "no":
		words = append(words, "not ready")
	}
	if f.Search != "" {
		words = append(words, "“"+f.Search+"”")
	}
	return strings.Join(words, ", ")
}

// choice is an entry of a list to choose from.
type choice struct {
	Value, Name string
	Chosen      bool
}

// choices makes a list of values, with the one that is chosen even where nothing
// has it any more.
func choices(values []string, chosen string, name func(string) string) []choice {
	if chosen != "" && !slices.Contains(values, chosen) {
		values = append(slices.Clone(values), chosen)
	}
	all := make([]choice, 0, len(values))
	for _, value := range values {
		all = append(all, choice{value, name(value), value == chosen})
	}
	return all
}

func asItIs(name string) string { return name }

// roleName writes a role as people say it.
func roleName(role string) string {
	if role == "pm" || role == "po" {
		return strings.ToUpper(role)
	}
	return role
}

// place is where the reader wants to jump to; 0 is nowhere.
func (v *visit) jump() int {
	n, err := strconv.Atoi(strings.TrimSpace(v.URL.Query().Get("place")))
	if err != nil || n < 1 {
		return 0
	}
	return n
}
