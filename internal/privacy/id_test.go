package privacy_test

import (
	"strings"
	"testing"

	"tandem/internal/privacy"
	"tandem/internal/work"
)

// A connector has no key: ids that it makes of a row are hashes that whoever
// guesses the row can make, too.
func TestIdsThatAreMadeOfWhoSpokeAreKeyed(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"row-0123456789abcdef", "row-0123456789abcdef-2", "h-0123456789abcdef01234567"} {
		p, kind := only(nil), id[:strings.Index(id, "-")+1]
		f := work.Feedback{Ref: work.NewRef("drop", id, "study/7"), Person: id, DuplicateOf: id}
		once := p.Feedback(f)
		hash := strings.TrimSuffix(strings.TrimPrefix(id, kind), "-2")
		if strings.Contains(once.ID, hash) || !strings.HasPrefix(once.ID, kind+"p-") || strings.HasSuffix(id, "-2") != strings.HasSuffix(once.ID, "-2") {
			t.Errorf("%s became %s", id, once.ID)
		}
		if once.DuplicateOf != once.ID || once.Key != "study/7" || strings.Contains(once.Person, hash) {
			t.Errorf("%s: got %+v", id, once)
		}
		kept := only(map[string]work.PrivacyMode{"person": work.Keep}).Feedback(f)
		if kept.Person != kept.ID || kept.ID != once.ID {
			t.Errorf("%s: kept as %s of %s", id, kept.ID, kept.Person)
		}
		if twice := p.Feedback(once); twice.ID != once.ID || twice.Person != once.Person {
			t.Errorf("%s: applied twice it is %s of %s", id, twice.ID, twice.Person)
		}
		if again := p.Feedback(f); again.ID != once.ID {
			t.Errorf("%s is %s and %s", id, once.ID, again.ID)
		}
		if other := privacy.New(nil, []byte("another key")).Feedback(f); other.ID == once.ID {
			t.Errorf("%s: the key does not matter", id)
		}
		if in := p.Insight(work.Insight{Ref: f.Ref}); in.ID != once.ID {
			t.Errorf("%s: the insight is %s", id, in.ID)
		}
		if r := p.Reject(work.Reject{Where: "polls, " + id, Cause: id}); strings.Contains(r.Where+r.Cause, hash) {
			t.Errorf("%s: set aside as %+v", id, r)
		}
	}
	for _, own := range []string{"r1", "row-7", "h-1", "0123456789abcdef", "row-0123456789abcdef0"} {
		if got := only(nil).Feedback(work.Feedback{Ref: work.NewRef("drop", own, "")}); got.ID != own {
			t.Errorf("%s became %s", own, got.ID)
		}
	}
}
