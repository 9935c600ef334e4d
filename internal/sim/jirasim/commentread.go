package jirasim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// restriction is who may read a comment.
type restriction struct {
	Type       string `json:"type"`
	Value      string `json:"value"`
	Identifier string `json:"identifier"`
}

// restricted reads the visibility of a comment; empty is everybody.
func restricted(raw json.RawMessage) (r restriction, ok bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return r, true
	}
	if json.Unmarshal(raw, &r) != nil {
		return r, false
	}
	none := r == restriction{}
	return r, none || (r.Type == "role" || r.Type == "group") && r.Value+r.Identifier != ""
}

// reads reports whether the caller may read a comment: its author, and who is
// in the role or group that it is for.
func (a *asker) reads(c Comment) bool {
	r, _ := restricted(c.Visibility)
	return r == restriction{} || c.Author == a.account.Person ||
		slices.ContainsFunc(a.account.Roles, func(have string) bool { return have != "" && (have == r.Value || have == r.Identifier) })
}

// readable lists the comments of an issue that the caller may read.
func (a *asker) readable(i *Issue) []Comment {
	return slices.DeleteFunc(slices.Clone(i.Comments), func(c Comment) bool { return !a.reads(c) })
}

func (a *asker) comment(i *Issue, c Comment) object {
	id := strconv.FormatInt(c.ID, 10)
	out := object{
		"self": a.self("/issue/" + strconv.FormatInt(i.ID, 10) + "/comment/" + id), "id": id, "author": a.person(c.Author),
		"body": a.text(c.Body), "updateAuthor": a.person(cmp.Or(c.Editor, c.Author)), "created": a.time(c.Created),
		"updated": a.time(c.Updated), "jsdPublic": true,
	}
	if a.server {
		delete(out, "jsdPublic")
	}
	if r, _ := restricted(c.Visibility); r != (restriction{}) {
		out["visibility"] = c.Visibility
	}
	return out
}

// commentWith writes a comment with its properties when they are asked for.
func (a *asker) commentWith(i *Issue, c Comment, r *http.Request) object {
	out := a.comment(i, c)
	if !slices.Contains(strings.Split(r.URL.Query().Get("expand"), ","), "properties") {
		return out
	}
	properties := []any{}
	for _, key := range sortedKeys(c.Properties) {
		properties = append(properties, object{"key": key, "value": c.Properties[key]})
	}
	out["properties"] = properties
	return out
}

// commentPage writes the comments inside an issue.
func (a *asker) commentPage(i *Issue, start, size int) object {
	all, out := a.readable(i), []any{}
	for _, c := range all[min(start, len(all)):min(start+size, len(all))] {
		out = append(out, a.comment(i, c))
	}
	return object{"comments": out, "startAt": start, "maxResults": size, "total": len(all)}
}

// comments pages through the comments of an issue, oldest first unless asked
// otherwise.
func (s *Site) comments(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	all := a.readable(e.Issue)
	slices.SortStableFunc(all, func(x, y Comment) int { return x.Created.Compare(y.Created) })
	if r.URL.Query().Get("orderBy") == "-created" {
		slices.Reverse(all)
	}
	start, size, end := pageRange(r, 100, 5000, len(all))
	out := []any{}
	for _, c := range all[min(start, end):end] {
		out = append(out, a.commentWith(e.Issue, c, r))
	}
	reply(w, http.StatusOK, object{"comments": out, "startAt": start, "maxResults": size, "total": len(all)})
}

// commentGet shows one comment.
func (s *Site) commentGet(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	id := parseID(r.PathValue("id"))
	for _, c := range a.readable(e.Issue) {
		if c.ID == id {
			reply(w, http.StatusOK, a.commentWith(e.Issue, c, r))
			return
		}
	}
	noComment(w, r)
}

func noComment(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusNotFound, "Can not find a comment for the id: "+r.PathValue("id")+".")
}
