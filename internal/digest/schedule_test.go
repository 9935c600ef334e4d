package digest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/digest"
	"tandem/internal/work"
)

func clock(tb testing.TB, text string) work.Clock {
	tb.Helper()
	var c work.Clock
	if err := c.UnmarshalText([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	return c
}

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

func TestTheMomentOfADigest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone, at string
		day            work.Date
		want           string
	}{
		{"on a usual day", "Europe/Berlin", "08:30", 20261123, "2026-11-23T07:30:00Z"},
		{"in a gap it is the first moment after it", "Europe/Berlin", "02:30", 20260329, "2026-03-29T01:00:00Z"},
		{"at the beginning of a gap too", "Europe/Berlin", "02:00", 20260329, "2026-03-29T01:00:00Z"},
		{"at the end of a gap", "Europe/Berlin", "03:00", 20260329, "2026-03-29T01:00:00Z"},
		{"twice is the first", "Europe/Berlin", "02:30", 20261025, "2026-10-25T00:30:00Z"},
		{"the end of twice is once", "Europe/Berlin", "03:00", 20261025, "2026-10-25T02:00:00Z"},
		{"in New York", "America/New_York", "02:30", 20260308, "2026-03-08T07:00:00Z"},
		{"half an hour is put forward", "Australia/Lord_Howe", "02:15", 20261004, "2026-10-03T15:30:00Z"},
		{"midnight does not exist", "Africa/Cairo", "00:00", 20260424, "2026-04-23T22:00:00Z"},
		{"a day does not exist", "Pacific/Apia", "08:30", 20111230, "2011-12-30T10:00:00Z"},
		{"far east", "Pacific/Kiritimati", "00:00", 20260101, "2025-12-31T10:00:00Z"},
		{"far west", "Etc/GMT+12", "23:59", 20260101, "2026-01-02T11:59:00Z"},
		{"without changes", "UTC", "08:30", 20260329, "2026-03-29T08:30:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := digest.Schedule{At: clock(t, c.at), Zone: zone(t, c.zone)}.Moment(c.day)
			if got.UTC().Format(time.RFC3339) != c.want {
				t.Errorf("it is due at %s, want %s", got.UTC().Format(time.RFC3339), c.want)
			}
		})
	}
}

// zonesThatChange lists the zones of this machine whose clocks change in 2026.
func zonesThatChange(t *testing.T) []*time.Location {
	t.Helper()
	root := ""
	for _, dir := range []string{"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"} {
		if _, err := os.Stat(filepath.Join(dir, "Europe", "Berlin")); err == nil {
			root = dir
			break
		}
	}
	var all []*time.Location
	if root == "" { // the names that matter, from the database in the binary
		for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Pacific/Auckland", "America/Havana", "Asia/Beirut", "Atlantic/Azores"} {
			all = append(all, zone(t, name))
		}
		return all
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, root+string(filepath.Separator))
		z, err := time.LoadLocation(filepath.ToSlash(name))
		if err != nil || strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/") {
			return nil //nolint:nilerr // no zone, or the same one again
		}
		_, end := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(z).ZoneBounds()
		if !end.IsZero() && end.Year() <= 2026 {
			all = append(all, z)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// In every zone whose clocks change, through the year and at every quarter of an
// hour of the days around each change: each day has one digest, at its time by
// the clock on the wall, or at the first moment after a gap.
func TestAClockChangeNeitherDoublesNorSkipsADigest(t *testing.T) {
	t.Parallel()
	zones := zonesThatChange(t)
	if len(zones) < 9 {
		t.Fatalf("only %d zones change", len(zones))
	}
	t.Logf("%d zones change their clocks in 2026", len(zones))
	for _, z := range zones {
		year := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		everyDayOnce(t, digest.Schedule{At: 150, Zone: z}, year, year.AddDate(0, 0, 364))
		for t0 := year; ; {
			_, change := t0.In(z).ZoneBounds()
			if change.IsZero() || change.Year() > 2026 {
				break
			}
			day := work.DateOf(change.UTC()).Time()
			for at := work.Clock(0); at < 24*60; at += 15 {
				everyDayOnce(t, digest.Schedule{At: at, Zone: z}, day.AddDate(0, 0, -3), day.AddDate(0, 0, 3))
			}
			t0 = change
		}
	}
}

func everyDayOnce(t *testing.T, s digest.Schedule, from, to time.Time) {
	t.Helper()
	var last time.Time
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		at := s.Moment(work.DateOf(day)).In(s.Zone)
		asked := day.Add(time.Duration(s.At) * time.Minute)
		wall := work.DateOf(at).Time().Add(time.Duration(work.ClockOf(at)) * time.Minute).Sub(asked)
		if wall < 0 || wall > 2*time.Hour { // Antarctica/Troll changes by two
			t.Fatalf("%s: the digest of %s at %s is due at %s", s.Zone, day.Format(time.DateOnly), s.At, at)
		}
		if wall > 0 { // then the time does not exist on that day
			begin, _ := at.ZoneBounds()
			if !begin.Equal(at) {
				t.Fatalf("%s: the digest of %s at %s is due at %s, which is no change of clocks", s.Zone, day.Format(time.DateOnly), s.At, at)
			}
		}
		if !last.IsZero() && at.Sub(last) < 21*time.Hour || at.Sub(last) > 26*time.Hour && !last.IsZero() {
			t.Fatalf("%s: %s after %s", s.Zone, at, last)
		}
		last = at
	}
}

// However often and when somebody looks, if never later than a late digest is of
// use, they meet each day's digest, and Next says when to look.
func TestWhoLooksOftenEnoughMeetsEveryDigestOnce(t *testing.T) {
	t.Parallel()
	zones := zonesThatChange(t)
	rapid.Check(t, func(t *rapid.T) {
		s := digest.Schedule{
			At: work.Clock(rapid.IntRange(0, 24*60-1).Draw(t, "at")), Zone: rapid.SampledFrom(zones).Draw(t, "zone"),
		}
		for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 7, rapid.ID[int]).Draw(t, "on") {
			s.On = append(s.On, work.Weekday(d))
		}
		_, change := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(s.Zone).ZoneBounds()
		if rapid.Bool().Draw(t, "second") {
			if _, next := change.ZoneBounds(); !next.IsZero() {
				change = next
			}
		}
		now := change.Add(-5 * 24 * time.Hour)
		want := map[work.Date]bool{}
		for day := work.DateOf(now.In(s.Zone)).Time().AddDate(0, 0, 1); ; day = day.AddDate(0, 0, 1) {
			if day.Sub(work.DateOf(now.In(s.Zone)).Time()) > 9*24*time.Hour {
				break
			}
			if len(s.On) == 0 || s.Has(work.DateOf(day)) {
				want[work.DateOf(day)] = true
			}
		}
		met := map[work.Date]bool{}
		end := now.Add(12 * 24 * time.Hour)
		for now.Before(end) {
			if day, at, ok := s.Due(now); ok && now.Sub(at) <= 3*time.Hour {
				met[day] = true
			}
			next := s.Next(now)
			if !next.After(now) {
				t.Fatalf("next of %s is %s", now, next)
			}
			if day, _, ok := s.Due(next); !ok || !s.Has(day) || !s.Moment(day).Equal(next) {
				t.Fatalf("at %s no digest is due", next)
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 180).Draw(t, "pause")) * time.Minute)
		}
		for day := range want {
			if !met[day] {
				t.Fatalf("nobody met the digest of %s", day)
			}
		}
		for day := range met {
			if !s.Has(day) {
				t.Fatalf("there is no digest on %s", day)
			}
		}
	})
}
