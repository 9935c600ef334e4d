package jira

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/secret"
)

const hookSecret = "It's a Secret to Everybody"

func testInbox(where string, projects ...string) *inbox {
	c := testConfig()
	c.Where, c.Projects, c.Webhook.Secret = where, projects, secret.FromText(hookSecret)
	return &inbox{name: "jira", config: c}
}

func sign(body, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func delivered(signature string) http.Header {
	h := http.Header{}
	h.Set("X-Hub-Signature", signature)
	h.Set("X-Atlassian-Webhook-Identifier", "d-1")
	return h
}

// The example of Atlassian's own documentation.
func TestTheSignatureOfTheDocumentationIsRight(t *testing.T) {
	t.Parallel()
	h := delivered("sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")
	err := connectors.CheckSignature(h, signatureHeader, hookSecret, []byte("Hello World!"))
	if err != nil {
		t.Error(err)
	}
}

func TestADeliveryThatIsNotSignedIsNotRead(t *testing.T) {
	t.Parallel()
	const body = `{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"PAY-1"}}`
	right := sign(body, hookSecret)
	long := hmac.New(sha512.New, []byte(hookSecret))
	long.Write([]byte(body))
	cases := map[string][]string{
		"no signature":      nil,
		"empty":             {""},
		"without a method":  {strings.TrimPrefix(right, "sha256=")},
		"another method":    {strings.Replace(right, "sha256", "sha1", 1)},
		"another real one":  {"sha512=" + hex.EncodeToString(long.Sum(nil))},
		"spelled otherwise": {strings.Replace(right, "sha256", "SHA256", 1)},
		"cut short":         {right[:len(right)-2]},
		"only the method":   {"sha256="},
		"no hexadecimals":   {"sha256=" + strings.Repeat("zz", 32)},
		"another secret":    {sign(body, "another")},
		"another body":      {sign(body+" ", hookSecret)},
		"two signatures":    {right, right},
	}
	for name, headers := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hints, err := testInbox("", "PAY").Verify(http.Header{"X-Hub-Signature": headers}, []byte(body))
			if len(hints) > 0 || !errors.Is(err, connectors.ErrUnverified) {
				t.Errorf("%d hints, error %v", len(hints), err)
			}
			if err != nil && (strings.Contains(err.Error(), hookSecret) || strings.Contains(err.Error(), right)) {
				t.Errorf("the error tells what it must not: %v", err)
			}
		})
	}
}

func TestASecretThatCannotBeReadIsNotTheSendersFault(t *testing.T) {
	t.Parallel()
	in := testInbox("", "PAY")
	in.config.Webhook.Secret = secret.Secret{File: filepath.Join(t.TempDir(), "none")}
	_, err := in.Verify(delivered(sign("{}", hookSecret)), []byte("{}"))
	if err == nil || errors.Is(err, connectors.ErrUnverified) || errors.Is(err, connectors.ErrUnreadable) {
		t.Errorf("error %v", err)
	}
}

func TestWhatADeliveryIsAReasonToRead(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body, where string
		want        []string // id key scope
	}{
		"an issue":                      {`{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"PAY-1"}}`, "", []string{"10001 PAY-1 inside"}},
		"a number as id":                {`{"webhookEvent":"jira:issue_updated","issue":{"id":10001,"key":"PAY-1"}}`, "", []string{"10001 PAY-1 inside"}},
		"only a key":                    {`{"webhookEvent":"jira:issue_updated","issue":{"key":"PAY-1"}}`, "", []string{" PAY-1 inside"}},
		"a restriction":                 {`{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"PAY-1"}}`, "labels is EMPTY", []string{"10001 PAY-1 unsure"}},
		"another project":               {`{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"HR-1"}}`, "", []string{"10001 HR-1 outside"}},
		"a deletion":                    {`{"webhookEvent":"jira:issue_deleted","issue":{"id":"10001","key":"PAY-1"}}`, "", []string{"10001 PAY-1 outside"}},
		"a comment of an old server":    {`{"webhookEvent":"comment_created","comment":{"self":"https://x/rest/api/2/issue/10007/comment/3"}}`, "", []string{"10007  outside"}},
		"a comment elsewhere":           {`{"webhookEvent":"comment_created","comment":{"self":"https://x/issue/../../etc/comment/3"}}`, "", nil},
		"work that was logged":          {`{"webhookEvent":"worklog_updated","worklog":{"issueId":"10008"}}`, "", []string{"10008  outside"}},
		"a link":                        {`{"webhookEvent":"issuelink_created","issueLink":{"sourceIssueId":1,"destinationIssueId":2}}`, "", []string{"1  outside", "2  outside"}},
		"a property":                    {`{"webhookEvent":"issue_property_set","property":{"key":"tandem"}}`, "", nil},
		"a sprint":                      {`{"webhookEvent":"sprint_started","sprint":{"id":7}}`, "", nil},
		"a version":                     {`{"webhookEvent":"jira:version_released","version":{"id":"10001"}}`, "", nil},
		"nothing":                       {`{}`, "", nil},
		"odd parts":                     {`{"webhookEvent":7,"issue":[1],"comment":"x","worklog":null,"issueLink":{"sourceIssueId":{}}}`, "", nil},
		"an id that is none":            {`{"issue":{"id":"1) OR project = HR --","key":"PAY-1"}}`, "", []string{" PAY-1 inside"}},
		"a key that is none":            {`{"issue":{"key":"PAY-1\" OR project = HR"}}`, "", nil},
		"odd fields of a known issue":   {`{"issue":{"id":"10001","key":"PAY-1","fields":"none"}}`, "", []string{"10001 PAY-1 inside"}},
		"a project whose key begins so": {`{"issue":{"id":"1","key":"PAYROLL-1"}}`, "", []string{"1 PAYROLL-1 outside"}},
	}
	scopes := map[connectors.Scope]string{connectors.Unsure: "unsure", connectors.Inside: "inside", connectors.Outside: "outside"}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hints, err := testInbox(c.where, "PAY").Verify(delivered(sign(c.body, hookSecret)), []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range hints {
				got = append(got, strings.Join([]string{h.Ref.ID, h.Ref.Key, scopes[h.Scope]}, " "))
				if h.Ref.Connector != "jira" || h.Delivery != "d-1" {
					t.Errorf("hint %+v", h)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("hints (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABodyThatIsNoObjectIsUnreadable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "<html>", "{}{}"} {
		if _, err := testInbox("", "PAY").Verify(delivered(sign(body, hookSecret)), []byte(body)); !errors.Is(err, connectors.ErrUnreadable) {
			t.Errorf("%q: error %v", body, err)
		}
	}
}

func TestAServerWithoutDeliveryIDsIsToldApartByItsBodies(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, body := range []string{`{"issue":{"id":"1"}}`, `{"issue":{"id":"2"}}`, `{"issue":{"id":"1"}}`} {
		h := delivered(sign(body, hookSecret))
		h.Del(deliveryHeader)
		hints, err := testInbox("", "PAY").Verify(h, []byte(body))
		if err != nil || len(hints) != 1 {
			t.Fatalf("%d hints, %v", len(hints), err)
		}
		ids[hints[0].Delivery] = true
	}
	if len(ids) != 2 {
		t.Errorf("%d ids of two bodies", len(ids))
	}
}

// All recorded bodies pass; each of them names the issue that it is about, but
// for none.
func TestRecordedWebhooksGiveHints(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(recordings(t, "mattermost-webhooks"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		hints, err := testInbox("", "TES", "TEST").Verify(delivered(sign(string(body), hookSecret)), body)
		name := filepath.Base(file)
		if err != nil || len(hints) != 1 {
			t.Errorf("%s: %d hints, %v", name, len(hints), err)
			continue
		}
		what := "by id and key"
		switch h := hints[0]; {
		case h.Ref.Key == "" && strings.HasPrefix(name, "webhook-server-comment-"):
			what = "by id, from a comment's address"
		case h.Ref.ID == "" || h.Ref.Key == "":
			t.Errorf("%s: %+v", name, h)
		}
		counts[what]++
	}
	t.Logf("%d bodies: %v", len(files), counts)
	if diff := cmp.Diff(map[string]int{"by id and key": 52, "by id, from a comment's address": 3}, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func FuzzAnyBodyIsUnderstoodOrRefused(f *testing.F) {
	f.Add(`{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"PAY-1"}}`)
	f.Add(`{"comment":{"self":"https://x/rest/api/2/issue/10007/comment/3"}}`)
	f.Add(`{"issueLink":{"sourceIssueId":1,"destinationIssueId":2}}`)
	f.Fuzz(func(t *testing.T, body string) {
		hints, err := testInbox("", "PAY").Verify(delivered(sign(body, hookSecret)), []byte(body))
		if err != nil && !errors.Is(err, connectors.ErrUnreadable) {
			t.Error(err)
		}
		for _, h := range hints {
			if h.Ref.ID != "" && !isID(h.Ref.ID) || h.Ref.Key != "" && !isKey(h.Ref.Key) || h.Ref.ID+h.Ref.Key == "" {
				t.Errorf("hint %+v", h)
			}
		}
	})
}
