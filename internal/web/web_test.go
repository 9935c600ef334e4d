package web_test

import (
	"net/http"
	"net/url"
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
