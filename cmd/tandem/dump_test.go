//go:build !windows

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestS11ACrashShowsNoSecret lets a process that is at work tell all it knows,
// as the runtime does in a crash, and searches that, its log and its store.
func TestS11ACrashShowsNoSecret(t *testing.T) {
	t.Parallel()
	y := newYard(t, 10)
	var said bytes.Buffer
	p := exec.CommandContext(t.Context(), "tandem", "run", "--log-level", "debug", "--config", filepath.Join(y.folder, "tandem.yaml"))
	p.Env = append(os.Environ(), "GOTRACEBACK=all", "HTTPS_PROXY=http://user:planted-proxy@127.0.0.1:1")
	p.Stdout, p.Stderr = &said, &said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	y.eventually("the first labels", func() bool { return len(y.hubLabels(1)) > 0 })
	stop := y.people()
	time.Sleep(500 * time.Millisecond) // while it works
	if err := p.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait() // it crashed
	stop()
	if !strings.Contains(said.String(), "goroutine ") {
		t.Fatalf("this is no dump:\n%s", said.String())
	}
	all := map[string]string{"the output": said.String()}
	files, err := filepath.Glob(filepath.Join(y.folder, "tandem.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no store: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(raw)
	}
	for where, text := range all {
		for _, secret := range []string{"jira-token", "github-token", hookSecret, "planted-proxy"} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s shows %s: %q", where, secret, text[max(0, at-100):min(len(text), at+100)])
			}
		}
	}
}
