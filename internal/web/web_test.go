package web_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
)

func TestWhatIsNotThereHasARemedy(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.refused(o.get("internal-viewer", "/nothing"), http.StatusNotFound, "there is no such page")
}

func TestNobodySeesAPageWhoIsNotSignedIn(t *testing.T) {
	t.Parallel()
	o := opened(t)
	if r := o.get("", "/"); r.status != http.StatusUnauthorized {
		t.Errorf("answered %d %s", r.status, r.text)
	}
}

func TestAFormLeadsOnOnThisServerOnly(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for back, want := range map[string]string{"/?team=pay": "/?team=pay", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", "": "/"} {
		r := o.post("internal-viewer", "/theme", url.Values{"csrf": {csrf}, "theme": {"dark"}, "back": {back}})
		if r.status != http.StatusSeeOther || r.header.Get("Location") != want {
			t.Errorf("%q leads to %d %q, want %q", back, r.status, r.header.Get("Location"), want)
		}
	}
}

func TestFilesOfTheLookAreSentCompressedAndPagesAreNot(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := o.get("internal-viewer", "/plan")
	css := regexp.MustCompile(`/assets/[0-9a-f]+/tandem.css`).FindString(page.text)
	sent := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		o.web.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, person("internal-viewer"))))
		return w
	}
	plain, packed := sent(css, ""), sent(css, "br, gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" || packed.Body.Len()*2 > plain.Body.Len() {
		t.Errorf("%d bytes, compressed %d: %v", plain.Body.Len(), packed.Body.Len(), packed.Header())
	}
	unpacked, err := gzip.NewReader(packed.Body)
	o.ok(err)
	text, err := io.ReadAll(unpacked)
	o.ok(err)
	if string(text) != plain.Body.String() {
		t.Error("what is compressed is something else")
	}
	if got := sent("/plan", "gzip"); got.Header().Get("Content-Encoding") != "" {
		t.Error("a page is compressed: its length tells of its tokens (BREACH)")
	}
}
