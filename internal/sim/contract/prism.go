package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim/loopback"
)

// Prism is one running proxy in front of a service.
type Prism struct {
	// Address is host and port of the proxy.
	Address string
	stop    func()
	over    chan struct{} // closed when the proxy has ended
	output  *tail
}

// patience is how long a proxy may take to read its description.
const patience = 90 * time.Second

// StartPrism runs the command as a proxy that holds all traffic to upstream
// against a description. It returns when the proxy answers.
func StartPrism(ctx context.Context, command, description, upstream string) (*Prism, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil, errors.New("start prism: the command is empty; name it in TANDEM_CONTRACT")
	}
	address, release, err := loopback.Keep(ctx)
	if err != nil {
		return nil, fmt.Errorf("start prism: %w", err)
	}
	host, port, _ := net.SplitHostPort(address)
	ctx, cancel := context.WithCancel(ctx)
	stop := func() { cancel(); _ = release() }
	p := &Prism{Address: address, stop: stop, over: make(chan struct{}), output: &tail{}}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], "proxy", "-h", host, "-p", port, description, upstream)...)
	cmd.Env = append(os.Environ(), "SCARF_ANALYTICS=false")
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = p.output, p.output, 5*time.Second
	if err := cmd.Start(); err != nil {
		stop()
		return nil, fmt.Errorf("start prism: %w", err)
	}
	go func() {
		defer close(p.over)
		if err := cmd.Wait(); err != nil {
			_, _ = p.output.Write([]byte(err.Error()))
		}
	}()
	if err := p.ready(ctx); err != nil {
		p.Stop()
		return nil, fmt.Errorf("start prism for %s: %w\n%s", filepath.Base(description), err, p.output)
	}
	return p, nil
}

// Stop ends the proxy.
func (p *Prism) Stop() {
	p.stop()
	<-p.over
}

func (p *Prism) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.Address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.over:
			return errors.New("it ended, saying")
		case <-ctx.Done():
			return fmt.Errorf("it does not answer after %s: %w", patience, ctx.Err())
		case <-tick.C:
		}
	}
}

// tail keeps the end of what a program wrote.
type tail struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

const tailSize = 16 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes.Write(b)
	if extra := t.bytes.Len() - tailSize; extra > 0 {
		t.bytes.Next(extra)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bytes.String()
}
