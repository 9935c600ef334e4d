package leak_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// texts are the shared fields that carry a text, and where each stands in the
// strict Jira; numbers likewise.
func texts() map[string]string {
	return map[string]string{
		"title": "summary", "body": "description", "kind": "issuetype", "status": "status", "parent": "parent", "labels": "labels", "links": "links",
		"reporter": "reporter", "assignee": "assignee",
		"goal": "customfield_31001", "theme": "customfield_31002", "segment": "components", "readiness": "customfield_31003",
		"acceptance_criteria": "customfield_10110", "acceptance": "security", "dependencies": "links", "sprint": "sprint", "release": "fix_versions",
	}
}

func numbers() map[string]string {
	return map[string]string{
		"reach": "customfield_32001", "impact": "customfield_32002", "confidence": "customfield_32003", "value": "customfield_32004",
		"effort": "customfield_32005", "severity": "customfield_32006", "time_criticality": "customfield_32007", "risk_reduction": "customfield_32008",
	}
}

// number is a mark of digits.
func number(field string, n int) float64 {
	at := 0
	for _, c := range field {
		at += int(c)
	}
	return float64(7_300_000 + at*10 + n)
}

// secretWorld is the strict Jira: every field of every issue carries a mark.
func secretWorld() jirasim.World {
	w := jirasim.Sample()
	jirasim.Furnish(&w)
	w.Levels = []jirasim.Level{{ID: "10100", Name: mark("level", 2)}}
	w.Resolutions = nil
	for n, at := range []string{"goal", "theme", "readiness"} {
		w.Fields = append(w.Fields, jirasim.Field{ID: fmt.Sprintf("customfield_3100%d", n+1), Name: "in " + at, Kind: jirasim.Text})
	}
	for field, id := range numbers() {
		w.Fields = append(w.Fields, jirasim.Field{ID: id, Name: "in " + field, Kind: jirasim.Number})
	}
	p := &w.Projects[0]
	p.Versions, p.Components = nil, nil
	for n := 1; n <= items; n++ {
		p.Versions = append(p.Versions, jirasim.Version{ID: fmt.Sprint(10300 + n), Name: mark("version", n), Description: mark("versiondoc", n)})
		p.Components = append(p.Components, jirasim.Component{ID: fmt.Sprint(10600 + n), Name: mark("component", n)})
		w.People = append(w.People,
			jirasim.Person{ID: "712020:" + mark("reporter", n), Key: "k" + mark("reporter", n), Login: "l" + mark("reporter", n), Name: mark("reportername", n), Email: mark("reportermail", n) + "@acme.example"},
			jirasim.Person{ID: "712020:" + mark("assignee", n), Key: "k" + mark("assignee", n), Login: "l" + mark("assignee", n), Name: mark("assigneename", n), Email: mark("assigneemail", n) + "@acme.example"})
		w.Sprints = append(w.Sprints, jirasim.Sprint{ID: int64(100 + n), Name: mark("sprint", n), Goal: mark("sprintgoal", n), State: jirasim.ActiveSprint, Board: 1, Start: created(0), End: created(60 * 24 * 60)})
		i := jirasim.Issue{
			Key: fmt.Sprintf("PAY-%d", n), Project: "PAY", Type: "10001", Created: created(n), Updated: created(n + 100),
			Summary: mark("title", n), Description: mark("body", n) + "\n\nh2. Acceptance\n" + mark("section", n),
			Labels: []string{mark("label", n)}, Reporter: "712020:" + mark("reporter", n), Assignee: "712020:" + mark("assignee", n),
			FixVersions: []string{fmt.Sprint(10300 + n)}, Components: []string{fmt.Sprint(10600 + n)}, Sprints: []int64{int64(100 + n)}, Due: fmt.Sprintf("2091-03-0%d", n),
			Custom: map[string]any{
				"customfield_31001": mark("goal", n), "customfield_31002": mark("theme", n), "customfield_31003": mark("readiness", n),
				"customfield_10110": mark("criteria", n), "customfield_10109": "https://" + mark("link", n) + ".example/",
			},
			Remote:     []jirasim.RemoteLink{{GlobalID: mark("remote", n), Body: json.RawMessage(`{"object": {"url": "https://x.example/` + mark("remoteurl", n) + `", "title": "` + mark("remotetitle", n) + `"}}`)}},
			Comments:   []jirasim.Comment{{Author: jirasim.Ana, Body: mark("comment", n), Created: created(n), Updated: created(n)}, {Author: jirasim.Ana, Body: mark("strictcomment", n), Created: created(n), Updated: created(n), Visibility: json.RawMessage(`{"type": "role", "value": "Administrators"}`)}},
			Properties: map[string]json.RawMessage{"other": json.RawMessage(`"` + mark("property", n) + `"`)},
		}
		for field, id := range numbers() {
			i.Custom[id] = number(field, n)
		}
		if n == 2 {
			i.Level = "10100"
		}
		w.Issues = append(w.Issues, i)
	}
	return w
}

// boardWorld is the public Jira: its issues are the twins of the strict ones,
// with an empty field for everything that rules may carry there.
func boardWorld(ids []int64) jirasim.World {
	w := jirasim.Sample()
	n := 0
	for _, field := range sorted(texts()) {
		n++
		w.Fields = append(w.Fields, jirasim.Field{ID: fmt.Sprintf("customfield_33%03d", n), Name: "out " + field, Kind: jirasim.Text})
	}
	for _, field := range sorted(numbers()) {
		n++
		w.Fields = append(w.Fields, jirasim.Field{ID: fmt.Sprintf("customfield_33%03d", n), Name: "out " + field, Kind: jirasim.Number})
	}
	for _, field := range []string{"accountable", "informed", "horizon", "score", "place"} {
		n++
		w.Fields = append(w.Fields, jirasim.Field{ID: fmt.Sprintf("customfield_33%03d", n), Name: "out " + field, Kind: jirasim.Text})
	}
	for at := range ids {
		w.Projects[1].Versions = append(w.Projects[1].Versions, jirasim.Version{ID: fmt.Sprint(10400 + at), Name: mark("version", at+1)})
		w.Issues = append(w.Issues, jirasim.Issue{
			Key: fmt.Sprintf("WEB-%d", at+1), Project: "WEB", Type: "10001", Created: created(at + 20), Updated: created(at + 120), Summary: "Public",
			Custom: map[string]any{}, Properties: map[string]json.RawMessage{"tandem": json.RawMessage(fmt.Sprintf(`{"twin": "secret:%d"}`, ids[at]))},
		})
	}
	return w
}

func account() githubsim.World {
	return githubsim.World{
		Accounts: []githubsim.Account{{Token: "github-token", Login: "tandem-bot", Service: true}},
		People:   []githubsim.Person{{Login: "tandem-bot", ID: 5_000_000_001, Bot: true}, {Login: "ana-acme", ID: 5_000_000_002}},
	}
}

// hubWorld is the strict GitHub.
func hubWorld() githubsim.World {
	w := account()
	r := githubsim.Repository{Name: "acme/mkvault1zq", Private: true, Description: mark("hubdoc", 1)}
	board := githubsim.Project{Owner: "acme", Number: 1, Title: mark("hubboard", 1), Fields: []githubsim.ProjectField{{ID: 11, Name: "Card", Kind: githubsim.TextField}}}
	for n := 1; n <= items; n++ {
		r.Labels = append(r.Labels, githubsim.Label{Name: mark("hublabel", n), Color: "ffffff", Description: mark("hublabeldoc", n)})
		r.Milestones = append(r.Milestones, githubsim.Milestone{Number: n, Title: mark("milestone", n), Description: mark("milestonedoc", n)})
		w.People = append(w.People, githubsim.Person{Login: mark("hubauthor", n), ID: int64(5_100_000_000 + n)})
		w.Issues = append(w.Issues, githubsim.Issue{
			ID: int64(8000 + n), Repository: "acme/mkvault1zq", Number: n, Title: fmt.Sprintf("PAY-%d: %s", n, mark("hubtitle", n)), Body: mark("hubbody", n),
			Labels: []string{mark("hublabel", n)}, Milestone: n, Author: mark("hubauthor", n), Created: created(n + 10), Updated: created(n + 110),
			Comments: []githubsim.Comment{{Author: "ana-acme", Body: mark("hubcomment", n), Created: created(n + 10), Updated: created(n + 10)}},
		})
		board.Items = append(board.Items, githubsim.ProjectItem{Issue: int64(8000 + n), Values: map[int64]any{11: mark("hubcard", n)}})
	}
	w.Repositories, w.Projects = []githubsim.Repository{r}, []githubsim.Project{board}
	return w
}

// openWorld is the public GitHub. Its board may be private: what stands there
// is strict, though the issues are not.
func openWorld(closed, hidden bool) githubsim.World {
	w := account()
	r := githubsim.Repository{Name: "acme/open", Private: closed}
	board := githubsim.Project{Owner: "acme", Number: 2, Title: "Public", Public: !hidden}
	id := int64(100)
	for _, field := range sorted(texts()) {
		id++
		board.Fields = append(board.Fields, githubsim.ProjectField{ID: id, Name: "out " + field, Kind: githubsim.TextField})
	}
	for _, field := range sorted(numbers()) {
		id++
		board.Fields = append(board.Fields, githubsim.ProjectField{ID: id, Name: "out " + field, Kind: githubsim.NumberField})
	}
	board.Fields = append(board.Fields, githubsim.ProjectField{ID: 99, Name: "Kept", Kind: githubsim.TextField})
	for n := 1; n <= items; n++ {
		r.Milestones = append(r.Milestones, githubsim.Milestone{Number: n, Title: mark("version", n)})
	}
	for n := 1; n <= items+1; n++ {
		title := fmt.Sprintf("PAY-%d: public", n)
		if n > items {
			title = "public alone"
		}
		w.Issues = append(w.Issues, githubsim.Issue{
			ID: int64(9000 + n), Repository: "acme/open", Number: n, Title: title, Author: "ana-acme", Created: created(n + 30), Updated: created(n + 130),
		})
		board.Items = append(board.Items, githubsim.ProjectItem{Issue: int64(9000 + n), Values: map[int64]any{99: mark("kept", n)}})
	}
	w.Repositories, w.Projects = []githubsim.Repository{r}, []githubsim.Project{board}
	return w
}

func planRows(of ...int) string {
	var b strings.Builder
	b.WriteString("items:\n")
	for _, n := range of {
		fmt.Fprintf(&b, "  - {id: R-%d, title: %s, body: %s, links: ['secret:PAY-%d'], goal: %s, horizon: now, created: 2026-01-01, owner_name: %s}\n",
			n, mark("plantitle", n), mark("planbody", n), n, mark("plangoal", n), mark("planextra", n))
	}
	return b.String()
}

// feedbackRows are signals for all items, the public one among them.
func feedbackRows() string {
	var b strings.Builder
	for n := 1; n <= items+1; n++ {
		for who := range 5 {
			b.WriteString(jsonOf(map[string]any{
				"id": fmt.Sprintf("F-%d-%d", n, who), "kind": "request", "text": mark("said", n), "person": mark("person", n) + fmt.Sprint(who),
				"account": mark("account", n) + fmt.Sprint(who), "segment": mark("fsegment", n), "area": mark("area", n),
				"at": created(n).Format("2006-01-02"), "tags": []string{mark("tag", n)}, "url": "https://" + mark("furl", n) + ".example/",
				"links": []string{fmt.Sprintf("open:acme/open#%d", n)}, "value": 1000, "score": 9,
			}) + "\n")
		}
	}
	return b.String()
}
