package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/store"
	"tandem/internal/work"
)

func TestAViewIsKeptForItsOwnerAndForThoseItIsSharedWith(t *testing.T) {
	onBoth(t, func(k *kept) {
		ctx := k.t.Context()
		save := func(owner, name, query string, shared bool) int64 {
			k.t.Helper()
			num, err := k.SaveView(ctx, store.SavedView{Owner: owner, Name: name, Query: query, Audience: work.Internal, Shared: shared})
			if err != nil {
				k.t.Fatal(err)
			}
			return num
		}
		listed := func(owner string) []string {
			k.t.Helper()
			views, err := k.SavedViews(ctx, owner)
			if err != nil {
				k.t.Fatal(err)
			}
			all := []string{}
			for _, v := range views {
				if v.Audience != work.Internal || !v.At.Equal(k.clock.Now()) {
					k.t.Errorf("kept as %+v", v)
				}
				all = append(all, v.Owner+": "+v.Name+"?"+v.Query)
			}
			return all
		}
		is := func(owner string, want ...string) {
			k.t.Helper()
			if diff := cmp.Diff(want, listed(owner)); diff != "" {
				k.t.Errorf("%s has (-want +got):\n%s", owner, diff)
			}
		}
		mine := save("web:ana", "Mine", "team=pay", false)
		if again := save("web:ana", "Mine", "team=web", false); again != mine {
			k.t.Errorf("saved anew as %d, was %d", again, mine)
		}
		shared := save("web:cy", "All of ours", "ready=yes", true)
		save("web:cy", "Secret", "q=x", false)
		is("web:ana", "web:cy: All of ours?ready=yes", "web:ana: Mine?team=web")
		is("web:new", "web:cy: All of ours?ready=yes")
		if _, err := k.RenameView(ctx, "web:cy", shared, "Secret"); !errors.Is(err, store.ErrTaken) {
			k.t.Errorf("a name that is in use: %v", err)
		}
		for _, owner := range []string{"web:ana", "web:cy"} { // only one's own
			was, err := k.RenameView(ctx, owner, shared, "Ours")
			if was != (owner == "web:cy") || err != nil {
				k.t.Errorf("%s renames: %v, %v", owner, was, err)
			}
		}
		is("web:ana", "web:ana: Mine?team=web", "web:cy: Ours?ready=yes")
		for _, try := range []struct {
			owner string
			want  bool
		}{{"web:ana", false}, {"web:cy", true}, {"web:cy", false}} {
			if was, err := k.DeleteView(ctx, try.owner, shared); was != try.want || err != nil {
				k.t.Errorf("%s deletes: %v, %v", try.owner, was, err)
			}
		}
		is("web:ana", "web:ana: Mine?team=web")
	})
}
