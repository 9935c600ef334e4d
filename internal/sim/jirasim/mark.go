package jirasim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

const tokenLife = 7 * 24 * time.Hour

// mark is what a page token holds: where the walk stands. Most orders are
// walked by the sort key of the last issue, so rows that move meanwhile are
// met again behind it or were met before it. Orders without an index are
// walked along a list that was fixed when the first page was read.
type mark struct {
	Query   string    `json:"q"`
	Issued  time.Time `json:"t"`
	Project string    `json:"p,omitempty"`
	Number  int       `json:"n,omitempty"`
	ID      int64     `json:"i,omitempty"`
	Updated time.Time `json:"u,omitzero"`
	Created time.Time `json:"c,omitzero"`
	Rank    string    `json:"r,omitempty"`
	List    int       `json:"l,omitempty"`
	Offset  int       `json:"o,omitempty"`
}

func (m mark) entry() *entry {
	return &entry{number: m.Number, Issue: &Issue{ID: m.ID, Project: m.Project, Updated: m.Updated, Created: m.Created, Rank: m.Rank}}
}

func (m mark) at(e *entry) mark {
	return mark{
		Query: m.Query, Issued: m.Issued, Project: e.Project, Number: e.number, ID: e.ID,
		Updated: e.Updated, Created: e.Created, Rank: e.Rank,
	}
}

func (m mark) token() string { return base64.RawURLEncoding.EncodeToString(sim.MarshalJSON(m)) }

// fingerprint binds tokens to a query and its list of issues to reconcile.
func fingerprint(jql string, reconcile []int64) string {
	sum := sha256.Sum256(fmt.Append(nil, strings.TrimSpace(jql), reconcile))
	return hex.EncodeToString(sum[:8])
}

func readMark(token, query string, now time.Time) (mark, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	var m mark
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	switch {
	case err != nil:
		return m, errors.New("the provided next page token is invalid or expired")
	case m.Query != query:
		return m, errors.New("the provided next page token belongs to another query")
	case now.Sub(m.Issued) > tokenLife:
		return m, errors.New("the provided next page token is invalid or expired")
	}
	return m, nil
}

// walks keeps the fixed lists of orders without an index.
type walks struct {
	last  int
	lists map[int][]int64
}

const maxWalks = 256

func (w *walks) keep(ids []int64) int {
	if w.lists == nil {
		w.lists = map[int][]int64{}
	}
	w.last++
	w.lists[w.last] = ids
	delete(w.lists, w.last-maxWalks)
	return w.last
}

func parseID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
