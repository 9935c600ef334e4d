package store_test

import (
	"bytes"
	"testing"
)

func TestTheKeyOfPseudonymsIsMadeOnceAndAnotherOneIsTold(t *testing.T) {
	t.Parallel()
	for where, openStore := range onBoth() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			ask := func(given string, tells bool) []byte {
				t.Helper()
				key, changed, err := k.PseudonymKey(t.Context(), []byte(given))
				if err != nil || changed != tells || len(key) == 0 {
					t.Errorf("given %q: key of %d bytes, changed %v, %v", given, len(key), changed, err)
				}
				return key
			}
			own := ask("", false)
			k.reopen()
			if !bytes.Equal(own, ask("", false)) {
				t.Error("another key after a restart")
			}
			if got := ask("from the settings", true); string(got) != "from the settings" {
				t.Errorf("the given key is not used: %q", got)
			}
			ask("from the settings", false)
			if !bytes.Equal(own, ask("", true)) {
				t.Error("the store's own key is lost")
			}
		})
	}
}
