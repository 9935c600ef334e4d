package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

func TestOtherRulesAreComparedAndWriteNothing(t *testing.T) {
	t.Parallel()
	o := opened(t)
	before, err := o.db.Seq(o.Context())
	o.ok(err)
	body, err := json.Marshal(map[string]string{"rules": strings.Replace(rulesText, "expression: 'item.value'", "expression: '100 - item.value'", 1)})
	o.ok(err)
	r := o.ask("restricted-approver", "POST", "/api/v1/what-if", string(body))
	if r.status != 200 || !strings.Contains(r.text, `"kendall_tau_b":-1`) {
		t.Errorf("the reverse order is answered with %d %s", r.status, r.text)
	}
	for client, want := range map[string]int{"restricted-viewer": 403, "internal-admin": 403, "public-approver": 403} {
		if r := o.ask(client, "POST", "/api/v1/what-if", string(body)); r.status != want {
			t.Errorf("%s gets %d", client, r.status)
		}
	}
	if r := o.ask("restricted-approver", "POST", "/api/v1/what-if", `{"rules": "rank: {metod: rice}"}`); r.status != 422 || !strings.Contains(r.text, "did you mean") {
		t.Errorf("a mistake is answered with %d %s", r.status, r.text)
	}
	if r := o.ask("restricted-approver", "POST", "/api/v1/what-if", `{}`); r.status != 400 {
		t.Errorf("nothing is answered with %d", r.status)
	}
	after, err := o.db.Seq(o.Context())
	o.ok(err)
	same(o, "changes of the store", before, after)
}

func TestARunTellsWhatMovedToWhoeverMaySeeIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	if r := o.ask("restricted-viewer", "GET", "/api/v1/stability", ""); r.status != 404 {
		t.Errorf("the first run is answered with %d %s", r.status, r.text)
	}
	again := record("3", "PAY-3", 99, work.Public)
	again.Version = noon()
	o.read(again)
	o.pass(time.Minute)
	o.decide()
	r := o.ask("restricted-viewer", "GET", "/api/v1/stability?run=2", "")
	for _, part := range []string{`"since":1`, `"ref":"board:PAY-3"`, `"because":"value 10 → 99"`, `"causes":["field"]`} {
		if !strings.Contains(r.text, part) {
			t.Errorf("%s is missing in %s", part, r.text)
		}
	}
	if r := o.ask("public-viewer", "GET", "/api/v1/stability", ""); r.status != 200 || strings.Contains(r.text, "PAY-1") || strings.Contains(r.text, marker) {
		t.Errorf("the public sees %s", r.text)
	}
	if r := o.ask("public-viewer", "GET", "/api/v1/tension", ""); !strings.Contains(r.text, `"two_lenses":false`) {
		t.Errorf("tension of one lens: %s", r.text)
	}
}
