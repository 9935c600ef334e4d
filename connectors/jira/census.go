package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// census lists the issues of the projects, also those that the restriction
// leaves out: they are there all the same.
type census struct{ site *site }

// censusPage is how many ids are asked for at once. Jira sends the more the
// less is asked of each.
const censusPage = 1000

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

// IDs yields every issue of the projects with its Ref and nothing else. Where
// the settings restrict what is read, it lists first what is inside, and then
// everything.
func (c *census) IDs(ctx context.Context, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		var at stand
		if len(from) > 0 && json.Unmarshal(from, &at) != nil {
			yield(connectors.Page{}, fmt.Errorf("list the issues of %s: %w", c.site.name, errForm))
			return
		}
		lists := []string{c.query("")}
		if where := c.site.config.Where; where != "" {
			lists = []string{c.query(where), c.query("")}
		}
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

// list yields the issues of one query; the last page is Done.
func (c *census) list(ctx context.Context, jql string, from stand) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		call := c.page
		if !c.site.config.cloud() {
			call = c.offsetPage
		}
		met := map[string]bool{}
		for at := from.At; ; {
			r, err := call(ctx, jql, at)
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
		page.Records = append(page.Records, work.Record{Ref: work.NewRef(c.site.name, string(is.ID), is.Key)})
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
func (c *census) page(ctx context.Context, jql, at string) (roll, error) {
	query := url.Values{"jql": {jql}, "maxResults": {strconv.Itoa(censusPage)}, "fields": {"key"}}
	body := map[string]any{"jql": jql, "maxResults": censusPage, "fields": []string{"key"}}
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
func (c *census) offsetPage(ctx context.Context, jql, at string) (roll, error) {
	from := 0
	if at != "" {
		var err error
		if from, err = strconv.Atoi(at); err != nil {
			return roll{}, fmt.Errorf("page %q: %w", at, err)
		}
	}
	body := map[string]any{"jql": jql, "maxResults": censusPage, "startAt": from, "fields": []string{"key"}}
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
