package store

import "testing"

func TestAStoreIsAtHomeWhereTheTableSaysSo(t *testing.T) {
	t.Parallel()
	at := home{Path: "/var/tandem.db", Machine: "m1", Device: 8, Inode: 100}
	change := func(do func(*home)) home {
		h := at
		do(&h)
		return h
	}
	for name, c := range map[string]struct {
		then, now home
		left      bool
		want      bool
	}{
		"nothing changed":                      {at, at, false, true},
		"the disk has another number":          {at, change(func(h *home) { h.Device = 9 }), false, true},
		"a backup was restored":                {at, change(func(h *home) { h.Inode = 200 }), false, true},
		"another machine, same path":           {at, change(func(h *home) { h.Machine = "m2" }), false, false},
		"a copy beside the original":           {at, change(func(h *home) { h.Path, h.Inode = "/tmp/tandem.db", 200 }), false, false},
		"a copy, and the original is gone":     {at, change(func(h *home) { h.Path, h.Inode = "/tmp/tandem.db", 200 }), true, false},
		"renamed":                              {at, change(func(h *home) { h.Path = "/srv/tandem.db" }), true, true},
		"a hard link beside the original":      {at, change(func(h *home) { h.Path = "/srv/tandem.db" }), false, false},
		"the same number on another disk":      {at, change(func(h *home) { h.Path, h.Device = "/srv/tandem.db", 9 }), true, false},
		"a container with the same volume":     {change(func(h *home) { h.Machine, h.Container = "", true }), change(func(h *home) { h.Machine, h.Container = "", true }), false, true},
		"a container with a copy in the image": {change(func(h *home) { h.Machine, h.Container = "", true }), change(func(h *home) { h.Machine, h.Container, h.Inode = "", true, 7 }), false, false},
		"a container of the same image":        {change(func(h *home) { h.Container = true }), change(func(h *home) { h.Container, h.Inode = true, 7 }), false, false},
		"nothing is known but the path":        {home{Path: "/var/tandem.db"}, home{Path: "/var/tandem.db"}, false, true},
	} {
		if got := c.then.holds(c.now, c.left); got != c.want {
			t.Errorf("%s: at home %v, want %v", name, got, c.want)
		}
	}
}
