package privacy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/privacy"
	"tandem/internal/work"
)

const address = "Ana.Example@acme.example"

func row() work.Feedback {
	return work.Feedback{
		Ref: work.NewRef("hotjar", "r1", ""), Person: "u-77", Account: "Acme Ltd",
		PersonKeys:  map[string]string{"email": address, "user_id": "u-77", "hotjar.user": "9b1e"},
		AccountKeys: map[string]string{"domain": "acme.example"},
		Text:        "Call me: +49 30 1234567, or write to " + address + " about PAY-12",
		Answers: []work.Answer{
			{Question: "q1", Type: work.AskText, Text: "I am " + address},
			{Question: "q2", Type: work.AskChoice, Text: "Export"},
		},
		URL: "https://app.example.com/reports?user=ana#top", RecordingURL: "https://rec.example.com/1",
		Attributes: map[string]string{"plan": "pro", "contact": address},
	}
}

func only(modes map[string]work.PrivacyMode) *privacy.Policy {
	return privacy.New(modes, []byte("a key"))
}

func TestByDefaultAddressesAndIdsOfPeopleBecomePseudonymsAndTheRestStays(t *testing.T) {
	t.Parallel()
	p := only(nil)
	got, want := p.Feedback(row()), row()
	want.Person = p.Pseudonym("user_id", "u-77")
	want.PersonKeys = map[string]string{
		"email": p.Pseudonym("email", address), "user_id": p.Pseudonym("user_id", "u-77"), "hotjar.user": p.Pseudonym("hotjar.user", "9b1e"),
	}
	want.Attributes = map[string]string{"plan": "pro", "contact": p.Pseudonym("email", address)}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !privacy.IsPseudonym(got.Person) || got.Person == got.PersonKeys["hotjar.user"] {
		t.Errorf("person %q, keys %v", got.Person, got.PersonKeys)
	}
}

func TestEveryFieldObeysItsMode(t *testing.T) {
	t.Parallel()
	cases := []struct {
		field string
		mode  work.PrivacyMode
		read  func(work.Feedback) string
		want  string
	}{
		{"person", work.Keep, func(f work.Feedback) string { return f.Person }, "u-77"},
		{"person", work.Drop, func(f work.Feedback) string { return f.Person }, ""},
		{"email", work.Keep, func(f work.Feedback) string { return f.PersonKeys["email"] }, address},
		{"email", work.Drop, func(f work.Feedback) string { return f.PersonKeys["email"] + f.Attributes["contact"] }, ""},
		{"user_id", work.Drop, func(f work.Feedback) string { return f.PersonKeys["user_id"] + f.PersonKeys["hotjar.user"] }, ""},
		{"account", work.Drop, func(f work.Feedback) string { return f.Account + f.AccountKeys["domain"] }, ""},
		{"text", work.Drop, func(f work.Feedback) string { return f.Text + f.Answers[0].Text + f.Answers[1].Text }, "Export"},
		{"url", work.Pseudonymise, func(f work.Feedback) string { return f.URL }, "https://app.example.com/reports"},
		{"url", work.Drop, func(f work.Feedback) string { return f.URL }, ""},
		{"recording", work.Pseudonymise, func(f work.Feedback) string { return f.RecordingURL }, ""},
		{"attributes", work.Drop, func(f work.Feedback) string { return f.Attributes["plan"] }, ""},
		{"attributes.plan", work.Drop, func(f work.Feedback) string { return f.Attributes["plan"] }, ""},
		{"attributes.contact", work.Keep, func(f work.Feedback) string { return f.Attributes["contact"] }, address},
	}
	for _, c := range cases {
		if got := c.read(only(map[string]work.PrivacyMode{c.field: c.mode}).Feedback(row())); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.field, c.mode, got, c.want)
		}
	}
	text := only(map[string]work.PrivacyMode{"text": work.Pseudonymise}).Feedback(row()).Text
	if strings.Contains(text, "@") || strings.Contains(text, "1234567") || !strings.Contains(text, "about PAY-12") {
		t.Errorf("text: %q", text)
	}
}

func TestTheSameAddressIsTheSamePersonInEveryToolAndNobodyElseIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-zA-Z.]{1,8}@[a-z]{1,8}\.example`)
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		p := only(nil)
		as := func(person, address string) string {
			return p.Feedback(work.Feedback{Person: person, PersonKeys: map[string]string{"email": address}}).PersonKeys["email"]
		}
		if as("1", a) != as("2", " "+strings.ToUpper(a)) {
			t.Fatalf("%q is two people", a)
		}
		if !strings.EqualFold(a, b) && as("1", a) == as("1", b) {
			t.Fatalf("%q and %q are one person", a, b)
		}
		if p.Pseudonym("email", a) == privacy.New(nil, []byte("another key")).Pseudonym("email", a) {
			t.Fatal("the key does not matter")
		}
	})
}

// A policy is applied again when it changed.
func TestAPolicyAppliedTwiceIsAppliedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		modes := map[string]work.PrivacyMode{}
		for _, f := range work.PersonalFields() {
			modes[f.Name] = rapid.SampledFrom([]work.PrivacyMode{work.Keep, work.Pseudonymise, work.Drop}).Draw(t, f.Name)
		}
		p := only(modes)
		once := p.Feedback(row())
		if diff := cmp.Diff(once, p.Feedback(once), cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
			t.Fatalf("(-once +twice):\n%s", diff)
		}
	})
}

func TestNothingOfAPersonIsLeftWhereAllIsDropped(t *testing.T) {
	t.Parallel()
	modes := map[string]work.PrivacyMode{}
	for _, f := range work.PersonalFields() {
		modes[f.Name] = work.Drop
	}
	b, err := json.Marshal(only(modes).Feedback(row()))
	if err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"Ana", "acme", "u-77", "9b1e", "1234567", "rec.", "pro"} {
		if strings.Contains(string(b), personal) {
			t.Errorf("%s is still in %s", personal, b)
		}
	}
}

func TestARowThatCouldNotBeUnderstoodIsSetAsideWithoutItsBody(t *testing.T) {
	t.Parallel()
	got := only(nil).Reject(work.Reject{Where: "drop.csv:7", Cause: `"` + address + `" is no number`, Body: address})
	if got.Body != "" || strings.Contains(got.Cause, "@") || got.Where != "drop.csv:7" {
		t.Errorf("got %+v", got)
	}
}

func TestAModeForNothingPersonalIsReported(t *testing.T) {
	t.Parallel()
	problems := privacy.Check("/connectors/hotjar/privacy", map[string]work.PrivacyMode{"emial": work.Drop, "attributes.plan": work.Drop, "text": work.Keep})
	if len(problems) != 1 || problems[0].At != "/connectors/hotjar/privacy/emial" || !strings.Contains(problems[0].Remedy, "email") {
		t.Errorf("problems %+v", problems)
	}
}
