package githubsim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

func BenchmarkSite(b *testing.B) {
	site, err := githubsim.New(many(100_000), githubsim.Options{Now: sim.NewClock(noon()).Now})
	if err != nil {
		b.Fatal(err)
	}
	ask := func(b *testing.B, path, tag string, want int) string {
		b.Helper()
		r := httptest.NewRequest(http.MethodGet, "https://"+host+path, nil)
		r.Header.Set("Authorization", "token bot-token")
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != want {
			b.Fatalf("%s = %d: %s", path, w.Code, w.Body)
		}
		return w.Header().Get("ETag")
	}
	b.Run("page of 100", func(b *testing.B) {
		for b.Loop() {
			ask(b, "/repos/acme/big/issues?state=all&per_page=100&page=99&sort=updated&direction=asc", "", 200)
		}
	})
	b.Run("idle poll", func(b *testing.B) {
		const path = "/repos/acme/big/issues?state=all&per_page=100&sort=updated&direction=asc&since=2026-11-21T11:59:00Z"
		tag := ask(b, path, "", 200)
		for b.Loop() {
			ask(b, path, tag, 304)
		}
	})
	b.Run("edit", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			if err := site.Edit(fmt.Sprint("acme/big#", 1+n%100_000), "ana", func(i *githubsim.Issue) { i.Locked = !i.Locked }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("build", func(b *testing.B) {
		w := many(100_000)
		for b.Loop() {
			if _, err := githubsim.New(w, githubsim.Options{Now: sim.NewClock(noon()).Now}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
