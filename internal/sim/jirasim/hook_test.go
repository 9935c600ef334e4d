package jirasim_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

// stories makes one change of each announced kind.
func stories(t *testing.T, d *desk) {
	t.Helper()
	steps := []func() error{
		func() error {
			_, err := d.Create(jirasim.Ana, jirasim.Issue{Project: "PAY", Summary: "New", Description: "Why"})
			return err
		},
		func() error { return d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10101" }) },
		func() error {
			return d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Labels, i.FixVersions = []string{"a"}, []string{"10300"} })
		},
		func() error { return d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Assignee = jirasim.Cy }) },
		func() error { return d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Status = "10001" }) },
		func() error { return d.Rank(jirasim.Ana, []string{"PAY-1"}, "", "PAY-3") },
		func() error { return d.Comment("PAY-1", jirasim.Cy, "Fine") },
		func() error {
			return d.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Comments[0].Body = "Not so fine" })
		},
		func() error { return d.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Comments = nil }) },
		func() error { return d.Delete("PAY-2", jirasim.Cy) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}

func events(list []jirasim.Delivery) []string {
	out := []string{}
	for _, d := range list {
		var body struct {
			Event  string          `json:"webhookEvent"`
			Kind   string          `json:"issue_event_type_name"`
			Issue  *struct{}       `json:"issue"`
			Change json.RawMessage `json:"changelog"`
		}
		if err := json.Unmarshal(d.Body, &body); err != nil {
			out = append(out, err.Error())
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s issue=%v log=%v", body.Event, body.Kind, body.Issue != nil, body.Change != nil)))
	}
	return out
}

func TestChangesAreAnnouncedAsRecorded(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{Hook: &jirasim.Hook{}})
	stories(t, d)
	list := d.Deliveries()
	want := []string{
		"jira:issue_created issue_created issue=true log=true", "jira:issue_updated issue_updated issue=true log=true",
		"jira:issue_updated issue_updated issue=true log=true", "jira:issue_updated issue_assigned issue=true log=true",
		"jira:issue_updated issue_generic issue=true log=true", "jira:issue_updated issue_updated issue=true log=true",
		"comment_created  issue=true log=false", "comment_updated  issue=true log=false", "comment_deleted  issue=true log=false",
		"jira:issue_deleted  issue=true log=false",
	}
	if diff := cmp.Diff(want, events(list)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if again := d.Deliveries(); len(again) != 0 {
		t.Errorf("%d deliveries were handed out twice", len(again))
	}
	unlike(t, list, "webhook-*.json")
}

// unlike compares bodies with the recorded ones of the same form.
func unlike(t *testing.T, list []jirasim.Delivery, pattern string) {
	t.Helper()
	if !judging.Present() {
		t.Skip("no recordings: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	files, err := filepath.Glob(filepath.Join(judge.Find(), "recordings", "jira", "mattermost-webhooks", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings %s: %v", pattern, err)
	}
	recorded := map[string][]json.RawMessage{} // by event
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Event string `json:"webhookEvent"`
		}
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Fatal(err)
		}
		recorded[body.Event] = append(recorded[body.Event], raw)
	}
	younger := []string{"accountType", "hierarchyLevel", "simplified", "customfield_", "/comment", "/jsdPublic", "/parent"}
	for _, d := range list {
		got, err := judge.Unlike(d.Body, recorded[d.Event]...)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range got {
			if !slices.ContainsFunc(younger, func(part string) bool { return strings.Contains(line, part) }) {
				t.Errorf("%s: %s", d.Event, line)
			}
		}
	}
}

func TestServersTellOfCommentsTwiceOnceWithoutTheIssue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options jirasim.Options
		want    []string
	}{
		"a server": {jirasim.Options{Deployment: jirasim.DataCenter, Hook: &jirasim.Hook{}}, []string{
			"jira:issue_updated issue_resolved issue=true log=true", "jira:issue_updated issue_commented issue=true log=false", "comment_created  issue=false log=false",
		}},
		"an old server": {jirasim.Options{Deployment: jirasim.DataCenter, Hook: &jirasim.Hook{OldServer: true}}, []string{
			"jira:issue_updated  issue=true log=true", "jira:issue_updated  issue=true log=false", "comment_created  issue=false log=false",
		}},
	} {
		d := open(t, sample(), c.options)
		if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Status = "10001" }); err != nil {
			t.Fatal(err)
		}
		if err := d.Comment("PAY-1", jirasim.Ana, "Fine"); err != nil {
			t.Fatal(err)
		}
		list := d.Deliveries()
		if diff := cmp.Diff(c.want, events(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if list[2].Key != "PAY-1" || strings.Contains(string(list[0].Body), "fieldId") {
			t.Errorf("%s: %s %s", name, list[2].Key, list[0].Body)
		}
		unlike(t, list, "webhook-server-*.json")
	}
}

// inbox is a receiver that checks signatures and fails when told to.
type inbox struct {
	t      *testing.T
	refuse []int // statuses of the next answers
	got    []string
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, []byte("hush"))
	mac.Write(raw)
	if sign := "sha256=" + hex.EncodeToString(mac.Sum(nil)); err != nil || r.Header.Get("X-Hub-Signature") != sign {
		b.t.Errorf("signature %q of %d bytes, want %q; %v", r.Header.Get("X-Hub-Signature"), len(raw), sign, err)
	}
	b.got = append(b.got, r.Header.Get("X-Atlassian-Webhook-Identifier")+" retry="+r.Header.Get("X-Atlassian-Webhook-Retry"))
	if len(b.refuse) > 0 {
		w.WriteHeader(b.refuse[0])
		b.refuse = b.refuse[1:]
	}
}

func TestADeliveryIsRepeatedUnderTheSameNameAndSigned(t *testing.T) {
	t.Parallel()
	box := &inbox{t: t, refuse: []int{503, 429, 200, 400}}
	hook := &jirasim.Hook{Secret: "hush", URL: "https://tandem.example/hooks/jira", Client: &http.Client{Transport: sim.Network{"tandem.example": box}}}
	d := open(t, sample(), jirasim.Options{Hook: hook})
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"summary": "x"}, nil)))
	if err := d.Comment("PAY-1", jirasim.Ana, "y"); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	var ids []string
	var retries []string
	for _, line := range box.got {
		id, retry, _ := strings.Cut(line, " ")
		ids, retries = append(ids, id), append(retries, retry)
	}
	if diff := cmp.Diff([]string{"retry=", "retry=1", "retry=2", "retry="}, retries); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if ids[0] != ids[1] || ids[1] != ids[2] || ids[2] == ids[3] {
		t.Errorf("identifiers = %v", ids)
	}
	box.refuse = []int{500, 500, 500, 500, 500, 500}
	if err := d.Comment("PAY-1", jirasim.Ana, "z"); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver(t.Context()); err == nil || !strings.Contains(err.Error(), "comment_created PAY-1") {
		t.Errorf("a receiver that is down: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Deliver(gone); err == nil {
		t.Error("a cancelled delivery is no error")
	}
}

func TestAnUnkindNetworkRepeatsAndReorders(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{Hook: &jirasim.Hook{}})
	stories(t, d)
	list := d.Deliveries()
	jumbled := jirasim.Jumble(list, 1)
	ids := func(list []jirasim.Delivery) (out []string) {
		for _, d := range list {
			out = append(out, d.ID)
		}
		return out
	}
	if len(jumbled) <= len(list) || slices.IsSorted(ids(jumbled)) {
		t.Errorf("jumbled = %v", ids(jumbled))
	}
	if diff := cmp.Diff(ids(jumbled), ids(jirasim.Jumble(list, 1))); diff != "" {
		t.Errorf("the same seed gives another order:\n%s", diff)
	}
	all := ids(jumbled)
	slices.Sort(all)
	if diff := cmp.Diff(ids(list), slices.Compact(all)); diff != "" {
		t.Errorf("what arrives (-want +got):\n%s", diff)
	}
}
