package chaos_test

import (
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// opening is the place that opens and closes in some lives.
const opening = "acme/web"

// opens lets everybody read acme/web from now on, or only the firm again; mostly
// neither, and in most lives never. Now and then a run is undone right after.
// Its dice are its own: what was found before stays the same.
func (l *life) opens() bool {
	dice := rand.New(rand.NewPCG(l.seed, uint64(13000+l.act)))
	if rand.New(rand.NewPCG(l.seed, 4)).IntN(4) > 0 || dice.IntN(8) > 0 {
		return false
	}
	l.dice = dice
	l.did["opens or closes"]++
	l.job = false
	l.ok(l.hub.Configure(opening, func(r *githubsim.Repository) {
		r.Private = !r.Private
		l.tells("act: opens or closes; people: acme/web is private now: %t", r.Private)
	}))
	if l.dice.IntN(2) == 0 {
		l.book.look(l)
		l.job = true
		l.undo()
	}
	return true
}

// public reports whether everybody can read acme/web.
func (l *life) public() bool {
	for _, r := range l.hub.World().Repositories {
		if r.Name == opening {
			return !r.Private
		}
	}
	return false
}

// reopened reports whether everybody can read acme/web now, and could not all the
// time.
func (l *life) reopened() bool { return l.did["opens or closes"] > 0 && l.public() }

// outgrown reports whether an edit was planned for fewer readers than its place
// has. Tandem learns of others within an hour, or a day where nothing happens.
func outgrown(e plan.Planned, public bool) bool {
	return e.Place == opening && public && e.Audience > work.Public
}

// guarded reports whether a slot of acme/web is as it was before Tandem, but for
// labels that the leak guard keeps from coming back, and that the errand lists as
// left for that reason (S7). Whatever else is missing or stands there is no matter
// of the guard.
func (v *value) guarded(left []undo.Left, at slot) bool {
	if v.place != opening {
		return false
	}
	whole := values(v.is)
	for _, w := range left {
		here := w.Target.Connector+":"+w.Target.ID == at.where && w.Field.String() == at.field
		if here && w.Target.Path == work.NativeLabels && strings.HasPrefix(w.Why, "leak guard: ") {
			whole = append(whole, strings.TrimPrefix(path.Base(w.Target.Element), "p"))
		}
	}
	slices.Sort(whole)
	whole = slices.Compact(whole)
	for was := range v.before {
		if slices.Equal(whole, values(was)) {
			return true
		}
	}
	return false
}

// values are the one value or the several that a slot bears, in order.
func values(is string) []string {
	all := strings.FieldsFunc(is, func(r rune) bool { return r == '?' || r == '+' })
	slices.Sort(all)
	return all
}

// The label that stood there before Tandem stays away from the place that was
// opened since, and nothing else is excused by that.
func TestTheBookExcusesOnlyLabelsThatTheLeakGuardListsAsLeft(t *testing.T) {
	t.Parallel()
	const guard = "leak guard: public readers see it by now"
	web := slot{"github:7004", "priority"}
	left := func(id string, field work.Field, label, why string) []undo.Left {
		return []undo.Left{{Write: undo.Write{Field: field, Target: work.Target{
			RefID: work.RefID{Connector: "github", ID: id}, Path: work.NativeLabels, Element: label,
		}}, Why: why}}
	}
	for _, c := range []struct {
		name   string
		place  string
		is     string
		before string
		left   []undo.Left
		want   bool
	}{
		{"the label stays away", opening, "", "3", left("7004", work.Priority, "priority/p3", guard), true},
		{"one of two stays away", opening, "2", "?2+3", left("7004", work.Priority, "priority/p3", guard), true},
		{"nothing is listed", opening, "", "3", nil, false},
		{"it is left for another reason", opening, "", "3", left("7004", work.Priority, "priority/p3", "the record is gone or out of sight"), false},
		{"another label is listed", opening, "", "3", left("7004", work.Priority, "priority/p4", guard), false},
		{"another record is listed", opening, "", "3", left("7005", work.Priority, "priority/p3", guard), false},
		{"another field is listed", opening, "", "3", left("7004", work.Severity, "severity/3", guard), false},
		{"Tandem's stays beside", opening, "1", "3", left("7004", work.Priority, "priority/p3", guard), false},
		{"one more is missing", opening, "", "?2+3", left("7004", work.Priority, "priority/p3", guard), false},
		{"the place was never opened", "acme/pay", "", "3", left("7004", work.Priority, "priority/p3", guard), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := &value{place: c.place, is: c.is, before: map[string]bool{c.before: true}}
			if got := v.guarded(c.left, web); got != c.want {
				t.Errorf("excused: %v, want %v", got, c.want)
			}
		})
	}
}

// shows notes what everybody can read by now: who undoes what took it away tells
// nobody anything.
func (b *book) shows(l *life) {
	if !l.public() {
		return
	}
	for _, i := range l.hub.World().Issues {
		if i.Repository != opening {
			continue
		}
		for _, label := range i.Labels {
			b.shown[i.Key()+" "+label] = true
		}
		for _, c := range i.Comments {
			b.shown[i.Key()+" "+c.Body] = true
		}
	}
}
