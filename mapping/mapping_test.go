package mapping_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"

	"tandem/mapping"
)

func schemas() map[string]work.Schema {
	return map[string]work.Schema{
		"jira": {Kind: "jira", Labels: true, MaxLabel: 255, Fields: []work.NativeField{
			{Name: "summary", Kind: work.Text, Shared: work.Title},
			{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "done": "done"}},
			{Name: "priority", Kind: work.Text, Writable: true},
			{Name: "labels", Kind: work.List, Shared: work.Labels},
			{Name: "customfield_*", Writable: true},
		}},
		"github": {Kind: "github", Labels: true, MaxLabel: 50, LabelSpaces: true, LabelsFold: true, Fields: []work.NativeField{
			{Name: "title", Kind: work.Text, Shared: work.Title},
			{Name: "body", Kind: work.Text, Shared: work.Body},
			{Name: "labels", Kind: work.List, Shared: work.Labels},
		}},
	}
}

func env() mapping.Env {
	return mapping.Env{Schemas: schemas(), Domains: map[work.Field][]string{
		work.Priority: {"1", "2", "3"}, work.Horizon: {"now", "next", "later"},
	}}
}

func spec(field string, f mapping.FieldSpec) mapping.Spec {
	return mapping.Spec{Fields: map[string]mapping.FieldSpec{field: f}}
}

func TestMistakesAreReportedAllAtOnceWithARemedy(t *testing.T) {
	t.Parallel()
	_, problems := mapping.Compile("", mapping.Spec{
		Fields: map[string]mapping.FieldSpec{
			"priorty": {},
			"priority": {Owner: "tandm", Targets: map[string]mapping.TargetSpec{
				"jira":   {Field: mapping.FieldRef{Plain: "priorty"}, Values: map[string]mapping.Spellings{"1": {"High", "Top"}, "2": {"High"}, "9": {"Low"}}},
				"gitlab": {Label: "p/{value}"},
				"github": {Label: "priority"},
			}},
			"effort":  {Owner: "tandem"},
			"horizon": {Targets: map[string]mapping.TargetSpec{"jira": {Label: "road map/{value}"}, "github": {Only: "secret", Label: "r/{value}"}}},
		},
		Twins: mapping.TwinSpec{Join: []mapping.JoinSpec{{Plain: "magic"}, {KeyAtStartOf: "github.titel"}, {KeyIn: "github.body"}}},
	}, env())
	got := make([]string, len(problems))
	for i, p := range problems {
		got[i] = p.Error()
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		`/fields/priorty: "priorty" is no field of the shared model; did you mean "priority"?`,
		`/fields/priority/owner: "tandm" is no owner; did you mean "tandem"?`,
		`/fields/priority/jira/field: jira has no field "priorty"; did you mean "priority"?`,
		`/fields/priority/jira/values/2/0: "High" stands for both "1" and "2"`,
		`/fields/priority/jira/values/9: "9" is no priority that the rules give`,
		`/fields/priority/gitlab: there is no connector "gitlab"; did you mean "github"?`,
		`/fields/priority/github/label: a label template needs {value} exactly once`,
		`/fields/effort: Tandem derives no effort`,
		`label "road map/now" contains a space, which jira refuses`,
		`/fields/horizon/github/only: "secret" is no kind of place`,
		`/twins/join/0: "magic" is no way to join`,
		`github has no field "titel"; did you mean "title"?`,
		`a mention inside a text is no proof of a twin`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("missing %q in:\n%s", want, all)
		}
	}
	for _, p := range problems {
		if p.Remedy == "" {
			t.Errorf("no remedy: %s", p.Error())
		}
	}
}

func TestValueMapsGoRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		natives := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z][a-zéü ]{1,8}`), 3, 9, rapid.ID).Draw(t, "natives")
		values := map[string]mapping.Spellings{}
		for i, n := range natives {
			shared := []string{"1", "2", "3"}[i%3]
			values[shared] = append(values[shared], n)
		}
		program, problems := mapping.Compile("", spec("priority", mapping.FieldSpec{Owner: "tandem", Targets: map[string]mapping.TargetSpec{
			"jira":   {Field: mapping.FieldRef{Plain: "priority"}, ByProject: map[string]mapping.PlaceSpec{"PAY": {Values: values}}},
			"github": {Label: "p/{value}"},
		}}), env())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, shared := range []string{"1", "2", "3"} {
			for connector, place := range map[string]string{"jira": "PAY", "github": "acme/pay"} {
				slot := program.Rule(work.Priority).Slot(connector, place)
				native, ok := slot.Spell(work.NewText(shared))
				if !ok {
					t.Fatalf("%s cannot spell %s", connector, shared)
				}
				r := &work.Record{Fields: map[string]work.Value{slot.Path: native}}
				if got := slot.Read(r).Shared; got != work.NewText(shared) {
					t.Fatalf("%s: %s was spelled %v and read back %v", connector, shared, native, got)
				}
			}
		}
		slot := program.Rule(work.Priority).Slot("jira", "PAY")
		r := &work.Record{Fields: map[string]work.Value{"priority": work.NewText("no such priority")}}
		if got := slot.Read(r); !got.Unmapped || got.Shared.Known() {
			t.Fatalf("S6: an unmapped value reads %+v", got)
		}
	})
}

func TestKeyAtStartOfATitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"PAY-12: Export drops rows": "PAY-12", "[PAY-12] Export": "PAY-12", "PAY-12": "PAY-12", " PAY-12 export": "PAY-12",
		"Blocked by PAY-12": "", "PAY-12a": "", "[PAY-12 x": "", "pay-12: x": "", "PAY-: x": "", "A-1: x": "", "": "", "PAY-12) x": "",
		"X1_Y-3 – dash": "X1_Y-3", "UTF-8: decode": "UTF-8",
	} {
		if got := mapping.KeyAtStart(title); got != want {
			t.Errorf("KeyAtStart(%q) = %q, want %q", title, got, want)
		}
	}
}

func record(connector, id, key string, fields map[string]work.Value) *work.Record {
	return &work.Record{Ref: work.NewRef(connector, id, key), Place: "X", Audience: work.Internal, URL: "https://" + connector + ".example/" + key, Fields: fields}
}

func TestTwinsJoinByMarkerLinkOrKeyAndNeverByMention(t *testing.T) {
	t.Parallel()
	program, problems := mapping.Compile("", mapping.Spec{Twins: mapping.TwinSpec{
		Join: []mapping.JoinSpec{{Plain: "remote_link"}, {KeyAtStartOf: "github.title"}}, Suggest: []mapping.JoinSpec{{KeyIn: "github.body"}},
	}}, env())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	text := func(k, v string) map[string]work.Value { return map[string]work.Value{k: work.NewText(v)} }
	records := []*work.Record{
		record("jira", "1", "PAY-1", nil), record("jira", "2", "PAY-2", nil), record("jira", "3", "PAY-3", nil), record("jira", "4", "PAY-4", nil),
		record("github", "11", "a/b#1", text("title", "PAY-1: by key")),
		record("github", "12", "a/b#2", text("marker", "jira:2")),
		record("github", "13", "a/b#3", map[string]work.Value{"links": work.NewList("https://jira.example/PAY-3")}),
		record("github", "14", "a/b#4", text("body", "blocked by PAY-4")),
		record("github", "15", "a/b#5", text("title", "PAY-9: no such key")),
	}
	groups := program.Join(records, nil)
	joined := 0
	for _, g := range groups.Members {
		if len(g) == 2 {
			joined++
			if jira, github := records[g[0]], records[g[1]]; "1"+jira.ID != github.ID {
				t.Errorf("%s joined with %s", jira.Ref, github.Ref)
			}
		}
	}
	if joined != 3 || len(groups.Clashes) != 0 {
		t.Errorf("%d twins and clashes %v, want 3 and none", joined, groups.Clashes)
	}
}

func TestTwoRecordsOfOneConnectorNeverMeetInAnItem(t *testing.T) {
	t.Parallel()
	program, _ := mapping.Compile("", mapping.Spec{Twins: mapping.TwinSpec{Join: []mapping.JoinSpec{{KeyAtStartOf: "github.title"}}}}, env())
	rapid.Check(t, func(t *rapid.T) {
		var records []*work.Record
		for i := range 4 {
			id := string(rune('1' + i))
			records = append(records, record("jira", id, "PAY-"+id, nil))
			fields := map[string]work.Value{
				"title": work.NewText("PAY-" + rapid.SampledFrom([]string{"1", "2", "3", "4", "9"}).Draw(t, "title") + ": x"),
			}
			if m := rapid.SampledFrom([]string{"", "jira:1", "jira:2", "jira:3"}).Draw(t, "marker"); m != "" {
				fields["marker"] = work.NewText(m)
			}
			records = append(records, record("github", "1"+id, "a/b#"+id, fields))
		}
		groups := program.Join(records, nil)
		for _, g := range groups.Members {
			seen := map[string]bool{}
			for _, i := range g {
				if seen[records[i].Connector] {
					t.Fatalf("group %v holds two records of %s", g, records[i].Connector)
				}
				seen[records[i].Connector] = true
			}
		}
		shuffled := rapid.Permutation(records).Draw(t, "order")
		if a, b := pairs(program.Join(records, nil), records), pairs(program.Join(shuffled, nil), shuffled); !slices.Equal(a, b) {
			t.Fatalf("S16: the order of records changes twins: %v and %v", a, b)
		}
	})
}

func TestAWrongKeyThatIsMendedPartsTheTwinsAndANewcomerDoesNot(t *testing.T) {
	t.Parallel()
	program, _ := mapping.Compile("", mapping.Spec{Twins: mapping.TwinSpec{Join: []mapping.JoinSpec{{KeyAtStartOf: "github.title"}}}}, env())
	title := func(s string) map[string]work.Value { return map[string]work.Value{"title": work.NewText(s)} }
	jira := record("jira", "1", "PAY-1", nil)
	twin, newcomer := record("github", "11", "a/b#1", title("PAY-1: x")), record("github", "12", "a/b#2", title("PAY-1: y"))
	stored := map[work.RefID]work.ItemID{jira.RefID: "i", twin.RefID: "i"}
	together := program.Join([]*work.Record{twin, newcomer, jira}, stored)
	if len(together.Members) != 2 || len(together.Clashes) != 1 || together.Clashes[0].A != newcomer.Ref {
		t.Errorf("groups %v, clashes %v: a newcomer parted twins", together.Members, together.Clashes)
	}
	twin.Fields = title("not about that")
	if parted := program.Join([]*work.Record{twin, jira}, stored); len(parted.Members) != 2 {
		t.Errorf("groups %v: a join without a reason stays", parted.Members)
	}
}

func pairs(g mapping.Groups, records []*work.Record) []string {
	var out []string
	for _, m := range g.Members {
		var keys []string
		for _, i := range m {
			keys = append(keys, records[i].String())
		}
		slices.Sort(keys)
		out = append(out, strings.Join(keys, "+"))
	}
	slices.Sort(out)
	return out
}

func TestAnItemIsBornWhereItWasWrittenFirst(t *testing.T) {
	t.Parallel()
	program, _ := mapping.Compile("", mapping.Spec{}, env())
	jira := record("jira", "1", "PAY-1", map[string]work.Value{"summary": work.NewText("from jira"), "status_category": work.NewText("new"), "labels": work.NewList("x")})
	github := record("github", "2", "a/b#1", map[string]work.Value{"title": work.NewText("from github"), "labels": work.NewList("y"), "body": work.NewText("text")})
	jira.Created, github.Created = time.Unix(200, 0), time.Unix(100, 0)
	github.Audience = work.Public
	item := program.NewReader().Draft([]*work.Record{jira, github}).Item
	if item.Birth != github.RefID || item.Fields.Get(work.Title) != work.NewText("from github") {
		t.Errorf("born at %v as %v", item.Birth, item.Fields.Get(work.Title))
	}
	if item.Fields.Get(work.Status) != work.NewText("todo") || item.Fields.Get(work.Labels) != work.NewList("x", "y") {
		t.Errorf("status %v labels %v", item.Fields.Get(work.Status), item.Fields.Get(work.Labels))
	}
	if item.Audience != work.Internal {
		t.Errorf("audience %v, want the strictest, internal", item.Audience)
	}
}

// A row of a file says neither when it was made nor how far the work is: it is
// not older than an issue that does, and the status comes before that
// of a younger twin.
func TestS17AnItemIsNotBornInARecordThatDoesNotSayWhen(t *testing.T) {
	t.Parallel()
	program, _ := mapping.Compile("", mapping.Spec{}, env())
	jira := record("jira", "1", "PAY-1", map[string]work.Value{"status_category": work.NewText("done")})
	github := record("github", "2", "a/b#1", map[string]work.Value{"state": work.NewText("open"), "status": work.NewText("todo")})
	row := record("github", "1", "a/b#0", map[string]work.Value{})
	jira.Created, github.Created, row.Created = time.Unix(100, 0), time.Unix(200, 0), time.Time{}
	item := program.NewReader().Draft([]*work.Record{row, github, jira}).Item
	if item.Birth != jira.RefID || !item.Done() {
		t.Errorf("born at %v, status %v", item.Birth, item.Fields.Get(work.Status))
	}
}

func FuzzLabelTemplate(f *testing.F) {
	f.Add("roadmap/{value}", "now")
	f.Add("{value}{value}", "")
	f.Add("é{value}", "a b")
	f.Fuzz(func(t *testing.T, template, value string) {
		program, problems := mapping.Compile("", spec("theme", mapping.FieldSpec{Owner: "jira", Targets: map[string]mapping.TargetSpec{
			"jira":   {Field: mapping.FieldRef{Plain: "customfield_1"}},
			"github": {Label: template, Values: map[string]mapping.Spellings{value: {value}}},
		}}), env())
		if len(problems) > 0 {
			return
		}
		slot := program.Rule(work.Theme).Slot("github", "X")
		native, ok := slot.Spell(work.NewText(value))
		if !ok || value == "" {
			return
		}
		got := slot.Read(&work.Record{Fields: map[string]work.Value{"labels": native}})
		if got.Shared != work.NewText(value) {
			t.Fatalf("template %q value %q: wrote %v, read %v", template, value, native, got.Shared)
		}
	})
}

func TestWhatWouldSilentlyDoNothingIsTold(t *testing.T) {
	t.Parallel()
	jira := work.Schema{Kind: "jira", Features: []string{"backlog"}, Fields: []work.NativeField{
		{Name: "description", Kind: work.Text}, {Name: "status", Kind: work.Text, Writable: true}, {Name: "priority", Kind: work.Text, Writable: true},
	}}
	at := func(owner, field string, values ...string) mapping.FieldSpec {
		target := mapping.TargetSpec{Field: mapping.FieldRef{Plain: field}, Values: map[string]mapping.Spellings{}}
		for _, v := range values {
			target.Values[v] = mapping.Spellings{"as " + v}
		}
		return mapping.FieldSpec{Owner: owner, Targets: map[string]mapping.TargetSpec{"jira": target}}
	}
	for name, c := range map[string]struct {
		field string
		spec  mapping.FieldSpec
		want  string
	}{
		"rank in a field":           {"rank", at("tandem", "rank"), "problem /rank/jira: Tandem orders the backlog itself, and writes no number of a place"},
		"rank nowhere":              {"rank", at("tandem", ""), "problem /rank/jira: Tandem orders the backlog itself, and writes no number of a place"},
		"somebody owns what we say": {"explanation", at("jira", "description"), "problem /explanation/owner: only Tandem derives explanation, so jira cannot own it"},
		"a field that is only read": {"explanation", at("", "description"), "note jira explanation: the jira connector only reads description: nothing is ever written there"},
		"nothing is done":           {"status", at("jira", "status", "todo", "finished"), "note jira status: no value of the status stands for done: nothing there will count as finished"},
		"the owner is only read":    {"body", at("jira", "description"), ""},
		"as it should be":           {"status", at("jira", "status", "todo", "done"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{c.field: c.spec}}, mapping.Env{Schemas: map[string]work.Schema{"jira": jira}})
			var told []string
			for _, p := range problems {
				told = append(told, "problem "+strings.TrimPrefix(string(p.At), "/fields")+": "+p.What)
			}
			if len(problems) == 0 {
				for _, f := range program.Notes() {
					told = append(told, string("note "+f.Subject+": "+f.What))
				}
			}
			if got := strings.Join(told, "; "); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}
