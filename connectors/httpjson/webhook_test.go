package httpjson_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// hookNow is when deliveries come in these tests.
func hookNow() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// hookAt opens a webhook whose secret is the planted credential.
func hookAt(tb testing.TB, now time.Time, entry string) connectors.Mailbox {
	tb.Helper()
	_, read, settings := decode(tb, entry)
	instance, problems := httpjson.Webhook().New(connectortest.Name, read)
	if len(problems) > 0 {
		tb.Fatal(settings.Diagnose(problems))
	}
	live, err := instance.Open(tb.Context(), connectors.Env{Name: connectortest.Name, Now: func() time.Time { return now }})
	if err != nil {
		tb.Fatal(err)
	}
	if live.Source != nil || live.Sink != nil || live.Mailbox == nil {
		tb.Fatal("a webhook takes deliveries and does nothing else")
	}
	return live.Mailbox
}

func hookOf(tb testing.TB, entry string) connectors.Mailbox {
	tb.Helper()
	return hookAt(tb, hookNow(), entry)
}

func sha256Of(text string) []byte {
	mac := hmac.New(sha256.New, []byte(connectortest.Token))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func sha1Of(text string) string {
	mac := hmac.New(sha1.New, []byte(connectortest.Token))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func byTypeform(body string) http.Header {
	return http.Header{"Typeform-Signature": {"sha256=" + base64.StdEncoding.EncodeToString(sha256Of(body))}}
}

func byZendesk(body string, at time.Time) http.Header {
	stamp := at.Format(time.RFC3339)
	return http.Header{
		"X-Zendesk-Webhook-Signature":           {base64.StdEncoding.EncodeToString(sha256Of(stamp + body))},
		"X-Zendesk-Webhook-Signature-Timestamp": {stamp},
	}
}

// delivered takes a delivery and unpacks it.
func delivered(tb testing.TB, box connectors.Mailbox, h http.Header, body string) (connectors.Parcel, connectors.Page) {
	tb.Helper()
	p, err := box.Accept(h, []byte(body))
	if err != nil {
		tb.Fatalf("accept: %v", err)
	}
	return p, box.Unpack(p)
}

// toolDeliveries are a delivery of each preset.
func toolDeliveries() map[string]struct{ settings, body, signed string } {
	segment := `{"type":"track","messageId":"m1","event":"Survey Answered","userId":"u7","timestamp":"2026-11-20T11:59:00Z",` +
		`"context":{"traits":{"email":"Ana@Acme.example"}},"properties":{"nps":9,"comment":"fast"}}`
	return map[string]struct{ settings, body, signed string }{
		"typeform": {body: `{"event_id":"e1","event_type":"form_response","form_response":{"form_id":"f1","token":"t1","submitted_at":"2026-11-20T11:58:00Z",
			"hidden":{"user_id":"u7"},"definition":{"title":"Relationship","fields":[{"id":"q1","title":"How likely?"},{"id":"q2","title":"Why?"}]},
			"answers":[{"field":{"id":"q1","type":"nps"},"type":"number","number":9},{"field":{"id":"q2","type":"long_text"},"type":"text","text":"fast"}]}}`},
		"intercom": {body: `{"type":"notification_event","id":"notif_1","topic":"conversation.user.created","data":{"item":{"type":"conversation","id":"c1","created_at":1795175880,
			"updated_at":1795175900,"source":{"subject":"","body":"<p>fast</p>","author":{"id":"u7","email":"Ana@acme.example"}},"conversation_rating":{"rating":5,"remark":"fast"}}}}`},
		"zendesk": {body: `{"id":"01H","type":"zen:event-type:ticket.created","time":"2026-11-20T11:59:00Z","detail":{"id":"7","subject":"Export","description":"fast",
			"requester_id":"u7","tags":["export"],"created_at":"2026-11-20T11:58:00Z","status":"OPEN"},"event":{}}`},
		"segment": {body: segment},
		"posthog": {settings: "\n  trust: weak", body: `{"event":{"uuid":"e1","event":"survey sent","distinct_id":"u7","timestamp":"2026-11-20T11:58:00Z",
			"properties":{"$survey_id":"s1","$survey_name":"Export","$survey_response":"fast"}},"person":{"properties":{"email":"ana@acme.example"}}}`},
		"form": {settings: "\n  verify: {kind: hmac_sha256, header: X-Signature, secret: TOKEN}", body: `{"id":"a1","submitted_at":"2026-11-20T11:58:00Z","text":"fast","user_id":"u7","score":4,"scale":"1-5"}`},
	}
}

// signedFor signs as a tool does.
func signedFor(tool, body string) http.Header {
	switch tool {
	case "typeform":
		return byTypeform(body)
	case "intercom":
		return http.Header{"X-Hub-Signature": {"sha1=" + sha1Of(body)}}
	case "zendesk":
		return byZendesk(body, hookNow())
	case "segment":
		return http.Header{"X-Signature": {sha1Of(body)}}
	case "posthog":
		return http.Header{"X-Tandem-Token": {connectortest.Token}}
	default:
		return http.Header{"X-Signature": {hex.EncodeToString(sha256Of(body))}}
	}
}

func TestEveryHookPresetReadsADeliveryOfItsTool(t *testing.T) {
	t.Parallel()
	tools := toolDeliveries()
	for _, name := range httpjson.HookPresets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tool, ok := tools[name]
			if !ok {
				t.Fatal("no delivery of it is known here")
			}
			settings := tool.settings
			if !strings.Contains(settings, "verify") {
				settings += "\n  verify: {secret: TOKEN}"
			}
			box := hookOf(t, "forms:\n  kind: webhook\n  preset: "+name+settings)
			p, page := delivered(t, box, signedFor(name, tool.body), tool.body)
			if len(page.Rejects) > 0 || len(page.Feedback) != 1 {
				t.Fatalf("%+v", page)
			}
			f := page.Feedback[0]
			if !strings.Contains(f.Text, "fast") || f.Person != "u7" || f.Audience != work.Internal || f.At.IsZero() || f.Version.IsZero() {
				t.Errorf("feedback %+v", f)
			}
			again, err := box.Accept(signedFor(name, tool.body), []byte(tool.body))
			if err != nil || again.ID != p.ID {
				t.Errorf("a repeat has the id %q instead of %q, %v", again.ID, p.ID, err)
			}
			if twice := box.Unpack(p); !reflect.DeepEqual(page, twice) {
				t.Errorf("unpacked again: %+v", twice)
			}
		})
	}
}

func TestAHookRefusesWhatItCannotProve(t *testing.T) {
	t.Parallel()
	typeform := hookOf(t, "forms:\n  kind: webhook\n  preset: typeform\n  verify: {secret: TOKEN}")
	zendesk := hookOf(t, "forms:\n  kind: webhook\n  preset: zendesk\n  verify: {secret: TOKEN}")
	body := `{"detail":{}}`
	for name, c := range map[string]struct {
		box  connectors.Mailbox
		head http.Header
		body string
		want error
	}{
		"unsigned":        {typeform, http.Header{}, body, connectors.ErrUnverified},
		"another body":    {typeform, byTypeform(body + " "), body, connectors.ErrUnverified},
		"two signatures":  {typeform, http.Header{"Typeform-Signature": {"sha256=AA==", "sha256=AA=="}}, body, connectors.ErrUnverified},
		"old":             {zendesk, byZendesk(body, hookNow().Add(-6*time.Minute)), body, connectors.ErrUnverified},
		"from the future": {zendesk, byZendesk(body, hookNow().Add(2*time.Minute)), body, connectors.ErrUnverified},
		"no JSON":         {typeform, byTypeform("token=1"), "token=1", connectors.ErrUnreadable},
		"two values":      {typeform, byTypeform("{}{}"), "{}{}", connectors.ErrUnreadable},
		"nothing":         {typeform, byTypeform(""), "", connectors.ErrUnreadable},
	} {
		_, err := c.box.Accept(c.head, []byte(c.body))
		if !errors.Is(err, c.want) || err != nil && strings.Contains(err.Error(), connectortest.Token) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := zendesk.Accept(byZendesk(body, hookNow().Add(-4*time.Minute)), []byte(body)); err != nil {
		t.Errorf("within the window: %v", err)
	}
}

func TestNamesInAStoredDeliveryCanBeFound(t *testing.T) {
	t.Parallel()
	body := `{"form_response":{"n":12345678901234567890,"hidden":{"email":"j\u00fcrg\u0040acme.example & <co>"}}}`
	p, err := hookOf(t, "forms:\n  kind: webhook\n  preset: typeform\n  verify: {secret: TOKEN}").Accept(byTypeform(body), []byte(body))
	if err != nil || !strings.Contains(string(p.Body), `"jürg@acme.example & <co>"`) || !strings.Contains(string(p.Body), "12345678901234567890") {
		t.Errorf("%s, %v", p.Body, err)
	}
}

func TestOfABatchOnlyWhatIsSignedCounts(t *testing.T) {
	t.Parallel()
	event := func(n int) string {
		return fmt.Sprintf(`{"type":"track","messageId":"m%d","event":"Survey","userId":"u%d","timestamp":"2026-11-20T11:59:00Z","properties":{"comment":"c%d"}}`, n, n, n)
	}
	body := `{"batch":[` + event(1) + `,` + event(2) + `,` + event(3) + `],"sentAt":"2026-11-20T12:00:00Z"}`
	head := http.Header{"X-Signature": {sha1Of(event(1))}}
	entry := "forms:\n  kind: webhook\n  preset: segment\n  verify: {secret: TOKEN}"
	p, page := delivered(t, hookOf(t, entry), head, body)
	if len(page.Feedback) != 1 || page.Feedback[0].ID != "m1" || len(page.Rejects) != 1 || !strings.Contains(page.Rejects[0].Cause, "first of 3 events") {
		t.Errorf("signed: %+v", page)
	}
	// The same parcel, once an admin says so.
	if page = hookOf(t, entry+"\n  trust: weak").Unpack(p); len(page.Feedback) != 3 || len(page.Rejects) > 0 {
		t.Errorf("weak: %+v", page)
	}
	// What signs the whole body vouches for all of it.
	_, page = delivered(t, hookOf(t, entry), http.Header{"X-Signature": {sha1Of(body)}}, body)
	if len(page.Feedback) != 3 || len(page.Rejects) > 0 {
		t.Errorf("whole: %+v", page)
	}
}

func TestANonceThatIsSignedCountsOnce(t *testing.T) {
	t.Parallel()
	box := hookOf(t, "votes:\n  kind: webhook\n  preset: form\n  trust: weak\n  verify: {preset: canny, secret: TOKEN}")
	head := http.Header{
		"Canny-Signature": {base64.StdEncoding.EncodeToString(sha256Of("nonce-1"))}, "Canny-Nonce": {"nonce-1"},
		"Canny-Timestamp": {fmt.Sprint(hookNow().UnixMilli())},
	}
	one, _ := delivered(t, box, head, `{"id":"1","at":"2026-11-20T11:59:00Z"}`)
	two, _ := delivered(t, box, head, `{"id":"2","at":"2026-11-20T11:59:00Z"}`)
	if one.ID != two.ID {
		t.Errorf("two bodies under one nonce are two deliveries: %q, %q", one.ID, two.ID)
	}
}

func TestWhatADeliveryHoldsIsReadOrSetAside(t *testing.T) {
	t.Parallel()
	entry := "forms:\n  kind: webhook\n  verify: {kind: hmac_sha256, header: S, secret: TOKEN}\n  delivery: {id: id}\n"
	feedback := entry + "  yields: feedback\n  records: data.rows\n  fields: {id: id, at: at, text: text}\n"
	for name, c := range map[string]struct{ entry, body, want string }{
		"a list":         {feedback, `{"data":{"rows":[{"id":1,"at":"2026-11-20T11:00:00Z"},{"id":"2","at":"2026-11-20T11:00:00Z"}]}}`, "2 feedback"},
		"one":            {feedback, `{"data":{"rows":{"id":1,"at":"2026-11-20T11:00:00Z"}}}`, "1 feedback"},
		"the newest":     {feedback, `{"data":{"rows":[{"id":1,"at":"2026-11-20T11:00:00Z"},{"id":1,"at":"2026-11-20T11:00:00Z"}]}}`, "1 feedback"},
		"an empty list":  {feedback, `{"data":{"rows":[]}}`, ""},
		"no list":        {feedback, `{"data":{}}`, "aside body: there is no record where records: says"},
		"null":           {feedback, `null`, "aside body: there is no record where records: says"},
		"a text":         {feedback, `{"data":{"rows":"x"}}`, "aside body: there is no record where records: says"},
		"a record in it": {feedback, `{"data":{"rows":[{"id":1},{"id":2,"at":"2026-11-20T11:00:00Z"}]}}`, "1 feedback, aside body, 1: at: nobody knows when this was said"},
		"no id":          {feedback, `{"data":{"rows":[{"at":"2026-11-20T11:00:00Z"}]}}`, "aside body, record 1: the record has no id"},
		"metrics":        {entry + "  yields: metrics\n  fields: {name: name, day: day, count: n}\n", `[{"name":"export","day":"2026-11-19","n":3}]`, "1 metrics"},
		"insights":       {entry + "  yields: insights\n  fields: {id: id, title: title, at: at}\n", `{"id":"i","title":"T","at":"2026-11-19"}`, "1 insights"},
		"items":          {entry + "  yields: items\n  fields: {id: id, title: title}\n", `{"id":"i","title":"T"}`, "1 items"},
		"deep":           {feedback, strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "aside body: there is no record where records: says"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, page := delivered(t, hookOf(t, c.entry), http.Header{"S": {hex.EncodeToString(sha256Of(c.body))}}, c.body)
			var got []string
			for _, n := range []struct {
				name  string
				count int
			}{{"feedback", len(page.Feedback)}, {"metrics", len(page.Metrics)}, {"insights", len(page.Insights)}, {"items", len(page.Records)}} {
				if n.count > 0 {
					got = append(got, fmt.Sprintf("%d %s", n.count, n.name))
				}
			}
			for _, r := range page.Rejects {
				got = append(got, "aside "+r.Where+": "+r.Cause)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsSentLaterIsNewerUnlessItSaysOtherwise(t *testing.T) {
	t.Parallel()
	entry := "forms:\n  kind: webhook\n  preset: form\n  verify: {kind: hmac_sha256, header: S, secret: TOKEN}\n"
	body := `{"id":"1","at":"2026-11-20T11:00:00Z","changed":"2026-11-20T11:30:00Z"}`
	head := http.Header{"S": {hex.EncodeToString(sha256Of(body))}}
	for entry, want := range map[string]time.Time{
		entry:                                  hookNow().Add(time.Hour),
		entry + "  fields: {version: changed}": time.Date(2026, 11, 20, 11, 30, 0, 0, time.UTC),
	} {
		_, page := delivered(t, hookAt(t, hookNow().Add(time.Hour), entry), head, body)
		if len(page.Feedback) != 1 || !page.Feedback[0].Version.Equal(want) {
			t.Errorf("%s: %+v", entry, page)
		}
	}
}

func TestWhateverIsSentIsReadTheSameWayTwice(t *testing.T) {
	t.Parallel()
	boxes := map[string]connectors.Mailbox{
		"typeform": hookOf(t, "forms:\n  kind: webhook\n  preset: typeform\n  verify: {secret: TOKEN}"),
		"segment":  hookOf(t, "forms:\n  kind: webhook\n  preset: segment\n  verify: {secret: TOKEN}"),
		"form":     hookOf(t, "forms:\n  kind: webhook\n  preset: form\n  verify: {kind: hmac_sha256, header: X-Signature, secret: TOKEN}"),
	}
	keys := []string{"form_response", "answers", "batch", "id", "at", "token", "submitted_at", "type", "timestamp", "messageId", "hidden", "email", "properties", "tags"}
	rapid.Check(t, func(r *rapid.T) {
		body, err := json.Marshal(anyJSON(r, keys, 4))
		if err != nil {
			r.Fatal(err)
		}
		tool := rapid.SampledFrom([]string{"typeform", "segment", "form"}).Draw(r, "tool")
		head := signedFor(tool, string(body))
		p, err := boxes[tool].Accept(head, body)
		if err != nil {
			r.Fatalf("accept %s: %v", body, err)
		}
		first, second := boxes[tool].Unpack(p), boxes[tool].Unpack(p)
		if !reflect.DeepEqual(first, second) {
			r.Fatalf("%s: %+v, then %+v", body, first, second)
		}
		for _, f := range first.Feedback {
			if f.ID == "" || f.At.IsZero() || f.Audience != work.Internal {
				r.Fatalf("%s: %+v", body, f)
			}
		}
		at := rapid.IntRange(0, len(body)-1).Draw(r, "at")
		body[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
		if _, err := boxes[tool].Accept(head, body); !errors.Is(err, connectors.ErrUnverified) {
			r.Fatalf("%q is taken: %v", body, err)
		}
	})
}

// anyJSON is a value that mentions some keys.
func anyJSON(r *rapid.T, keys []string, depth int) any {
	kind := rapid.IntRange(0, 5).Draw(r, "kind")
	if depth == 0 {
		kind %= 4
	}
	switch kind {
	case 0:
		return rapid.SampledFrom([]any{"2026-11-20T11:00:00Z", "track", "a1", "", nil, true}).Draw(r, "text")
	case 1:
		return rapid.String().Draw(r, "any")
	case 2:
		return rapid.Float64Range(-1e12, 1e12).Draw(r, "number")
	case 3:
		return nil
	case 4:
		list := make([]any, rapid.IntRange(0, 3).Draw(r, "long"))
		for i := range list {
			list[i] = anyJSON(r, keys, depth-1)
		}
		return list
	default:
		object := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(r, "wide") {
			object[rapid.SampledFrom(keys).Draw(r, "key")] = anyJSON(r, keys, depth-1)
		}
		return object
	}
}

func TestEveryMistakeOfAHookIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"  fields: {id: id, at: at}\n  yields: feedback":                                    "nothing proves who sends",
		"  preset: typform\n  verify: {secret: TOKEN}":                                      `"typform" is no preset`,
		"  preset: typeform\n  verify: {preset: typeform}":                                  "the secret is missing",
		"  preset: posthog\n  verify: {secret: TOKEN}":                                      "write trust: weak",
		"  preset: form\n  verify: {preset: canny, secret: TOKEN}":                          "write trust: weak",
		"  preset: form\n  verify: {kind: basic, user: u, secret: TOKEN}":                   "write trust: weak",
		"  preset: posthog\n  trust: weak\n  audience: public\n  verify: {secret: TOKEN}":   "cannot be for the public",
		"  preset: typeform\n  trust: blind\n  verify: {secret: TOKEN}":                     "is no kind of trust",
		"  yields: votes\n  verify: {preset: github, secret: TOKEN}":                        `"votes" is no kind of record`,
		"  yields: feedback\n  fields: {id: id}\n  verify: {preset: github, secret: TOKEN}": "the field at is missing",
		"  preset: typeform\n  records: 'a['\n  verify: {secret: TOKEN}":                    "this is no path",
		"  preset: typeform\n  verify: {secret: plain}":                                     "secret",
	} {
		_, read, settings := decode(t, "forms:\n  kind: webhook\n"+entry)
		_, problems := httpjson.Webhook().New("forms", read)
		err := settings.Diagnose(problems).Err()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, want %s", entry, err, want)
		}
	}
}
