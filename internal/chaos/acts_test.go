package chaos_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// act is something that may happen, and how likely it is.
type act struct {
	name   string
	weight int
	do     func(l *life)
	job    bool // Tandem's
}

func acts() []act {
	return []act{
		{"cycle", 26, (*life).cycleAct, true},
		{"cycle twice", 4, (*life).twice, true},
		{"one job", 8, (*life).oneJob, true},
		{"another node takes over", 3, (*life).overtakes, true},
		{"look", 2, (*life).lookAct, true},
		{"death", 9, (*life).death, true},
		{"restart", 2, (*life).restartAct, true},
		{"approve", 2, (*life).approve, true},
		{"undo", 2, (*life).undo, true},

		{"sets value", 10, (*life).setsValue, false},
		{"clears value", 1, (*life).clearsValue, false},
		{"sets priority", 6, (*life).setsPriority, false},
		{"labels in Jira", 4, (*life).labelsJira, false},
		{"severity", 3, (*life).setsSeverity, false},
		{"title in Jira", 2, (*life).title, false},
		{"status", 2, (*life).status, false},
		{"comment", 2, (*life).comments, false},
		{"hands off", 2, (*life).handsOff, false},
		{"deletes in Jira", 1, (*life).deletesJira, false},
		{"moves in Jira", 1, (*life).movesJira, false},
		{"drags", 3, (*life).drags, false},
		{"priority label", 5, (*life).labelsPriority, false},
		{"labels in GitHub", 4, (*life).labelsHub, false},
		{"title in GitHub", 1, (*life).titleHub, false},
		{"closes in GitHub", 1, (*life).closesHub, false},
		{"transfers", 1, (*life).transfers, false},
		{"deletes in GitHub", 1, (*life).deletesHub, false},
		{"card", 3, (*life).card, false},
		{"row", 3, (*life).setsRow, false},
		{"reverts", 3, (*life).reverts, false},

		{"pause", 1, (*life).pause, false},
		{"resume", 2, (*life).resume, false},
		{"release", 3, (*life).release, false},
		{"rules", 1, (*life).changesRules, true},
		{"webhooks", 8, (*life).delivers, false},

		{"hour", 4, (*life).hour, false},
		{"day", 3, (*life).day, false},
		{"weeks", 1, (*life).weeks, false},
		{"storm", 9, (*life).storm, false},
		{"calm", 6, (*life).calm, false},
		{"lag", 4, (*life).lags, false},
		{"credentials", 2, (*life).rotates, false},
		{"disk", 3, (*life).disk, true},
		{"clock", 1, (*life).clock, false},
	}
}

// step lets one thing happen.
func (l *life) step() {
	l.severs()
	if !l.word() && !l.trial() && !l.opens() {
		all := acts()
		if l.isDense() {
			all = busier(all)
		}
		l.draw(all)
	}
}

// draw lets one of the acts happen.
func (l *life) draw(all []act) {
	sum := 0
	for _, a := range all {
		sum += a.weight
	}
	n := l.dice.IntN(sum)
	for _, a := range all {
		if n -= a.weight; n < 0 {
			l.did[a.name]++
			l.job = a.job
			l.tells("act: %s", a.name)
			a.do(l)
			return
		}
	}
}

func pick[T any](l *life, from []T) (one T) {
	if len(from) == 0 {
		return one
	}
	return from[l.dice.IntN(len(from))]
}

// some returns the key of an issue in Jira; empty where there is none left.
func (l *life) some() string {
	var keys []string
	for _, i := range l.jira.World().Issues {
		keys = append(keys, i.Key)
	}
	return chosen(l, keys)
}

func (l *life) someHub() string {
	var keys []string
	for _, i := range l.hub.World().Issues {
		keys = append(keys, i.Key())
	}
	return chosen(l, keys)
}

// person changes an issue of Jira by hand.
func (l *life) person(key string, change func(*jirasim.Issue)) {
	if key != "" {
		l.tells("people: edit %s", key)
		l.ok(l.jira.Edit(key, jirasim.Ana, change))
	}
}

func (l *life) personHub(key string, change func(*githubsim.Issue)) {
	if key != "" {
		l.tells("people: edit %s", key)
		l.ok(l.hub.Edit(key, "ana-acme", change))
	}
}

func (l *life) setsValue() {
	v := float64(l.dice.IntN(101))
	l.person(l.some(), func(i *jirasim.Issue) { i.Custom[valueField] = v })
}

func (l *life) clearsValue() {
	l.person(l.some(), func(i *jirasim.Issue) { delete(i.Custom, valueField) })
}

func (l *life) setsPriority() {
	tier := fmt.Sprint(1 + l.dice.IntN(4))
	l.person(l.some(), func(i *jirasim.Issue) { i.Priority = native(i.Project, tier) })
}

func (l *life) labelsJira() {
	label := pick(l, []string{"team", "urgent", "roadmap/unsure", "roadmap/now", "roadmap/later", "roadmap/next"})
	l.person(l.some(), func(i *jirasim.Issue) { i.Labels = toggled(i.Labels, label) })
}

// toggled puts a label on a list or takes it off. A horizon takes the place of
// another one, mostly.
func toggled(labels []string, label string) []string {
	if slices.Contains(labels, label) {
		return slices.DeleteFunc(slices.Clone(labels), func(s string) bool { return s == label })
	}
	return append(slices.DeleteFunc(slices.Clone(labels), func(s string) bool {
		return strings.HasPrefix(label, "roadmap/") && strings.HasPrefix(s, "roadmap/") && s != "roadmap/unsure"
	}), label)
}

func (l *life) setsSeverity() {
	n := l.dice.IntN(4)
	l.person(l.some(), func(i *jirasim.Issue) {
		if n == 0 {
			delete(i.Custom, severityField)
		} else {
			i.Custom[severityField] = severityOption(fmt.Sprint(n))
		}
	})
}

func (l *life) title() {
	n := l.dice.IntN(1000)
	l.person(l.some(), func(i *jirasim.Issue) { i.Summary = fmt.Sprintf("Do it %d", n) })
}

func (l *life) status() {
	done := l.dice.IntN(3) == 0
	l.person(l.some(), func(i *jirasim.Issue) {
		if i.Status = "3"; done {
			i.Status = "10001"
		}
	})
}

func (l *life) comments() {
	if l.dice.IntN(2) == 0 {
		if key := l.some(); key != "" {
			l.ok(l.jira.Comment(key, jirasim.Cy, "what about this?"))
		}
	} else if key := l.someHub(); key != "" {
		l.ok(l.hub.Comment(key, "ana-acme", "what about this?"))
	}
}

func (l *life) handsOff() {
	if l.dice.IntN(2) == 0 {
		l.person(l.some(), func(i *jirasim.Issue) { i.Labels = toggled(i.Labels, "tandem/hands-off") })
	} else {
		l.personHub(l.someHub(), func(i *githubsim.Issue) { i.Labels = toggled(i.Labels, "tandem/hands-off") })
	}
}

func (l *life) deletesJira() {
	if key := l.some(); key != "" {
		l.tells("people: delete %s", key)
		l.ok(l.jira.Delete(key, jirasim.Cy))
	}
}

func (l *life) movesJira() {
	if key := l.some(); key != "" {
		to := pick(l, []string{"PAY", "WEB"})
		if strings.HasPrefix(key, to) {
			return
		}
		moved, err := l.jira.Move(key, jirasim.Cy, to)
		l.ok(err)
		i, _ := l.jira.Issue(moved)
		l.book.tainted[fmt.Sprint(i.ID)], l.book.former[key] = true, fmt.Sprint(i.ID)
		l.tells("people: %s is now %s", key, moved)
	}
}

// drags moves an issue in its backlog that nobody dragged before.
func (l *life) drags() {
	if !l.shape.backlog || len(l.book.dragged) > 2 || len(l.book.joined) == 0 { // before the first contact nobody dragged anything
		return
	}
	key, to := l.some(), l.some()
	project, _, _ := strings.Cut(key, "-")
	if _, again := l.book.dragged[key]; again || key == to || !strings.HasPrefix(to, project+"-") {
		return
	}
	was := l.order(project)
	l.ok(l.jira.Rank(jirasim.Ana, []string{key}, to, ""))
	if slices.Equal(was, l.order(project)) {
		return // it was dropped where it stood
	}
	l.tells("people: drag %s before %s", key, to)
	past := passed(key, was, l.order(project))
	unseen := func(other string) bool { d := l.book.dragged[other]; return d != nil && d.at.After(l.began) }
	if !slices.ContainsFunc(past, unseen) { // else the order may tell of the other one alone, a known gap
		l.book.dragged[key] = &drag{at: time.Now(), past: past}
	}
}

// order is the backlog of a project as people see it.
func (l *life) order(project string) (keys []string) {
	issues := l.jira.World().Issues
	slices.SortStableFunc(issues, func(a, b jirasim.Issue) int { return strings.Compare(a.Rank, b.Rank) })
	for _, i := range issues {
		if i.Project == project && i.Status != "10001" {
			keys = append(keys, i.Key)
		}
	}
	return keys
}

func (l *life) labelsPriority() {
	label := fmt.Sprintf("priority/p%d", 1+l.dice.IntN(4))
	how := l.dice.IntN(6)
	l.personHub(l.someHub(), func(i *githubsim.Issue) {
		if how > 0 { // 0 leaves another one there
			i.Labels = slices.DeleteFunc(i.Labels, func(s string) bool { return regexp.MustCompile(`^priority/p\d$`).MatchString(s) })
		}
		if how > 1 || how == 0 {
			i.Labels = append(i.Labels, label)
		}
	})
}

func (l *life) labelsHub() {
	label := pick(l, []string{"team", "bug", "priority/needs-info", "priority/p9", "severity/1", "severity/3", "roadmap/next"})
	l.personHub(l.someHub(), func(i *githubsim.Issue) { i.Labels = toggled(i.Labels, label) })
}

func (l *life) titleHub() {
	n := l.dice.IntN(1000)
	l.personHub(l.someHub(), func(i *githubsim.Issue) {
		key, _, _ := strings.Cut(i.Title, ":")
		i.Title = fmt.Sprintf("%s: do it %d", key, n)
	})
}

func (l *life) closesHub() {
	l.personHub(l.someHub(), func(i *githubsim.Issue) {
		i.State = map[string]string{githubsim.Open: githubsim.Closed, githubsim.Closed: githubsim.Open}[i.State]
	})
}

func (l *life) transfers() {
	if key := l.someHub(); key != "" && !strings.HasPrefix(key, "acme/pay#") {
		was := l.book.ids(l)[key]
		moved, err := l.hub.Transfer(key, "ana-acme", "acme/pay")
		l.ok(err)
		l.book.moved["github:"+l.book.ids(l)[moved]] = "github:" + was
		l.tells("people: %s is now %s", key, moved)
	}
}

func (l *life) deletesHub() {
	if key := l.someHub(); key != "" {
		l.tells("people: delete %s", key)
		l.ok(l.hub.Delete(key, "ana-acme"))
	}
}

func (l *life) card() {
	option := pick(l, []string{"a", "b", "c", ""})
	at := l.dice.IntN(100)
	if l.shape.board {
		l.hub.EditProject("acme/7", "ana-acme", func(p *githubsim.Project) {
			if len(p.Items) == 0 {
				return
			}
			card := &p.Items[at%len(p.Items)]
			if option == "" {
				delete(card.Values, horizonField)
			} else {
				card.Values[horizonField] = option
			}
		})
	}
}

// row is the priority of a row of the file.
func (l *life) row(id string) string {
	_, row, ok := strings.Cut(l.read("plan/roadmap.yaml"), "- id: "+id+"\n")
	if !ok {
		l.Fatalf("%s is not in the file", id)
	}
	_, row, _ = strings.Cut(row, "priority: ")
	is, _, _ := strings.Cut(row, "\n")
	if is == "null" {
		return ""
	}
	return strings.Trim(is, `'"`)
}

func (l *life) setsRow() {
	if l.shape.rows == 0 {
		return
	}
	id, to := fmt.Sprintf("R-%d", 1+l.dice.IntN(l.shape.rows)), fmt.Sprint(1+l.dice.IntN(4))
	head, rest, _ := strings.Cut(l.read("plan/roadmap.yaml"), "- id: "+id+"\n")
	first, after, _ := strings.Cut(rest, "priority: ")
	_, tail, _ := strings.Cut(after, "\n")
	l.write("plan/roadmap.yaml", head+"- id: "+id+"\n"+first+"priority: "+to+"\n"+tail)
}

// reverts lets another bot take back what Tandem wrote last in Jira.
func (l *life) reverts() {
	log := l.jira.Writes().All()
	for _, w := range slices.Backward(log) {
		for _, e := range w.Effects {
			if w.Service && e.Field == "priority" && e.From != "" {
				if _, ok := l.jira.Issue(e.Ref); ok {
					l.tells("another bot reverts %s", e.Ref)
					l.ok(l.jira.Edit(e.Ref, jirasim.Cy, func(i *jirasim.Issue) { i.Priority = e.From }))
				}
				return
			}
		}
	}
}

func (l *life) hour() { time.Sleep(time.Duration(1+l.dice.IntN(120)) * time.Minute) }
func (l *life) day()  { time.Sleep(time.Duration(12+l.dice.IntN(30)) * time.Hour) }

func (l *life) weeks() { time.Sleep(time.Duration(5+l.dice.IntN(30)) * 24 * time.Hour) }

var _ = rand.IntN
