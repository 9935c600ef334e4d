package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrNone tells that there is no browser here.
var ErrNone = errors.New("no Chromium is installed: make chromium installs one, or TANDEM_CHROMIUM names the program of one")

// patience is how long a page may take to do what is asked. It is long because
// other tests run side by side.
const patience = 30 * time.Second

// Shared is one process of the browser for all tests of a binary. It starts when
// the first test asks for a tab, and ends with Close, in TestMain, or with the
// process. The zero value is ready.
type Shared struct {
	once sync.Once
	ctx  context.Context //nolint:containedctx // chromedp keeps the browser in its context
	stop []context.CancelFunc
	err  error

	shown sync.Map // stops of the keyboard that were looked at

	axe     sync.Once
	axeText string
	axeErr  error
}

// Tab opens an empty tab that closes with the test. It has cookies of its own.
// It skips the test where there is no browser.
func (s *Shared) Tab(tb testing.TB, look Look) *Tab {
	tb.Helper()
	s.once.Do(s.start)
	if errors.Is(s.err, ErrNone) {
		tb.Skip(s.err.Error())
	}
	if s.err != nil {
		tb.Fatalf("start the browser: %v", s.err)
	}
	return open(tb, s, look)
}

// Close ends the browser, if it ever began.
func (s *Shared) Close() {
	for _, stop := range slices.Backward(s.stop) {
		stop()
	}
}

func (s *Shared) start() {
	path, err := program()
	if err != nil {
		s.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("lang", "en-US"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	s.stop = append(s.stop, stop)
	// A browser that is newer than the library says things it does not know.
	quiet := func(string, ...any) {}
	s.ctx, stop = chromedp.NewContext(allocator, chromedp.WithLogf(quiet), chromedp.WithErrorf(quiet))
	s.stop = append(s.stop, stop)
	s.err = chromedp.Do(s.ctx)
}

// program finds the browser.
func program() (string, error) {
	if named := os.Getenv("TANDEM_CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{
		"/usr/lib/chromium/chromium", // Debian's, without the launcher and its extensions
		"chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}
