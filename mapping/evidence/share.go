package evidence

import "tandem/internal/work"

// Shared keeps each text of days once: rows by the hundred thousand name the
// same accounts. The zero value is ready to use.
type Shared struct {
	target string // of the last row; rows come sorted
	known  map[string]string
}

// most is how many texts are remembered at most.
const most = 1 << 16

// In replaces the texts of a row by equal ones that came before.
func (s *Shared) In(d *Day) {
	if d.Target == s.target {
		d.Target = s.target
	}
	s.target = d.Target
	d.Account, d.Person, d.Kind, d.Segment = s.text(d.Account), s.text(d.Person), s.text(d.Kind), s.text(d.Segment)
	d.Method, d.Value = work.Method(s.text(string(d.Method))), d.Value.Sharing(s.text)
}

func (s *Shared) text(t string) string {
	if known, ok := s.known[t]; ok || t == "" {
		return known
	}
	if s.known == nil {
		s.known = map[string]string{}
	}
	if len(s.known) < most {
		s.known[t] = t
	}
	return t
}
