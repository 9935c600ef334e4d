package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

func TestZZ(t *testing.T) {
	o := opened(t)
	for _, c := range []string{"restricted-admin", "internal-viewer", "public-viewer"} {
		r := o.get(c, "/")
		t.Log(r.status, len(r.text), r.words())
	}
	if os.Getenv("SERVE") == "" {
		return
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := r.Header.Get("X-Who")
		if who == "" {
			who = "internal-approver"
		}
		o.web.ServeHTTP(w, r.WithContext(withPerson(r.Context(), who)))
	}))
	s.Start()
	os.WriteFile("/tmp/h-P1/url", []byte(s.URL), 0o600)
	select {}
}
func withPerson(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, key{}, person(name))
}
