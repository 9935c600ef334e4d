package drop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/connectors"
	"tandem/connectors/drop"
	"tandem/internal/work"
)

// heard is what one walk gave.
type heard struct {
	feedback []work.Feedback
	rejects  []work.Reject
	notes    []string
	again    []string
	cursor   connectors.Cursor
}

func listen(tb testing.TB, live *connectors.Connector, from connectors.Cursor) heard {
	tb.Helper()
	h := heard{cursor: from}
	for page, err := range live.Source.Pages(tb.Context(), "feedback", from) {
		if err != nil {
			tb.Fatal(err)
		}
		h.feedback = append(h.feedback, page.Feedback...)
		h.rejects = append(h.rejects, page.Rejects...)
		h.again = append(h.again, page.Again...)
		for _, f := range page.Findings {
			h.notes = append(h.notes, f.Subject+": "+f.What+"; "+f.Remedy)
		}
		h.cursor = page.Cursor
	}
	return h
}

func (h heard) texts() []string {
	var all []string
	for _, f := range h.feedback {
		all = append(all, f.Text)
	}
	return all
}

// folder makes one with a file in it, and a column file beside it.
func folder(t *testing.T, name, content, columns string) (dir, settings string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "drop")
	put(t, filepath.Join(dir, name), content)
	settings = "path: " + dir + "\nsettle: 0s"
	if columns != "" {
		path := filepath.Join(filepath.Dir(dir), "columns.yaml")
		put(t, path, columns)
		settings += "\ncolumns: " + path
	}
	return dir, settings
}

func wants(t *testing.T, notes []string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(strings.Join(notes, "\n"), part) {
			t.Errorf("nothing says %q:\n%s", part, strings.Join(notes, "\n"))
		}
	}
}

func exists(t *testing.T, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if found, err := filepath.Glob(p); err != nil || len(found) != 1 {
			t.Errorf("%d files are %s (%v)", len(found), p, err)
		}
	}
}

const twoLanguages = `
questions:
  ease: {type: rating, scale: 1-7, headers: ['How easy was it?', 'Wie einfach war es?']}
  why: ['Why?', 'Warum?']
dates: {format: 'DD.MM.YYYY HH:mm', zone: Europe/Berlin}
columns:
  User: {person: user_id}
`

func TestAGermanAndAnEnglishHeaderAreOneQuestion(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "ease_en.csv", "Number,User,Date Submitted,How easy was it?,Why?\n1,u1,01.07.2026 09:30,6,quick\n", twoLanguages)
	put(t, filepath.Join(dir, "ease_de.csv"), "\uFEFFNumber;User;Date Submitted;\"Wie einfach\nwar es?\";Warum?\r\n1;u2;02.07.2026 10:00;2;\"zu langsam; und teuer\"\r\n")
	got := listen(t, open(t, drop.Definition(), env(), settings), nil)
	type said struct{ person, at, ease, why string }
	var voices []said
	for _, f := range got.feedback {
		v := said{person: f.PersonKeys["user_id"], at: f.At.Format(time.RFC3339)}
		for _, a := range f.Answers {
			switch a.Question {
			case "ease":
				v.ease = a.Score.Text() + " of " + a.Scale
			case "why":
				v.why = a.Text
			}
		}
		if f.Text != v.why || f.Scale != "1-7" || f.Method != work.Survey {
			t.Errorf("%+v does not say what its answers say", f)
		}
		voices = append(voices, v)
	}
	want := []said{
		{"u1", "2026-07-01T07:30:00Z", "6 of 1-7", "quick"},
		{"u2", "2026-07-02T08:00:00Z", "2 of 1-7", "zu langsam; und teuer"},
	}
	if voices[0].person == "u2" {
		voices[0], voices[1] = voices[1], voices[0]
	}
	if diff := cmp.Diff(want, voices, cmp.AllowUnexported(said{})); diff != "" || len(got.rejects)+len(got.notes) > 0 {
		t.Errorf("%v %v (-want +got):\n%s", got.rejects, got.notes, diff)
	}
}

func TestANewWordingIsKeptAsAQuestionOfItsOwn(t *testing.T) {
	t.Parallel()
	_, settings := folder(t, "ease.csv", "Number,Date Submitted,How simple was it?,Why?\n1,01.07.2026 09:30,6,quick\n", twoLanguages)
	got := listen(t, open(t, drop.Definition(), env(), settings), nil)
	if len(got.feedback) != 1 || got.feedback[0].Text != "quick" {
		t.Fatalf("%+v", got)
	}
	if a := got.feedback[0].Answers[0]; a.Question != "how_simple_was_it" || a.Text != "6" || a.Score.Known() {
		t.Errorf("%+v", a)
	}
	wants(t, got.notes, `does not know the question "How simple was it?"`, "how_simple_was_it: {type: text, headers: ['How simple was it?']}", "columns.yaml")
}

func TestALineInTheColumnFileDoublesNothing(t *testing.T) {
	t.Parallel()
	_, settings := folder(t, "s.csv", "who,wann,at,text,Was fehlt?\nu1,2026-07-01T09:00:00Z,2026-07-01,slow,mehr\nu2,2026-07-01T09:00:00Z,2026-07-01,slow,mehr\n", "decimals: comma\n")
	columns := filepath.Join(filepath.Dir(strings.Fields(settings)[1]), "columns.yaml")
	live := open(t, drop.Definition(), env(), settings)
	kept := map[string]bool{}
	keep := func(h heard) heard {
		for _, f := range h.feedback {
			if kept[f.ID] = true; f.Gone {
				delete(kept, f.ID)
			}
		}
		return h
	}
	h := keep(listen(t, live, nil))
	for i, said := range []string{
		"questions: {was: {headers: ['Was fehlt?']}}\n", "columns: {who: {person: user_id}}\n", "columns: {who: {person: user_id}, wann: at, at: -}\n", "columns: {who: id}\n",
	} {
		put(t, columns, said)
		h = keep(listen(t, live, h.cursor))
		if len(kept) != 2 || i == 0 && len(h.feedback) != 2 {
			t.Errorf("after %q there are %v of %+v", said, kept, h.feedback)
		}
		if strings.Contains(string(h.cursor), "former") {
			t.Errorf("what it was before is kept: %s", h.cursor)
		}
	}
	if !kept["u1"] || !kept["u2"] {
		t.Errorf("%v", kept)
	}
}

func TestAStrictColumnFileSetsTheFileAside(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "ease.csv", "Number,Date Submitted,How simple was it?\n1,01.07.2026 09:30,6\n", twoLanguages+"others: refuse\n")
	got := listen(t, open(t, drop.Definition(), env(), settings), nil)
	if len(got.feedback) > 0 || len(got.rejects) != 1 || !strings.Contains(got.rejects[0].Cause, `does not know the header "How simple was it?"`) {
		t.Errorf("%+v", got)
	}
	exists(t, filepath.Join(dir, "quarantine", "ease.*.csv"), filepath.Join(dir, "quarantine", "ease.*.csv.why.txt"))
}

func TestTheSameContentCountsOnceUnderAnyName(t *testing.T) {
	t.Parallel()
	content := "text,at,person\nslow,2026-07-01,p\nslow,2026-07-01,p\n"
	dir, settings := folder(t, "a.csv", content, "")
	live := open(t, drop.Definition(), env(), settings)
	first := listen(t, live, nil)
	put(t, filepath.Join(dir, "b.csv"), content)
	put(t, filepath.Join(dir, "a.csv"), content)
	second := listen(t, live, first.cursor)
	if len(first.feedback) != 2 || len(second.feedback) != 0 {
		t.Errorf("%d and %d", len(first.feedback), len(second.feedback))
	}
	wants(t, second.notes, "b.csv: it holds the same as a.csv")
	exists(t, filepath.Join(dir, "done", "a.*.csv"), filepath.Join(dir, "done", "b.*.csv"))
	if diff := cmp.Diff(0, len(listen(t, live, second.cursor).notes)); diff != "" {
		t.Error("it is told again")
	}
}

func TestAnEditedExportUpdatesItsRows(t *testing.T) {
	t.Parallel()
	rows := "Number,Date Submitted,Why?\n1,2026-07-01 09:30,quick\n2,2026-07-01 09:31,slow\n"
	dir, settings := folder(t, "ease 2026-07-01.csv", rows, "")
	live := open(t, drop.Definition(), env(), settings)
	first := listen(t, live, nil)
	put(t, filepath.Join(dir, "ease (2).csv"), strings.Replace(rows, "slow", "very slow", 1)+"3,2026-07-02 08:00,fine\n")
	second := listen(t, live, first.cursor)
	ids := map[string]string{}
	for _, f := range append(first.feedback, second.feedback...) {
		ids[f.ID] = f.Text
		if f.Study != "ease" {
			t.Errorf("study %q", f.Study)
		}
	}
	if len(ids) != 3 || ids[first.feedback[1].ID] != "very slow" {
		t.Errorf("%v", ids)
	}
}

const interviews = "study,participant id,at,observer,recording,recording at,consent,text,tags\n" +
	"Onboarding,P1,2026-07-01T09:00:00Z,Ana,https://rec.example/1,12:34,yes,cannot find export,\"export, menu\"\n" +
	"Onboarding,P2,2026-07-01T10:00:00Z,Ana,https://rec.example/2,,no,secret of P2,\n" +
	"Onboarding,P3,2026-07-01T11:00:00Z,Ana,,,,secret of P3,\n" +
	"Onboarding,P4,31.31.2026,Ana,,,no,secret of P4,\n"

func TestAnInterviewSaysItsStudyObserverRecordingAndConsent(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "july.csv", interviews, "")
	got := listen(t, open(t, drop.Definition(), env(), settings+"\nmethod: interview"), nil)
	if len(got.feedback) != 2 {
		t.Fatalf("%+v", got.feedback)
	}
	f := got.feedback[0]
	f.Ref, f.Version = work.Ref{}, time.Time{}
	want := work.Feedback{
		Method: work.Interview, Study: "Onboarding", Text: "cannot find export", Person: "Onboarding/P1", At: time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC),
		RecordingURL: "https://rec.example/1#t=754", Consent: "yes", Tags: []string{"export", "menu"},
		Attributes: map[string]string{"observer": "Ana"}, Audience: work.Internal,
	}
	if diff := cmp.Diff(want, f, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if g := got.feedback[1]; !g.Gone || g.Text != "" || g.Person != "" || g.ID == "" {
		t.Errorf("a refused row leaves %+v", g)
	}
	if len(got.rejects) != 2 || !strings.Contains(got.rejects[0].Cause, "nobody says that the person agreed") {
		t.Errorf("%+v", got.rejects)
	}
	aside, err := filepath.Glob(filepath.Join(dir, "quarantine", "july.*.rejected.csv"))
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	content, err := os.ReadFile(aside[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{fmt.Sprint(got.rejects), fmt.Sprint(got.notes), string(got.cursor), string(content)} {
		if strings.Contains(where, "secret") {
			t.Errorf("what nobody agreed to is told: %s", where)
		}
	}
	wants(t, got.notes, "1 row without the person's consent", "2 of 4 rows were set aside")
}

func TestConsentThatIsWithdrawnTakesTheRowBack(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "july.csv", interviews, "")
	live := open(t, drop.Definition(), env(), settings)
	first := listen(t, live, nil)
	put(t, filepath.Join(dir, "july.csv"), strings.Replace(interviews, ",yes,", ",withdrawn,", 1))
	second := listen(t, live, first.cursor)
	if second.feedback[0].ID != first.feedback[0].ID || !second.feedback[0].Gone || second.feedback[0].Text != "" {
		t.Errorf("%+v", second.feedback[0])
	}
}

func TestRowsThatWereMendedComeBack(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "s.csv", "number,at,text\n1,2026-07-01T09:00:00Z,fine\n2,yesterday,mend me\n", "")
	live := open(t, drop.Definition(), env(), settings)
	first := listen(t, live, nil)
	aside, err := filepath.Glob(filepath.Join(dir, "quarantine", "s.*.rejected.csv"))
	if err != nil || len(aside) != 1 || len(first.rejects) != 1 {
		t.Fatal(aside, err, first.rejects)
	}
	content, err := os.ReadFile(aside[0])
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, filepath.Base(aside[0])), strings.Replace(string(content), ",yesterday,", ",2026-07-02T09:00:00Z,", 1))
	second := listen(t, live, first.cursor)
	if diff := cmp.Diff([]string{"mend me"}, second.texts()); diff != "" || second.feedback[0].Study != "s" || len(second.notes) > 0 {
		t.Errorf("%+v\n%s", second, diff)
	}
}

func TestAHotjarExportNeedsNoColumnFile(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "x.txt", "", "")
	if err := os.Remove(filepath.Join(dir, "x.txt")); err != nil {
		t.Fatal(err)
	}
	content := "Number,User,Date Submitted,Country,Source URL,Device,Browser,OS,Hotjar User ID,How likely are you to recommend Acme?,\"What, if anything,\nis missing?\"\n" +
		"17,abc,2026-03-14 09:12:44,Germany,https://app.example.com/reports?x=1,desktop,Chrome,Windows,9b1e,3,Export drops rows\n"
	settings = strings.Replace(settings, dir, dir+"/*.csv", 1)
	put(t, filepath.Join(dir, "nps.zip"), packed(map[string]string{"responses.csv": content}))
	got := listen(t, open(t, drop.Definition(), env(), settings), nil)
	if len(got.feedback) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got.feedback[0]
	if f.Method != work.NPS || f.Score != work.NewNumber(3) || f.Scale != "0-10" || f.Text != "Export drops rows" || f.Key != "nps/17" ||
		f.PersonKeys["hotjar.user"] != "9b1e" || f.Person != "9b1e" || f.Area != "/reports" || f.URL != "https://app.example.com/reports?x=1" || f.Attributes["country"] != "Germany" || f.Study != "nps" {
		t.Errorf("%+v", f)
	}
}

func TestASidecarThatCannotBeUnderstoodSetsTheTableAside(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "nav.csv", "text,at\nx,2026-10-01\n", "")
	put(t, filepath.Join(dir, "nav.json"), `{"studi": "x"}`)
	got := listen(t, open(t, drop.Definition(), env(), settings), nil)
	if len(got.feedback) > 0 || len(got.rejects) != 1 || !strings.Contains(got.rejects[0].Cause, `"studi" means nothing`) || !strings.Contains(got.rejects[0].Remedy, `did you mean "study"?`) {
		t.Errorf("%+v", got)
	}
	exists(t, filepath.Join(dir, "quarantine", "nav.*.csv"), filepath.Join(dir, "quarantine", "nav.*.csv.json"))
}

func TestAPresetReadsOneParticipantARow(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "nav.csv", "Participant ID,Submitted at,Age,First click,Why?,Why? tags\n4,2026-10-01T10:00:00Z,30,Menu,it was there,\"menu, habit\"\n", "")
	put(t, filepath.Join(dir, "nav.csv.json"), `{"study_id": "navigation-2026", "language": "en"}`)
	got := listen(t, open(t, drop.Lyssna(), env(), settings), nil)
	if len(got.feedback) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got.feedback[0]
	if f.Method != work.UsabilityTest || f.Study != "navigation-2026" || f.Person != "navigation-2026/4" || f.Language != "en" || f.Attributes["age"] != "30" ||
		len(f.Answers) != 2 || f.Answers[0].Question != "first_click" || cmp.Diff([]string{"menu", "habit"}, f.Tags) != "" {
		t.Errorf("%+v", f)
	}
	exists(t, filepath.Join(dir, "done", "nav.*.csv"), filepath.Join(dir, "done", "nav.*.csv.json"))
	if again := listen(t, open(t, drop.Lyssna(), env(), settings), nil); cmp.Diff(f.Ref, again.feedback[0].Ref) != "" {
		t.Errorf("from the beginning it is %s, was %s", again.feedback[0].Ref, f.Ref)
	}
}

func TestFilesMayStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "a.csv", "text,at\nslow,2026-07-01\nbad,x\n", "")
	live := open(t, drop.Definition(), env(), settings+"\nkeep: true")
	first := listen(t, live, nil)
	second := listen(t, live, first.cursor)
	put(t, filepath.Join(dir, "a.csv"), "text,at\nslow,2026-07-01\nfast,2026-07-02\n")
	third := listen(t, live, second.cursor)
	if len(first.feedback) != 1 || len(second.feedback) != 0 || len(third.feedback) != 2 {
		t.Errorf("%d %d %d", len(first.feedback), len(second.feedback), len(third.feedback))
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
}

func TestEveryMistakeInTheColumnFileIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	dir, settings := folder(t, "a.csv", "text,at\n", `columns:
  A: {attribut: x}
  B: {field: effort, kind: nummer}
  B: at
questions:
  q1: {type: stars, headers: [x]}
  q2: {type: rating, headers: [y]}
dates: {zone: Mars/Base, format: DD.MM}
decimals: coma
color: red
`)
	put(t, filepath.Join(dir, "a.csv"), "text,at\n")
	live := open(t, drop.Definition(), env(), settings)
	findings := live.Checker.Check(t.Context())
	if len(findings) != 1 || findings[0].Level != work.Fatal {
		t.Fatalf("%+v", findings)
	}
	wants(t, []string{findings[0].What}, "columns.yaml:2:", "columns.yaml:3:28", `"nummer" is no kind`, "columns.yaml:6:", "a rating needs its scale", "no time zone", `"coma" is not known here`, "color: unknown key")
}
