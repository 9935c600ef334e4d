package digest

// Content is what a digest tells: all that a template may use, cut to the
// audience of the digest.
type Content struct {
	// Name, Role and Team are those of the settings; Team is empty for all.
	Name     string `json:"name"`
	Role     string `json:"role"`
	Team     string `json:"team,omitempty"`
	Audience string `json:"audience"`
	Instance string `json:"instance"`
	// Day is the day of the digest, Since that of the one before; empty where
	// this is the first.
	Day   string `json:"day"`
	Since string `json:"since,omitempty"`
	// Link is the page of the order; empty where nobody said where pages are.
	Link string `json:"link,omitempty"`

	// Late and Waits are the first items that wait for the role: those that are
	// late, and the others. The numbers count all.
	Late    []Duty `json:"late,omitempty"`
	LateAll int    `json:"late_all"`
	Waits   []Duty `json:"waits,omitempty"`
	WaitAll int    `json:"waits_all"`
	// Restricted counts items that wait and that this audience may not see.
	Restricted int `json:"restricted"`

	// Moved are the items that moved furthest, MovedAll counts all of the first
	// places.
	Moved    []Move `json:"moved,omitempty"`
	MovedAll int    `json:"moved_all"`
	// Roadmap are the items whose horizon is another one.
	Roadmap    []Shift `json:"roadmap,omitempty"`
	RoadmapAll int     `json:"roadmap_all"`

	// Failed is told to the role admin alone.
	Failed    []Failed `json:"failed,omitempty"`
	FailedAll int      `json:"failed_all"`
	// Stale are the connectors that could not be read: what stands here may be
	// older than it looks.
	Stale []string `json:"stale,omitempty"`
}

// Item is an item that the audience may see.
type Item struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	Team  string `json:"team,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Duty is an item that waits for somebody.
type Duty struct {
	Item

	Because string `json:"because"`
	// Since and Due are days; Due is empty where nothing was agreed.
	Since string `json:"since"`
	Due   string `json:"due,omitempty"`
	// Person is who acts; empty where nobody has the role.
	Person string `json:"person,omitempty"`
}

// Move is an item that stands elsewhere in the order of its team.
type Move struct {
	Item

	// From is 0 where it came from behind all that is looked at, or is new.
	From    int    `json:"from,omitempty"`
	To      int    `json:"to"`
	Because string `json:"because,omitempty"`
}

// Up reports whether the item moved to the front.
func (m Move) Up() bool { return m.From == 0 || m.To < m.From }

// Shift is an item whose horizon is another one. From is empty where it had
// none that is looked at.
type Shift struct {
	Item

	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Because string `json:"because,omitempty"`
}

// Failed is something that does not work, and what to do.
type Failed struct {
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
}

// Empty reports whether there is nothing to say.
func (c *Content) Empty() bool {
	return c.LateAll+c.WaitAll+c.MovedAll+c.RoadmapAll+c.FailedAll+c.Restricted == 0
}
