package jira

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ledger remembers what was read within the overlap: by issue id the time of
// its last change and a hash of its content. It tells what is new from what is
// only read again.
type ledger map[string]string

// maxLedger bounds a ledger. What is forgotten is read twice, which is
// harmless.
const maxLedger = 5000

// entryOf is what the ledger keeps of an issue.
func entryOf(r row, raw json.RawMessage) string {
	sum := sha256.Sum256(raw)
	return strconv.FormatInt(r.updated.UnixMilli(), 36) + "." + hex.EncodeToString(sum[:5])
}

// timeOfEntry returns the time of the change.
func timeOfEntry(entry string) time.Time {
	ms, _, _ := strings.Cut(entry, ".")
	n, err := strconv.ParseInt(ms, 36, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n)
}

// sift returns the issues that the ledger does not know, and what it is to
// know of them once they were read.
func (l ledger) sift(raw []json.RawMessage) (fresh []json.RawMessage, entries map[string]string) {
	entries = make(map[string]string, len(raw))
	for i, r := range rowsOf(raw) {
		entry := entryOf(r, raw[i])
		if r.id != "" && l[r.id] == entry {
			continue
		}
		fresh = append(fresh, raw[i])
		if r.id != "" && !r.updated.IsZero() {
			entries[r.id] = entry
		}
	}
	return fresh, entries
}

// note adds an issue. An older version, which a search may show again, does
// not replace a newer one.
func (l ledger) note(id, entry string) {
	if entry != "" && !timeOfEntry(entry).Before(timeOfEntry(l[id])) {
		l[id] = entry
	}
}

// since returns what changed at that time or later, and whether the bound on
// its size cost it more than that.
func (l ledger) since(from time.Time) (kept ledger, cut bool) {
	kept = make(ledger, len(l))
	for id, entry := range l {
		if !timeOfEntry(entry).Before(from) {
			kept[id] = entry
		}
	}
	if len(kept) <= maxLedger {
		return kept, false
	}
	ids := slices.SortedFunc(maps.Keys(kept), func(a, b string) int {
		return cmp.Or(timeOfEntry(kept[b]).Compare(timeOfEntry(kept[a])), cmp.Compare(a, b))
	})
	for _, id := range ids[maxLedger:] {
		delete(kept, id)
	}
	return kept, true
}
