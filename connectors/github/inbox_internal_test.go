package github

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/secret"
)

func TestEveryRecordedWebhookIsUnderstood(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(shared(t), "recordings", "github", "octokit-webhooks-examples")
	const key = "a secret"
	c := &inbox{name: "gh", secret: secret.FromText(key), scope: scope{patterns: []string{"Codertocat/*"}}, viewers: &viewers{}, names: &nameBook{doubtful: map[string]bool{}}}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen, hinted := map[string]int{}, map[string]int{}
	for _, path := range files {
		event, _, _ := strings.Cut(filepath.Base(path), ".")
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		h := http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}}
		h.Set("X-GitHub-Event", event)
		hints, err := c.Verify(h, body)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		seen[event]++
		hinted[event] += len(hints)
		var told struct {
			Issue *struct {
				Number int             `json:"number"`
				Pull   json.RawMessage `json:"pull_request"`
			} `json:"issue"`
		}
		if json.Unmarshal(body, &told) == nil && told.Issue != nil && told.Issue.Pull == nil && len(hints) == 0 {
			t.Errorf("%s names an issue and is no reason to read", filepath.Base(path))
		}
	}
	total := 0
	for _, n := range seen {
		total += n
	}
	t.Logf("%d deliveries, zero errors; by event %v, reasons to read %v", total, seen, hinted)
	if total != 91 {
		t.Errorf("%d deliveries were recorded, want 91", total)
	}
}
