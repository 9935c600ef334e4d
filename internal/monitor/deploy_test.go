package monitor_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tandem/internal/monitor"
)

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkExpression holds the names and labels of an expression against the
// families.
func checkExpression(t *testing.T, where, expr string, used map[string]bool) {
	t.Helper()
	known := map[string]monitor.Family{}
	for _, f := range monitor.Families() {
		known[f.Name] = f
		if f.Type == monitor.Histogram {
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				known[f.Name+suffix] = f
			}
		}
	}
	if strings.Count(expr, "(") != strings.Count(expr, ")") || strings.Count(expr, "{") != strings.Count(expr, "}") || strings.Count(expr, `"`)%2 != 0 {
		t.Errorf("%s: brackets or quotes do not match: %s", where, expr)
	}
	found := regexp.MustCompile(`tandem_[a-z_]+`).FindAllString(expr, -1)
	if len(found) == 0 {
		t.Errorf("%s names no metric: %s", where, expr)
	}
	labels := []string{"instance", "le"}
	for _, name := range found {
		f, ok := known[name]
		if !ok {
			t.Errorf("%s: there is no metric %s", where, name)
		}
		used[f.Name] = true
		labels = append(labels, f.Labels...)
	}
	for _, list := range regexp.MustCompile(`by \(([a-z_, ]+)\)`).FindAllStringSubmatch(expr, -1) {
		for label := range strings.SplitSeq(list[1], ",") {
			if !slices.Contains(labels, strings.TrimSpace(label)) {
				t.Errorf("%s: no metric of it has the label %s: %s", where, label, expr)
			}
		}
	}
	for _, label := range regexp.MustCompile(`([a-z_]+)(?:=|!=|=~|!~)"`).FindAllStringSubmatch(expr, -1) {
		if !slices.Contains(labels, label[1]) {
			t.Errorf("%s: no metric of it has the label %s: %s", where, label[1], expr)
		}
	}
}

func TestTheDashboardShowsMetricsThatAreThere(t *testing.T) {
	t.Parallel()
	var board struct {
		Title, UID string
		Panels     []struct {
			ID          int
			Type, Title string
			GridPos     struct{ X, Y, W, H int }
			Targets     []struct{ Expr, RefID string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "deploy", "grafana", "tandem.json")), &board); err != nil {
		t.Fatal(err)
	}
	used, ids, rows := map[string]bool{}, map[int]bool{}, []string{}
	for _, p := range board.Panels {
		if ids[p.ID] || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s: id %d twice, or out of the page", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.Type == "row" {
			rows = append(rows, p.Title)
			continue
		}
		if len(p.Targets) == 0 {
			t.Errorf("%s shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			checkExpression(t, p.Title, strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"), used)
		}
	}
	if !slices.Equal(rows, []string{"Reads", "Writes", "Holds", "Limits", "Jobs", "Steadiness of the order"}) {
		t.Errorf("rows %v", rows)
	}
	for _, f := range monitor.Families() {
		if !used[f.Name] && f.Name != "tandem_retirements" && f.Name != "tandem_hint_oldest_age_seconds" {
			t.Errorf("no panel shows %s", f.Name)
		}
	}
}

func TestTheAlertsSayWhatToDo(t *testing.T) {
	t.Parallel()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert       string
				Expr        string
				For         string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "deploy", "alerts", "tandem.yml")))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			checkExpression(t, r.Alert, r.Expr, map[string]bool{})
			if seen[r.Alert] || r.Annotations["summary"] == "" || r.Annotations["runbook"] == "" || r.Labels["severity"] == "" {
				t.Errorf("%q stands there twice, or lacks summary, runbook or severity", r.Alert)
			}
			if r.For != "" && !regexp.MustCompile(`^[0-9]+[smhd]$`).MatchString(r.For) {
				t.Errorf("%s: for: %s", r.Alert, r.For)
			}
			seen[r.Alert] = true
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d alerts", len(seen))
	}
}

func TestEveryMetricAndProblemIsDocumented(t *testing.T) {
	t.Parallel()
	page := read(t, "docs", "operations.md")
	for _, f := range monitor.Families() {
		if !strings.Contains(page, "`"+f.Name+"`") {
			t.Errorf("docs/operations.md does not name %s; run: make generate", f.Name)
		}
	}
	for _, code := range monitor.Codes() {
		if !strings.Contains(page, "`"+code+"`") {
			t.Errorf("docs/operations.md does not explain %s", code)
		}
	}
}
