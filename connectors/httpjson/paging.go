package httpjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// tally is what paging wants to know of the records of an answer.
type tally struct {
	rows int
	last any
	// key is the greatest sort key, and ids those that have it.
	key any
	ids []string
}

// note counts a record.
func (t *tally) note(e *endpoint, value any, id string, spell func(any) any) {
	t.rows++
	t.last = value
	if e.Page.Kind != "sort_key" {
		return
	}
	key, ok := e.item.in(value)
	if !ok {
		return
	}
	if e.Page.Moment {
		key = spell(key)
	}
	switch order := compareKeys(key, t.key); {
	case t.key == nil || order > 0:
		t.key, t.ids = key, []string{id}
	case order == 0:
		t.ids = append(t.ids, id)
	}
}

// compareKeys orders numbers as numbers and everything else as text.
func compareKeys(a, b any) int {
	x, y := textOf(a), textOf(b)
	f, errA := strconv.ParseFloat(x, 64)
	g, errB := strconv.ParseFloat(y, 64)
	switch {
	case errA != nil || errB != nil || f == g:
		return strings.Compare(x, y)
	case f < g:
		return -1
	default:
		return 1
	}
}

// errStuck says that a service gives the same place again and again.
var errStuck = errors.New("the paging does not get on: the service names the same place again; check page.next and page.item")

// next tells where to go on behind an answer, and whether there is more.
func (e *endpoint) next(at place, t tally, root any) (place, bool, error) {
	at.Skip, at.Sum = 0, 0
	to := at
	to.Turn++
	if to.Turn >= e.Page.Max {
		return at, false, fmt.Errorf("more than %d pages; raise page.max if that is right", e.Page.Max)
	}
	more, said := e.saysMore(at, t, root)
	if !said {
		more = t.rows > 0 && (!e.Page.Short || t.rows >= e.size(at))
	}
	switch e.Page.Kind {
	case "cursor", "next_url":
		return e.nextToken(at, to, said && !more, root)
	case "offset":
		to.Offset += t.rows
		return to, more && t.rows > 0, nil
	case "page":
		to.Page++
		return to, more && t.rows > 0, nil
	case "last_item":
		v, ok := e.item.in(t.last)
		if !ok || !more {
			return at, false, nil
		}
		if to.Token = textOf(v); to.Token == at.Token {
			return at, false, errStuck
		}
		return to, true, nil
	case "sort_key":
		return e.nextKey(at, to, t)
	default:
		return at, false, nil
	}
}

// saysMore reads what the answer itself says of the rest.
func (e *endpoint) saysMore(at place, t tally, root any) (more, said bool) {
	if e.end != nil {
		if v, ok := e.end.in(root); ok {
			return textOf(v) != "true", true
		}
	}
	if e.more != nil {
		v, _ := e.more.in(root)
		return textOf(v) == "true", true
	}
	if e.total != nil {
		if v, ok := e.total.in(root); ok {
			n, err := strconv.Atoi(textOf(v))
			return err == nil && at.Offset+t.rows < n, err == nil
		}
	}
	return false, false
}

func (e *endpoint) nextToken(at, to place, ended bool, root any) (place, bool, error) {
	v, ok := e.cursor.in(root)
	next := textOf(v)
	if e.Page.Kind == "next_url" {
		next = e.withoutSecret(next)
	}
	switch {
	case !ok || next == "":
		return at, false, nil
	case next == at.Token && !ended && !e.Page.Keep:
		return at, false, errStuck
	}
	to.Token = next
	return to, !ended && next != at.Token, nil
}

// withoutSecret takes the credentials out of an address in which a service
// repeats them: it is stored. They are set again where it is asked.
func (e *endpoint) withoutSecret(address string) string {
	u, err := url.Parse(address)
	if err != nil || e.secret == "" || u.RawQuery == "" {
		return address
	}
	q := u.Query()
	if !q.Has(e.secret) {
		return address
	}
	q.Del(e.secret)
	u.RawQuery = q.Encode()
	return u.String()
}

// nextKey goes on at the greatest key. Where a whole page has one key, the
// next page must be larger.
func (e *endpoint) nextKey(at, to place, t tally) (place, bool, error) {
	if t.rows < e.size(at) || t.key == nil {
		return at, false, nil
	}
	key, err := json.Marshal(t.key)
	if err != nil {
		return at, false, err
	}
	to.Key, to.Seen = key, t.ids
	if string(key) == string(at.Key) {
		if to.Limit = 2 * e.size(at); to.Limit > maxSums {
			return at, false, errStuck
		}
		to.Seen = append(to.Seen, at.Seen...)
	}
	return to, true, nil
}

// size is {limit}.
func (e *endpoint) size(at place) int {
	if at.Limit > 0 {
		return at.Limit
	}
	return e.Page.Size
}
