package store_test

import (
	"bytes"
	"testing"
)

func TestTheKeyOfPseudonymsIsMadeOnceAndAnotherOneIsTold(t *testing.T) {
	onBoth(t, func(k *kept) {
		ask := func(given string, tells bool) []byte {
			k.t.Helper()
			key, changed, err := k.PseudonymKey(k.t.Context(), []byte(given))
			if err != nil || changed != tells || len(key) == 0 {
				k.t.Errorf("given %q: key of %d bytes, changed %v, %v", given, len(key), changed, err)
			}
			return key
		}
		own := ask("", false)
		k.reopen()
		if !bytes.Equal(own, ask("", false)) {
			k.t.Error("another key after a restart")
		}
		if got := ask("from the settings", true); string(got) != "from the settings" {
			k.t.Errorf("the given key is not used: %q", got)
		}
		ask("from the settings", false)
		if !bytes.Equal(own, ask("", true)) {
			k.t.Error("the store's own key is lost")
		}
	})
}
