package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// census lists the issues of the projects, also those that the restriction
// leaves out: they are there all the same.
type census struct{ site *site }

// censusPage is how many ids are asked for at once. Jira sends the more the
// less is asked of each.
const censusPage = 1000

// censusTime is the field with the time of the last change.
const censusTime = "updated"

// changedSince are the issues whose changes are listed with their time: a search
// that hid one for longer than the overlap of polls is found out by it. A day more
// is for those that the first read, or the last census, did not find either. It is
// empty for all.
func changedSince(since, now time.Time) string {
	if since.IsZero() {
		return ""
	}
	return fmt.Sprintf("updated >= -%dd", 1+int(math.Ceil(now.Sub(since).Hours()/24)))
}

// roll is one page of a census.
type roll struct {
	issues []json.RawMessage
	// next is the token or the offset of the next page; empty after the last.
	next string
}

// stand is where a census stands: in which of its lists, and the token or the
// offset of the next page.
type stand struct {
	List int    `json:"list"`
	At   string `json:"at"`
}

// IDs yields every issue of the projects with its Ref. Where the settings
// restrict what is read, it lists first what is inside, and then everything; in
// the end what was changed since then, with the time.
func (c *census) IDs(ctx context.Context, since time.Time, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		var at stand
		if len(from) > 0 && json.Unmarshal(from, &at) != nil {
			yield(connectors.Page{}, fmt.Errorf("list the issues of %s: %w", c.site.name, errForm))
			return
		}
		lists := c.lists(since)
		done := 0
		for ; at.List < len(lists); at = (stand{List: at.List + 1}) {
			for page, err := range c.list(ctx, lists[at.List], at) {
				if err != nil {
					yield(connectors.Page{}, fmt.Errorf("list the issues of %s: %w", c.site.name, err))
					return
				}
				done += len(page.Records)
				page.Progress.Done, page.Aside = done, at.List > 0
				if page.Done && at.List+1 < len(lists) {
					page.Done, page.Cursor = false, stand{List: at.List + 1}.cursor()
				}
				if !yield(page, nil) {
					return
				}
			}
		}
	}
}

// directory is one list of a census.
type directory struct {
	jql    string
	fields []string
}

// lists are those of a census, in order.
func (c *census) lists(since time.Time) []directory {
	key, changed := []string{"key"}, changedSince(since, c.site.now())
	all := directory{c.query(""), key}
	recent := directory{c.query(changed), []string{"key", censusTime}}
	where := c.site.config.Where
	if where == "" {
		return []directory{all, recent}
	}
	recent.jql = c.query(strings.TrimSuffix("("+where+") AND "+changed, " AND "))
	return []directory{{c.query(where), key}, all, recent}
}

// list yields the issues of one query; the last page is Done.
func (c *census) list(ctx context.Context, d directory, from stand) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		call := c.page
		if !c.site.config.cloud() {
			call = c.offsetPage
		}
		met := map[string]bool{}
		for at := from.At; ; {
			r, err := call(ctx, d, at)
			if err == nil && met[r.next] {
				err = errRepeatedToken
			}
			if err != nil {
				yield(connectors.Page{}, err)
				return
			}
			met[r.next] = r.next != ""
			page := c.refs(r.issues)
			if page.Done = r.next == ""; !page.Done {
				page.Cursor = stand{from.List, r.next}.cursor()
			}
			if !yield(page, nil) || page.Done {
				return
			}
			at = r.next
		}
	}
}

// cursor spells it.
func (s stand) cursor() connectors.Cursor {
	raw, _ := json.Marshal(s) // a number and a text always can be
	return raw
}

// refs reads ids and keys. What cannot be read is not listed, and so read by
// id before anything is said of it.
func (c *census) refs(raw []json.RawMessage) connectors.Page {
	var page connectors.Page
	for i, one := range raw {
		var is issue
		if err := json.Unmarshal(one, &is); err != nil || is.ID == "" {
			page.Rejects = append(page.Rejects, reject(c.site.name, i, one, fmt.Errorf("the list of issues has one without an id")))
			continue
		}
		r := work.Record{Ref: work.NewRef(c.site.name, string(is.ID), is.Key)}
		var updated string
		if json.Unmarshal(is.Fields[censusTime], &updated) == nil {
			r.Version, _ = parseMoment(updated)
		}
		page.Records = append(page.Records, r)
	}
	return page
}

func (c *census) query(where string) string {
	if where != "" {
		where = " AND (" + where + ")"
	}
	all := c.site.config
	keys := make([]string, len(all.Projects))
	for i, key := range all.Projects {
		keys[i] = quote(key)
	}
	return "project in (" + strings.Join(keys, ", ") + ")" + where + " ORDER BY key ASC"
}

// page asks Jira Cloud, which pages by tokens.
func (c *census) page(ctx context.Context, d directory, at string) (roll, error) {
	query := url.Values{"jql": {d.jql}, "maxResults": {strconv.Itoa(censusPage)}, "fields": {strings.Join(d.fields, ",")}}
	body := map[string]any{"jql": d.jql, "maxResults": censusPage, "fields": d.fields}
	if at != "" {
		query.Set("nextPageToken", at)
		body["nextPageToken"] = at
	}
	var a searchAnswer
	var err error
	if len(query.Encode()) > longQuery {
		err = c.site.client.ask(ctx, path("search", "jql"), body, &a)
	} else {
		err = c.site.client.get(ctx, path("search", "jql"), query, &a)
	}
	switch {
	case err != nil:
		return roll{}, err
	case a.Issues == nil:
		return roll{}, errForm
	}
	next, err := a.next()
	return roll{a.Issues, next}, err
}

// offsetPage asks Data Center, which pages by offsets. An issue that is
// deleted meanwhile moves others over the edge of a page: they are read by id.
func (c *census) offsetPage(ctx context.Context, d directory, at string) (roll, error) {
	from := 0
	if at != "" {
		var err error
		if from, err = strconv.Atoi(at); err != nil {
			return roll{}, fmt.Errorf("page %q: %w", at, err)
		}
	}
	body := map[string]any{"jql": d.jql, "maxResults": censusPage, "startAt": from, "fields": d.fields}
	var a struct {
		Issues []json.RawMessage `json:"issues"`
		Total  *int              `json:"total"`
	}
	if err := c.site.client.ask(ctx, path("search"), body, &a); err != nil {
		return roll{}, err
	}
	if a.Issues == nil || a.Total == nil {
		return roll{}, errForm
	}
	r := roll{issues: a.Issues}
	if next := from + len(a.Issues); len(a.Issues) > 0 && next < *a.Total {
		r.next = strconv.Itoa(next)
	} else if next < *a.Total {
		return roll{}, fmt.Errorf("jira says that there are %d issues, and lists no more than %d", *a.Total, next)
	}
	return r, nil
}
