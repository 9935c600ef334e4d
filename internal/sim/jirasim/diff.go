package jirasim

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/sim"
)

// difference is what one change did to an issue.
type difference struct {
	items   []Item
	effects []sim.Effect
	// quiet changes do not show in the changelog.
	rank, property, quiet bool
}

func (d *difference) empty() bool { return len(d.items) == 0 && len(d.effects) == 0 }

func (d *difference) add(ref string, item Item) {
	d.items = append(d.items, item)
	from, to := item.From, item.To
	if from == "" && to == "" {
		from, to = item.FromText, item.ToText
	}
	d.effects = append(d.effects, sim.Effect{Ref: ref, Field: item.FieldID, From: from, To: to})
}

// compare lists what differs between two versions of an issue.
func (c *catalog) compare(before, after *Issue) *difference {
	d := &difference{}
	ref := after.Key
	text := func(id, name, from, to string) {
		if from != to {
			d.add(ref, Item{Field: name, FieldID: id, FieldType: "jira", FromText: from, ToText: to})
		}
	}
	named := func(id, name, from, to string, show func(string) string) {
		if from != to {
			d.add(ref, Item{Field: name, FieldID: id, FieldType: "jira", From: from, FromText: show(from), To: to, ToText: show(to)})
		}
	}
	text("summary", "summary", before.Summary, after.Summary)
	text("description", "description", before.Description, after.Description)
	named("issuetype", "issuetype", before.Type, after.Type, func(id string) string { return nameOf(c.types[id], func(t *IssueType) string { return t.Name }) })
	named("status", "status", before.Status, after.Status, func(id string) string { return nameOf(c.statuses[id], func(s *Status) string { return s.Name }) })
	named("resolution", "resolution", before.Resolution, after.Resolution, func(id string) string { return nameOf(c.resolved[id], func(r *Resolution) string { return r.Name }) })
	named("priority", "priority", before.Priority, after.Priority, func(id string) string { return nameOf(c.priorities[id], func(p *Priority) string { return p.Name }) })
	named("security", "Security", before.Level, after.Level, func(id string) string { return nameOf(c.levels[id], func(l *Level) string { return l.Name }) })
	named("assignee", "assignee", before.Assignee, after.Assignee, c.name)
	named("reporter", "reporter", before.Reporter, after.Reporter, c.name)
	named("parent", "Parent", before.Parent, after.Parent, func(key string) string { return key })
	named("duedate", "duedate", before.Due, after.Due, func(day string) string { return day })
	named("project", "project", before.Project, after.Project, func(key string) string { return key })
	text("Key", "Key", before.Key, after.Key)
	c.compareSets(d, before, after)
	c.compareCustom(d, before, after)
	c.compareSprints(d, before, after)
	if before.Rank != after.Rank {
		item := Item{Field: "Rank", FieldID: "Rank", FieldType: "jira", ToText: "Ranked higher"}
		if after.Rank > before.Rank {
			item.ToText = "Ranked lower"
		}
		if c.numbers.rankAsField {
			item.FieldID, item.FieldType = "customfield_"+strconv.Itoa(c.numbers.rank), "custom"
		}
		d.rank = true
		d.items = append(d.items, item)
		d.effects = append(d.effects, sim.Effect{Ref: ref, Field: "Rank", From: before.Rank, To: after.Rank})
	}
	compareQuiet(d, before, after)
	return d
}

func nameOf[T any](v *T, name func(*T) string) string {
	if v == nil {
		return ""
	}
	return name(v)
}

// compareSets handles labels, versions and links, element by element.
func (c *catalog) compareSets(d *difference, before, after *Issue) {
	if !slices.Equal(before.Labels, after.Labels) {
		d.items = append(d.items, Item{
			Field: "labels", FieldID: "labels", FieldType: "jira",
			FromText: strings.Join(before.Labels, " "), ToText: strings.Join(after.Labels, " "),
		})
		d.effects = append(d.effects, elements(after.Key, "labels", before.Labels, after.Labels)...)
	}
	for _, e := range elements(after.Key, "fixVersions", before.FixVersions, after.FixVersions) {
		d.items = append(d.items, Item{
			Field: "Fix Version", FieldID: "fixVersions", FieldType: "jira",
			From: e.From, FromText: c.version(e.From), To: e.To, ToText: c.version(e.To),
		})
		d.effects = append(d.effects, e)
	}
	c.compareComponents(d, before, after)
	show := func(links []IssueLink) (texts []string) {
		for _, l := range links {
			texts = append(texts, l.Type+" "+strconv.FormatBool(l.Outward)+" "+l.Key)
		}
		return texts
	}
	for _, e := range elements(after.Key, "issuelinks", show(before.Links), show(after.Links)) {
		d.add(e.Ref, Item{Field: "Link", FieldID: "issuelinks", FieldType: "jira", FromText: e.From, ToText: e.To})
	}
}

func (c *catalog) version(id string) string {
	for _, p := range c.projects {
		for _, v := range p.Versions {
			if v.ID == id {
				return v.Name
			}
		}
	}
	return ""
}

// elements lists what left a set and what came, in that order.
func elements(ref, field string, before, after []string) []sim.Effect {
	var effects []sim.Effect
	for _, v := range before {
		if !slices.Contains(after, v) {
			effects = append(effects, sim.Effect{Ref: ref, Field: field, From: v})
		}
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			effects = append(effects, sim.Effect{Ref: ref, Field: field, To: v})
		}
	}
	return effects
}

func (c *catalog) compareCustom(d *difference, before, after *Issue) {
	for _, id := range sortedKeys(c.fields) {
		f := c.fields[id]
		if f.Kind.shape().many {
			c.compareMany(d, f, before, after)
			continue
		}
		from, to := customText(before.Custom[id]), customText(after.Custom[id])
		if from == to {
			continue
		}
		item := Item{Field: f.Name, FieldID: id, FieldType: "custom", FromText: c.textOf(f, from), ToText: c.textOf(f, to)}
		if f.Kind.shape().choices || f.Kind == Picker || f.Kind == Cascade {
			item.From, item.To = from, to
		}
		d.add(after.Key, item)
	}
}

func customText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return ""
	}
}

// compareQuiet handles what leaves no trace in the changelog: properties,
// remote links and comments.
func compareQuiet(d *difference, before, after *Issue) {
	quiet := func(field, from, to string) {
		if from != to {
			d.effects = append(d.effects, sim.Effect{Ref: after.Key, Field: field, From: from, To: to})
		}
	}
	keys := sortedKeys(before.Properties)
	for _, key := range sortedKeys(after.Properties) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		if from, to := string(before.Properties[key]), string(after.Properties[key]); from != to {
			d.property = true
			quiet("property "+key, from, to)
		}
	}
	eachPair(before.Remote, after.Remote, func(l RemoteLink) int64 { return l.ID }, func(from, to RemoteLink) {
		if from.GlobalID != to.GlobalID || !bytes.Equal(from.Body, to.Body) {
			quiet("remotelink", remoteText(from), remoteText(to))
		}
	})
	eachPair(before.Comments, after.Comments, func(c Comment) int64 { return c.ID }, func(from, to Comment) {
		quiet("comment", from.Body, to.Body)
		if from.ID == to.ID {
			quiet("comment visibility", string(from.Visibility), string(to.Visibility))
			quiet("comment properties", commentProperties(from), commentProperties(to))
		}
	})
	d.quiet = len(d.items) == 0
}

func remoteText(l RemoteLink) string {
	var body struct {
		Object struct {
			URL string `json:"url"`
		} `json:"object"`
	}
	_ = json.Unmarshal(l.Body, &body)
	return strings.TrimSpace(l.GlobalID + " " + body.Object.URL)
}

// eachPair calls back for every element of either list, paired by id; the
// missing side is the zero value.
func eachPair[T any](before, after []T, id func(T) int64, pair func(from, to T)) {
	find := func(list []T, want int64) (found T, ok bool) {
		for _, v := range list {
			if id(v) == want {
				return v, true
			}
		}
		return found, false
	}
	for _, from := range before {
		to, _ := find(after, id(from))
		pair(from, to)
	}
	for _, to := range after {
		if _, had := find(before, id(to)); !had {
			var none T
			pair(none, to)
		}
	}
}

// commentProperties is what a comment carries, as one text.
func commentProperties(c Comment) string {
	var b strings.Builder
	for _, key := range sortedKeys(c.Properties) {
		b.WriteString(key + " " + string(c.Properties[key]) + "\n")
	}
	return b.String()
}
