package work_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
)

// anyValue draws a value of any kind.
func anyValue(t *rapid.T) work.Value {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return work.Value{}
	case 1:
		return work.Empty()
	case 2:
		return work.NewText(rapid.String().Draw(t, "text"))
	case 3:
		return work.NewNumber(rapid.Float64().Draw(t, "number"))
	case 4:
		return work.NewList(rapid.SliceOf(rapid.String()).Draw(t, "list")...)
	case 5:
		return work.NewFlag(rapid.Bool().Draw(t, "flag"))
	default:
		return work.NewTime(time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "time")))
	}
}

func TestAValueComesBackFromJSONAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(t)
		if n, ok := v.Number(); ok && math.IsInf(n, 0) {
			t.Skip("JSON has no infinity")
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back work.Value
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if back != v && string(b) == jsonOf(t, back) {
			t.Skip("invalid UTF-8 is replaced")
		}
		if back != v {
			t.Fatalf("%s: %#v came back as %#v", b, v, back)
		}
	})
}

func jsonOf(t *rapid.T, v work.Value) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestS6UnknownAndEmptyAreNeverConfused(t *testing.T) {
	t.Parallel()
	unknown, empty := work.Value{}, work.NewText("")
	if unknown == empty || unknown.Known() || !empty.Known() || empty.Present() {
		t.Fatal("unknown and empty look alike")
	}
	if work.NewList() != work.Empty() || work.NewTime(time.Time{}) != work.Empty() || work.NewNumber(math.NaN()) != unknown {
		t.Fatal("an empty list, no time and no number have the wrong kind")
	}
}

func TestAListIsASet(t *testing.T) {
	t.Parallel()
	if work.NewList("b", "a", "", "b") != work.NewList("a", "b") {
		t.Fatal("order or repeats count")
	}
	if !work.NewList("a b", "c").Has("a b") || work.NewList("ab").Has("a") {
		t.Fatal("Has finds parts of elements")
	}
}

func TestSpansAreReadAndWrittenAsRulesWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"7d": 7, "2w": 14, "12h": 0.5, "90m": 0.0625, "0d": 0} {
		var s work.Span
		if err := s.UnmarshalText([]byte(text)); err != nil || s.Days() != want {
			t.Errorf("%s: %v days, %v; want %v", text, s.Days(), err, want)
		}
		var back work.Span
		if b, _ := s.MarshalText(); back.UnmarshalText(b) != nil || back != s {
			t.Errorf("%s came back as %s", text, back)
		}
	}
	for _, text := range []string{"", "d", "-1d", "7 days", "1e9d", "seven"} {
		if err := new(work.Span).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a span", text)
		}
	}
}

func TestPercentagesNeedTheirSign(t *testing.T) {
	t.Parallel()
	var p work.Percent
	if err := p.UnmarshalText([]byte("5%")); err != nil || p != 0.05 {
		t.Errorf("5%% = %v, %v", p, err)
	}
	for _, text := range []string{"5", "101%", "-1%", "%"} {
		if err := p.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a share", text)
		}
	}
}

func TestTheStricterModeWins(t *testing.T) {
	t.Parallel()
	modes := []work.WriteMode{work.UnsetMode, work.Observe, work.Propose, work.Auto}
	for _, a := range modes {
		for _, b := range modes {
			got := a.Stricter(b)
			if got != b.Stricter(a) {
				t.Errorf("%s and %s depend on their order", a, b)
			}
			if a != work.UnsetMode && b != work.UnsetMode && (got > a || got > b) {
				t.Errorf("%s and %s give %s", a, b, got)
			}
		}
	}
}

func TestS7NothingReachesAnUnknownAudience(t *testing.T) {
	t.Parallel()
	for a := work.UnknownAudience; a <= work.Restricted; a++ {
		if a.Reaches(work.UnknownAudience) || work.UnknownAudience.Reaches(a) {
			t.Errorf("%s reaches, or is reached by, unknown", a)
		}
	}
	if !work.Public.Reaches(work.Internal) || work.Restricted.Reaches(work.Internal) || work.Internal.Reaches(work.Public) {
		t.Error("stricter data reaches a looser place")
	}
}

func TestFieldsKeepTheOrderOfTheModelAndComeBackFromJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f work.Fields
		want := map[work.Field]work.Value{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			field := rapid.SampledFrom(work.AllFields()).Draw(t, "field")
			v := work.NewText(rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "value"))
			if rapid.Bool().Draw(t, "drop") {
				v = work.Value{}
			}
			f.Set(field, v)
			want[field] = v
		}
		last := work.NoField
		for field, v := range f.All() {
			if field <= last || v != want[field] {
				t.Fatalf("%s after %s, %v want %v", field, last, v, want[field])
			}
			last = field
		}
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back work.Fields
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		for _, field := range work.AllFields() {
			if back.Get(field) != f.Get(field) || f.Get(field) != want[field] {
				t.Fatalf("%s: %v, want %v", field, back.Get(field), want[field])
			}
		}
	})
}

func TestSuggestFindsTheNearestNameOrListsTheFew(t *testing.T) {
	t.Parallel()
	got := []string{
		work.Suggest("priorty", work.FieldNames()), work.Suggest("xyz", []string{"keep", "replace"}), work.Suggest("zzzzzzzz", work.FieldNames()),
	}
	want := []string{`did you mean "priority"?`, "known are: keep, replace", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPointerEscapesWhatStandsInKeys(t *testing.T) {
	t.Parallel()
	if got := work.Pointer("/fields").Key("area/ui~x").Index(2); got != "/fields/area~1ui~0x/2" {
		t.Errorf("pointer %s", got)
	}
}

func TestTheHashOfARecordIsItsContentNotItsVersion(t *testing.T) {
	t.Parallel()
	a := work.Record{Ref: work.NewRef("jira", "1", "PAY-1"), Version: time.Unix(1, 0), Fields: map[string]work.Value{"x": work.NewNumber(1)}}
	b := a
	b.Version = time.Unix(2, 0)
	c := a
	c.Fields = map[string]work.Value{"x": work.NewNumber(2)}
	ha, err1 := a.Hash()
	hb, err2 := b.Hash()
	hc, err3 := c.Hash()
	if err1 != nil || err2 != nil || err3 != nil || ha != hb || ha == hc {
		t.Errorf("hashes %s %s %s, errors %v %v %v", ha, hb, hc, err1, err2, err3)
	}
}

func TestHowLongAWordCounts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, time.FixedZone("", -3600)) // the 23rd in UTC
	for text, want := range map[string]string{
		"": "2026-12-23", "14d": "2026-12-07", "2w": "2026-12-07", "1h": "2026-11-23", "2026-11-23": "2026-11-23", "2026-12-24": "2026-12-24",
		"2026-11-22": "", "2020-01-01": "", "9999-01-01": "", "400d": "", "-3d": "", "soon": "", "2026-02-30": "",
	} {
		end, err := work.ParseUntil(text, now)
		if (err == nil) != (want != "") {
			t.Errorf("%q: %v", text, err)
			continue
		}
		o := work.Override{Until: end}
		if want != "" && o.LastDay().Format(time.DateOnly) != want {
			t.Errorf("%q counts until %s, want %s", text, o.LastDay(), want)
		}
		last := o.LastDay()
		if want != "" && (o.Over(last) || !o.Over(last.AddDate(0, 0, 1))) {
			t.Errorf("%q is over on %s, or not on the day after", text, last)
		}
	}
}
