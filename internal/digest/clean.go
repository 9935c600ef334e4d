package digest

// clean makes all texts of a content safe to be put anywhere.
func (c *Content) clean() {
	for _, text := range []*string{&c.Name, &c.Role, &c.Team, &c.Audience, &c.Instance, &c.Day, &c.Since} {
		*text = clean(*text)
	}
	c.Link = webAddress(c.Link)
	for _, all := range [][]Duty{c.Late, c.Waits} {
		for i := range all {
			d := &all[i]
			d.clean()
			d.Because, d.Since, d.Due, d.Person = clean(d.Because), clean(d.Since), clean(d.Due), clean(d.Person)
		}
	}
	for i := range c.Moved {
		c.Moved[i].clean()
		c.Moved[i].Because = clean(c.Moved[i].Because)
	}
	for i := range c.Roadmap {
		s := &c.Roadmap[i]
		s.clean()
		s.From, s.To, s.Because = clean(s.From), clean(s.To), clean(s.Because)
	}
	for i := range c.Failed {
		c.Failed[i] = Failed{clean(c.Failed[i].What), clean(c.Failed[i].Remedy)}
	}
	for i := range c.Stale {
		c.Stale[i] = clean(c.Stale[i])
	}
}

func (i *Item) clean() {
	i.Ref, i.Title, i.Team, i.URL = clean(i.Ref), clean(i.Title), clean(i.Team), webAddress(i.URL)
}
