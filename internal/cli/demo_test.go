package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/cli"
)

// demoAnswer is what demo --once --json promises to print.
type demoAnswer struct {
	Records map[string]int `json:"records"`
	Items   int            `json:"items"`
	Twins   int            `json:"twins"`
	Rows    int            `json:"feedback"`
	Edits   struct {
		Planned int `json:"planned"`
		Applied int `json:"applied"`
		Failed  int `json:"failed"`
		Shown   int `json:"shown"`
	} `json:"edits"`
	Held    map[string]int `json:"held"`
	Letters int            `json:"dead_letters"`
	Calls   map[string]int `json:"calls"`
	Second  struct {
		Edits int            `json:"edits"`
		Calls map[string]int `json:"calls"`
	} `json:"second_cycle"`
	Third struct {
		Changed    int `json:"changed"`
		Overridden int `json:"overridden"`
		Edits      int `json:"edits"`
		NewHolds   int `json:"new_holds"`
	} `json:"third_cycle"`
	Fourth struct {
		Edits int `json:"edits"`
	} `json:"fourth_cycle"`
	Arrived int   `json:"edits_seen_by_stand_ins"`
	TookMS  int64 `json:"took_ms"`
}

func TestTheDemoDoesWhatItShowsWhateverItsSeed(t *testing.T) {
	t.Parallel()
	for seed := 1; seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			folder := t.TempDir()
			code := cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}, "test",
				[]string{"demo", "--once", "--json", "--seed", fmt.Sprint(seed), "--folder", folder})
			if code != 0 {
				t.Fatalf("exit %d\n%s", code, errs.String())
			}
			if _, err := os.Stat(filepath.Join(folder, "tandem.yaml")); err != nil {
				t.Errorf("what somebody named is gone: %v", err)
			}
			var a demoAnswer
			decoder := json.NewDecoder(&out)
			if err := decoder.Decode(&a); err != nil {
				t.Fatal(err)
			}
			if a.Records["github"] != 300 || a.Records["jira"] < 200 || a.Rows != 2000 || a.Twins < 70 || a.Items >= a.Records["github"]+a.Records["jira"] {
				t.Errorf("read %v, %d rows, %d items, %d twins", a.Records, a.Rows, a.Items, a.Twins)
			}
			if a.Edits.Planned == 0 || a.Edits.Applied != a.Edits.Planned || a.Edits.Failed != 0 || a.Edits.Shown == 0 {
				t.Errorf("edits %+v", a.Edits)
			}
			if a.Second.Edits != 0 || a.Fourth.Edits != 0 {
				t.Errorf("S4: quiet cycles wrote %d and %d edits", a.Second.Edits, a.Fourth.Edits)
			}
			if a.Third.Changed != 7 || a.Third.Overridden != 5 || a.Third.NewHolds != 5 || a.Third.Edits == 0 {
				t.Errorf("third cycle %+v", a.Third)
			}
			if a.Arrived != a.Edits.Applied+a.Third.Edits {
				t.Errorf("%d edits arrived, %d were sent", a.Arrived, a.Edits.Applied+a.Third.Edits)
			}
			for _, cause := range []string{"predates_tandem", "leak_guard", "ambiguous_twin"} {
				if a.Held[cause] == 0 {
					t.Errorf("nothing is held as %s: %v", cause, a.Held)
				}
			}
			if a.Letters != 1 || a.Calls["jira"] == 0 || a.Calls["github"] == 0 || a.Second.Calls["jira"] == 0 || a.TookMS == 0 {
				t.Errorf("letters %d, calls %v and %v, took %d ms", a.Letters, a.Calls, a.Second.Calls, a.TookMS)
			}
		})
	}
}
