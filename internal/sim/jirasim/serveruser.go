package jirasim

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

// login returns the name by which a person signs in to a Data Center, and by
// which requests name the person.
func (c *catalog) login(person string) string {
	p := c.people[person]
	if p == nil {
		return person
	}
	return cmp.Or(p.Login, c.key(person))
}

// key returns a person's key on a Data Center, which never changes.
func (c *catalog) key(person string) string {
	if p := c.people[person]; p != nil {
		return cmp.Or(p.Key, p.ID)
	}
	return person
}

// byLogin finds a person by login name.
func (c *catalog) byLogin(name string) *Person {
	for i := range c.world.People {
		if p := &c.world.People[i]; name != "" && strings.EqualFold(c.login(p.ID), name) {
			return p
		}
	}
	return nil
}

// serverPerson writes a person as a Data Center does.
func (a *asker) serverPerson(p *Person) object {
	login := a.catalog.login(p.ID)
	avatars := object{}
	for size, name := range map[string]string{"16x16": "size=xsmall&", "24x24": "size=small&", "32x32": "size=medium&", "48x48": ""} {
		avatars[size] = a.base + "/secure/useravatar?" + name + "avatarId=10346"
	}
	return object{
		"self": a.self("/user?username=" + url.QueryEscape(login)), "name": login, "key": a.catalog.key(p.ID),
		"emailAddress": p.Email, "avatarUrls": avatars, "displayName": p.Name, "active": true, "timeZone": p.TimeZone,
	}
}

// userOf returns how the changelog names a person: by account id, or by key.
func (a *asker) userOf(id string) string {
	if a.server && id != "" {
		return a.catalog.key(id)
	}
	return id
}

// userGet shows one person of a Data Center, by key or by login name.
func (s *Site) userGet(a *asker, w http.ResponseWriter, r *http.Request) {
	p := a.catalog.byLogin(r.URL.Query().Get("username"))
	for i := range a.catalog.world.People {
		if one := &a.catalog.world.People[i]; a.catalog.key(one.ID) == r.URL.Query().Get("key") {
			p = one
		}
	}
	if p == nil {
		refuse(w, http.StatusNotFound, "The user with the key '"+r.URL.Query().Get("key")+"' does not exist")
		return
	}
	reply(w, http.StatusOK, a.serverPerson(p))
}
