// Package outsider runs programs that are not ours beside tests, so that what we
// wrote is judged by somebody else's reading of a standard.
//
// A program is a script of Node in the testdata of a package, over libraries
// that `make issuer` installs. It reads a line of JSON for each question and
// answers with one. It ends with its test.
package outsider

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Env names the folder that has the libraries.
const Env = "TANDEM_ISSUER"

// Program is one that runs.
type Program struct {
	tb  testing.TB
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
	err *bytes.Buffer
}

// Start runs a script. Without its libraries the test is skipped, and says so.
func Start(tb testing.TB, script string) *Program {
	tb.Helper()
	folder := os.Getenv(Env)
	if folder == "" {
		tb.Skip("no issuer, mail server and readers of others: run make issuer, or name the folder with oidc-provider and smtp-server in " + Env)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		tb.Skip("there is no node to run " + filepath.Base(script) + "; install Node 20 or newer")
	}
	p := &Program{tb: tb, err: &bytes.Buffer{}}
	cmd := exec.CommandContext(tb.Context(), node, script)
	cmd.Env = append(os.Environ(), Env+"="+folder, "NODE_ENV=test", "NO_COLOR=1")
	cmd.Stderr, cmd.WaitDelay = p.err, 5*time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	tb.Cleanup(func() {
		_ = in.Close() // which ends it
		_ = cmd.Wait() // by then its context is over
		if tb.Failed() {
			tb.Logf("%s said:\n%s", filepath.Base(script), p.err)
		}
	})
	return p
}

// Ask puts a question to the program, and reads its answer.
func (p *Program) Ask(question, answer any) {
	p.tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	line, err := json.Marshal(question)
	if err != nil {
		p.tb.Fatal(err)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		p.tb.Fatal(err)
	}
	said, err := p.out.ReadBytes('\n')
	if err != nil {
		p.tb.Fatalf("it ended: %v", err)
	}
	if err := json.Unmarshal(said, answer); err != nil {
		p.tb.Fatalf("%v: %s", err, said)
	}
}
