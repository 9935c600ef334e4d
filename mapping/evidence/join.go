package evidence

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"tandem/internal/work"
)

// Join is the section `evidence.join:`. It names the keys by which a person or
// an account is known in more than one tool, the best first. Keys of one tool
// alone, with a dot in their name (hotjar.user), join its rows without a word.
type Join struct {
	Person  []string `yaml:"person,one" json:"person,omitempty"`
	Account []string `yaml:"account,one" json:"account,omitempty"`
}

// DefaultJoin is what holds where the rules say nothing.
func DefaultJoin() Join {
	return Join{Person: []string{"email", "user_id"}, Account: []string{"account_id", "domain", "name"}}
}

// orDefault fills in what is not set.
func (j Join) orDefault() Join {
	d := DefaultJoin()
	if j.Person == nil {
		j.Person = d.Person
	}
	if j.Account == nil {
		j.Account = d.Account
	}
	return j
}

// Equal reports whether both join alike.
func (j Join) Equal(o Join) bool {
	return slices.Equal(j.Person, o.Person) && slices.Equal(j.Account, o.Account)
}

// Party is who may be known by several keys.
type Party string

// The parties.
const (
	PersonParty  Party = "person"
	AccountParty Party = "account"
)

// Keys returns the keys of a row's person or account, the best first; none
// where the row names nobody. A key is "name=value", and what the source itself
// calls them "connector:value": that means something in this connector alone.
func (j Join) Keys(fb *work.Feedback, of Party) []string {
	given, own := fb.PersonKeys, fb.Person
	if of == AccountParty {
		given, own = fb.AccountKeys, fb.Account
	}
	var keys []string
	own = clean(own)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := clean(given[name])
		if name == "email" || name == "domain" || name == "name" {
			value = strings.ToLower(value)
		}
		if value == "" || !strings.Contains(name, ".") && !slices.Contains(j.names(of), name) {
			continue
		}
		keys = append(keys, name+"="+value)
		if strings.EqualFold(value, own) {
			own = "" // it is that key, without its name
		}
	}
	if own != "" {
		keys = append(keys, fb.Connector+":"+own)
	}
	slices.SortFunc(keys, func(a, b string) int { return j.Compare(of, a, b) })
	return keys
}

func (j Join) names(of Party) []string {
	if of == AccountParty {
		return j.Account
	}
	return j.Person
}

// Compare tells which of two keys names a party better: the rules' own come in
// their order, then those of one tool, then what a source says.
func (j Join) Compare(of Party, a, b string) int {
	return cmp.Or(cmp.Compare(j.rank(of, a), j.rank(of, b)), cmp.Compare(a, b))
}

func (j Join) rank(of Party, key string) int {
	names := j.names(of)
	name, _, _ := strings.Cut(key, "=")
	switch i := slices.Index(names, name); {
	case i >= 0:
		return i
	case strings.Contains(name, ":"):
		return len(names) + 2
	case strings.Contains(name, "."):
		return len(names)
	default:
		return len(names) + 1
	}
}

// As returns the row as aggregates count it: its person and account are the
// best of their keys.
func (j Join) As(fb *work.Feedback) (as work.Feedback, persons, accounts []string) {
	as = *fb
	persons, accounts = j.Keys(fb, PersonParty), j.Keys(fb, AccountParty)
	as.Person, as.Account = best(persons), best(accounts)
	return as, persons, accounts
}

func best(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keys[0]
}

// clean takes away what no store keeps and nobody sees.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	if strings.ContainsFunc(text, unicode.IsControl) {
		text = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, text)
	}
	return strings.TrimSpace(text)
}
