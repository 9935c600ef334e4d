package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/cli"
)

// told is what a command that goes on has said so far.
type told struct {
	sync.Mutex

	text bytes.Buffer
}

func (t *told) Write(b []byte) (int, error) {
	t.Lock()
	defer t.Unlock()
	return t.text.Write(b)
}

// wait returns the first match of a pattern, once it was said.
func (t *told) wait(ctx context.Context, pattern string) string {
	look := regexp.MustCompile(pattern)
	for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		t.Lock()
		found := look.FindString(t.text.String())
		t.Unlock()
		if found != "" {
			return found
		}
	}
	return ""
}

func TestTheDemoShowsItsPagesToWhoeverHasTheLink(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithTimeout(t.Context(), 2*time.Minute)
	defer end()
	var out, errs told
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}, "test", []string{"demo", "--no-open", "--folder", t.TempDir()})
	}()
	link := out.wait(ctx, `http://127\.0\.0\.1:\d+/signin\?once=\S+`)
	if link == "" {
		t.Fatalf("no link was printed:\n%s%s", &out.text, &errs.text)
	}
	page := func(client *http.Client) string {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := page(&http.Client{Jar: jar}); !strings.Contains(got, "PAY-15") {
		t.Errorf("the first page does not show the company:\n%.2000s", got)
	}
	other, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := page(&http.Client{Jar: other}); strings.Contains(got, "PAY-15") {
		t.Error("the link lets a second one in")
	}
	end()
	if code := <-ended; code != 0 {
		t.Errorf("exit %d\n%s", code, &errs.text)
	}
}
