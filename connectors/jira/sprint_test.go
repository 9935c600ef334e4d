package jira

import (
	"encoding/json"
	"testing"

	"tandem/internal/work"
)

func TestTheSprintIsTheActiveOneElseTheNearest(t *testing.T) {
	t.Parallel()
	const java = `com.atlassian.greenhopper.service.sprint.Sprint@1fdd4900`
	cases := []struct {
		name, raw   string
		want, state work.Value
	}{
		{"none", `null`, work.Empty(), work.Empty()},
		{"empty", `[]`, work.Empty(), work.Empty()},
		{"closed", `[{"id":1,"name":"S1","state":"closed"}]`, work.Empty(), work.Empty()},
		{"active", `[{"id":1,"name":"S1","state":"closed"},{"id":2,"name":"S2, the second","state":"active","goal":"x"}]`, work.NewText("S2, the second"), work.NewText("active")},
		{"nearest", `[{"id":3,"name":"late","state":"future","startDate":"2026-05-01T08:00:00.000Z"},{"id":4,"name":"open","state":"future"},{"id":2,"name":"near","state":"future","startDate":"2026-04-01T08:00:00.000Z"}]`, work.NewText("near"), work.NewText("future")},
		{"alone", `{"id":2,"name":"S2","state":"active"}`, work.NewText("S2"), work.NewText("active")},
		{
			"java", `["` + java + `[id=5820,rapidViewId=3504,state=ACTIVE,name=Q1, week 2 [core],startDate=2026-02-01T08:00:00.000Z,endDate=<null>,completeDate=<null>,sequence=5820,goal=ship [a], b=c]"]`,
			work.NewText("Q1, week 2 [core]"), work.NewText("active"),
		},
		{
			"java, id last", `["` + java + `[rapidViewId=1,state=FUTURE,name=Next,goal=<null>,startDate=<null>,endDate=<null>,completeDate=<null>,sequence=3,id=3]","` + java + `[id=1,rapidViewId=1,state=CLOSED,name=Old]"]`,
			work.NewText("Next"), work.NewText("future"),
		},
		{"java, closed", `["` + java + `[id=1,rapidViewId=1,state=CLOSED,name=Old,goal=]]"]`, work.Empty(), work.Empty()},
		{"odd", `["what is this"]`, work.Value{}, work.Value{}},
		{"odd beside the active", `[7,{"id":2,"name":"S2","state":"active"}]`, work.NewText("S2"), work.NewText("active")},
		{"another state", `[{"id":2,"name":"S2","state":"parked"}]`, work.Value{}, work.Value{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for native, want := range map[string]work.Value{work.NativeSprint: c.want, work.NativeSprintState: c.state} {
				got, err := column{id: "f", native: native, read: readerOf(native)}.value(json.RawMessage(c.raw))
				if err != nil || got != want {
					t.Errorf("%s is %v, want %v, %v", native, got, want, err)
				}
			}
		})
	}
}

func FuzzASprintNeverPanics(f *testing.F) {
	f.Add(`["Sprint@1[id=1,state=ACTIVE,name=a]"]`)
	f.Add(`[{"id":1}]`)
	f.Fuzz(func(_ *testing.T, raw string) {
		_, _ = plannedSprint(json.RawMessage(raw))
		_, _ = javaValues(raw)
	})
}
