package jirasim

import (
	"slices"
	"strconv"
)

// parent has no value, and no place in the answer, for an issue without one.
func (a *asker) parent(key string) (any, bool) { return a.brief(key), key != "" }

// brief writes the short form of an issue, as links and children show it.
func (a *asker) brief(key string) object {
	e := a.issue(key)
	if e == nil {
		return object{"key": key, "self": a.self("/issue/" + key)}
	}
	fields := object{}
	for _, name := range []string{"summary", "status", "priority", "issuetype"} {
		fields[name], _ = a.field(e.Issue, name)
	}
	id := strconv.FormatInt(e.ID, 10)
	return object{"id": id, "key": e.Key, "self": a.self("/issue/" + id), "fields": fields}
}

func (a *asker) avatars(of string) object {
	out := object{}
	for _, size := range []string{"16x16", "24x24", "32x32", "48x48"} {
		out[size] = a.base + "/rest/api/2/universal_avatar/view/type/" + of + "/avatar/10400?size=" + size
	}
	return out
}

func (a *asker) issueType(t *IssueType) any {
	if t == nil {
		return nil
	}
	bean := object{
		"self": a.self("/issuetype/" + t.ID), "id": t.ID, "description": "", "name": t.Name, "subtask": t.Subtask,
		"iconUrl":  a.base + "/rest/api/2/universal_avatar/view/type/issuetype/avatar/10315?size=medium",
		"avatarId": 10315,
	}
	if !a.server {
		bean["hierarchyLevel"] = t.Level
	}
	return bean
}

func (a *asker) status(s *Status) any {
	if s == nil {
		return nil
	}
	all := categories()
	i := slices.IndexFunc(all, func(c category) bool { return c.key == string(s.Category) })
	c := all[max(i, 0)]
	return object{
		"self": a.self("/status/" + s.ID), "description": "", "iconUrl": a.base + "/", "name": s.Name, "id": s.ID,
		"statusCategory": object{
			"self": a.self("/statuscategory/" + strconv.Itoa(c.id)), "id": c.id, "key": c.key, "colorName": c.color, "name": a.say(c.name),
		},
	}
}

func (a *asker) priority(p *Priority) any {
	if p == nil {
		return nil
	}
	return object{
		"self": a.self("/priority/" + p.ID), "iconUrl": a.base + "/images/icons/priorities/" + p.ID + ".svg",
		"name": p.Name, "id": p.ID,
	}
}

func (a *asker) resolution(r *Resolution) any {
	if r == nil {
		return nil
	}
	return object{"self": a.self("/resolution/" + r.ID), "id": r.ID, "description": "", "name": r.Name}
}

func (a *asker) level(l *Level) any {
	if l == nil {
		return nil
	}
	return object{"self": a.self("/securitylevel/" + l.ID), "id": l.ID, "description": "", "name": l.Name}
}

// project writes the short form of a project, as issues show it.
func (a *asker) project(p *Project) object {
	bean := object{
		"self": a.self("/project/" + p.ID), "id": p.ID, "key": p.Key, "name": p.Name, "projectTypeKey": "software",
		"avatarUrls": a.avatars("project"),
	}
	if !a.server {
		bean["simplified"] = p.TeamManaged
	}
	return bean
}

func (a *asker) fullProject(p *Project) object {
	bean := a.project(p)
	if a.server {
		return bean
	}
	bean["style"], bean["isPrivate"], bean["properties"] = "classic", false, object{}
	if p.TeamManaged {
		bean["style"] = "next-gen"
	}
	return bean
}

func (a *asker) person(id string) any {
	p := a.catalog.people[id]
	if p == nil {
		return nil
	}
	if a.server {
		return a.serverPerson(p)
	}
	kind := "atlassian"
	if p.App {
		kind = "app"
	}
	out := object{
		"self": a.userSelf(id), "accountId": id, "avatarUrls": a.avatars("user"), "displayName": p.Name,
		"active": true, "timeZone": p.TimeZone, "accountType": kind,
	}
	if p.Email != "" {
		out["emailAddress"] = p.Email
	}
	return out
}

func (a *asker) versions(i *Issue) []any {
	out := []any{}
	p := a.catalog.projects[i.Project]
	for _, id := range i.FixVersions {
		for _, v := range p.Versions {
			if v.ID == id {
				bean := a.versionBean(p, v)
				delete(bean, "projectId") // as recorded
				out = append(out, bean)
			}
		}
	}
	return out
}

func (a *asker) versionBean(p *Project, v Version) object {
	number, _ := strconv.Atoi(p.ID)
	bean := object{
		"self": a.self("/version/" + v.ID), "id": v.ID, "name": v.Name, "archived": v.Archived, "released": v.Released,
		"projectId": number,
	}
	for key, text := range map[string]string{"description": v.Description, "startDate": v.Start, "releaseDate": v.Release} {
		if text != "" {
			bean[key] = text
		}
	}
	return bean
}

func (a *asker) links(i *Issue) []any {
	out := []any{}
	for _, l := range i.Links {
		side := "inwardIssue"
		if l.Outward {
			side = "outwardIssue"
		}
		inward, outward := wording(l.Type)
		out = append(out, object{
			"id": l.ID, "self": a.self("/issueLink/" + l.ID),
			"type": object{"id": "10000", "name": l.Type, "inward": inward, "outward": outward, "self": a.self("/issueLinkType/10000")},
			side:   a.brief(l.Key),
		})
	}
	return out
}

func wording(linkType string) (inward, outward string) {
	switch linkType {
	case "Blocks":
		return "is blocked by", "blocks"
	case "Duplicate":
		return "is duplicated by", "duplicates"
	default:
		return "relates to", "relates to"
	}
}
