package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/sim"
)

// TestOrderAgreesWithASortedSlice inserts and deletes at random and compares
// every reading with a plain slice.
func TestOrderAgreesWithASortedSlice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		first := rapid.SliceOfNDistinct(rapid.IntRange(0, 5000), 0, 1500, rapid.ID[int]).Draw(rt, "first")
		plain := slices.Clone(first)
		slices.Sort(plain)
		order := sim.NewOrder(func(a, b int) int { return a - b }, slices.Clone(first)...)
		for range rapid.IntRange(0, 300).Draw(rt, "steps") {
			v := rapid.IntRange(0, 5000).Draw(rt, "value")
			at, has := slices.BinarySearch(plain, v)
			if has {
				if !order.Delete(v) {
					rt.Fatalf("Delete(%d) found nothing", v)
				}
				plain = slices.Delete(plain, at, at+1)
				continue
			}
			if order.Delete(v) {
				rt.Fatalf("Delete(%d) found something", v)
			}
			order.Insert(v)
			plain = slices.Insert(plain, at, v)
		}
		from := rapid.IntRange(0, len(plain)).Draw(rt, "from")
		if got := slices.Collect(order.Up(from)); !slices.Equal(got, plain[from:]) {
			rt.Fatalf("Up(%d) = %v, want %v", from, got, plain[from:])
		}
		down := slices.Clone(plain[:from])
		slices.Reverse(down)
		if got := slices.Collect(order.Down(from)); !slices.Equal(got, down) {
			rt.Fatalf("Down(%d) = %v, want %v", from, got, down)
		}
		v := rapid.IntRange(0, 5001).Draw(rt, "bound")
		want, _ := slices.BinarySearch(plain, v)
		if got := order.Position(func(x int) bool { return x >= v }); got != want || order.Len() != len(plain) {
			rt.Fatalf("Position(%d) = %d of %d, want %d of %d", v, got, order.Len(), want, len(plain))
		}
	})
}

func TestClockMovesOnlyWhenTold(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := sim.NewClock(start)
	if c.Advance(time.Hour); !c.Now().Equal(start.Add(time.Hour)) {
		t.Errorf("Now = %v", c.Now())
	}
	if c.Set(start); !c.Now().Equal(start) {
		t.Errorf("Now = %v", c.Now())
	}
}

// shop counts what it sells.
type shop struct{ sold int }

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.sold++
		call := sim.CallOf(r.Context())
		call.Write, call.Actor, call.Service = true, "tandem", true
		call.Effects = append(call.Effects, sim.Effect{Ref: "shop", Field: "sold", To: fmt.Sprint(s.sold)})
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"sold":%d}`, s.sold)
}

func gate(next http.Handler) *sim.Gate {
	return &sim.Gate{
		Connector: "shop", Now: time.Now, Next: next, Log: &sim.Log{},
		Route: func(r *http.Request) string { return r.URL.Path },
	}
}

func call(ctx context.Context, g http.Handler, method string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://shop.example/things", nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := sim.Network{"shop.example": g}.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), errors.Join(err, resp.Body.Close())
}

func TestEachFaultTouchesWhatItSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  *sim.Fault
		sold   int
		status int
		body   string
		err    error
		logged int
	}{
		"none":              {nil, 1, 200, `{"sold":1}`, nil, 1},
		"refused":           {sim.Refused(), 0, 0, "", io.EOF, 0},
		"lost answer":       {sim.LostAnswer(), 1, 0, "", io.EOF, 1},
		"cut off":           {sim.CutOff(4), 1, 200, `{"so`, io.ErrUnexpectedEOF, 1},
		"unavailable":       {sim.Unavailable(3), 0, 503, "", nil, 0},
		"broken afterwards": {&sim.Fault{Status: 502, Body: "bad gateway", After: true}, 1, 502, "bad gateway", nil, 1},
		"page":              {sim.HTMLPage(403), 0, 403, "", nil, 0},
	} {
		s := &shop{}
		g := gate(s)
		g.SetFault(func(*http.Request) *sim.Fault { return c.fault })
		status, body, err := call(t.Context(), g, http.MethodPost)
		if status != c.status || !errors.Is(err, c.err) || s.sold != c.sold || len(g.Log.All()) != c.logged {
			t.Errorf("%s: status %d, err %v, sold %d, logged %d; want %+v", name, status, err, s.sold, len(g.Log.All()), c)
		}
		if c.body != "" && body != c.body {
			t.Errorf("%s: body %q, want %q", name, body, c.body)
		}
		counts := g.Counts()
		if len(counts) != 1 || counts[0].Calls != 1 || (counts[0].Faults == 1) != (c.fault != nil) {
			t.Errorf("%s: counts %+v", name, counts)
		}
	}
}

func TestScriptBreaksMatchingRequestsInTurn(t *testing.T) {
	t.Parallel()
	g := gate(&shop{})
	g.SetFault(sim.Script(http.MethodPost, "/things", sim.Unavailable(0), nil, sim.Unavailable(0)))
	var got []int
	for _, method := range []string{"GET", "POST", "POST", "GET", "POST", "POST"} {
		status, _, err := call(t.Context(), g, method)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, status)
	}
	if diff := cmp.Diff([]int{200, 503, 200, 200, 503, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestLatencyEndsWithTheCallersPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		g := gate(s)
		g.SetLatency(20 * time.Millisecond)
		start := time.Now()
		if _, _, err := call(t.Context(), g, http.MethodPost); err != nil || time.Since(start) != 20*time.Millisecond {
			t.Errorf("answered after %v, %v", time.Since(start), err)
		}
		g.SetLatency(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := call(ctx, g, http.MethodPost); !errors.Is(err, context.DeadlineExceeded) || s.sold != 1 {
			t.Errorf("err %v, sold %d; want a deadline and no second sale", err, s.sold)
		}
	})
}

func TestTheNetworkKnowsItsHostsOnly(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://elsewhere.example/", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := sim.Network{}.RoundTrip(req)
	if err == nil || !strings.Contains(err.Error(), "elsewhere.example") {
		t.Errorf("err = %v", err)
	}
	if resp != nil {
		_ = resp.Body.Close()
	}
	panicking := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") })
	if _, _, err := call(t.Context(), panicking, "GET"); err == nil || !strings.Contains(err.Error(), "stand-in panicked: oops") {
		t.Errorf("err = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := call(ctx, &shop{}, "GET"); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestTheLogNumbersCopiesAndForgets(t *testing.T) {
	t.Parallel()
	var l sim.Log
	for _, actor := range []string{"a", "tandem", "b"} {
		l.Add(sim.Write{Actor: actor, Service: actor == "tandem", Effects: []sim.Effect{{Ref: actor}}})
	}
	l.All()[0].Effects[0].Ref = "changed"
	if diff := cmp.Diff([]sim.Effect{{Ref: "a"}, {Ref: "b"}}, l.Effects(false)); diff != "" {
		t.Errorf("effects of people (-want +got):\n%s", diff)
	}
	l.Trim(1)
	if got := l.Since(2); len(got) != 1 || got[0].Actor != "b" || got[0].Seq != 3 || len(l.All()) != 2 {
		t.Errorf("since 2: %+v of %d", got, len(l.All()))
	}
	if got := l.Since(3); got != nil {
		t.Errorf("since 3: %+v", got)
	}
}
