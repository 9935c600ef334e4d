package connectors_test

import (
	"strings"
	"testing"

	"tandem/connectors"
)

func TestASignatureIsForeignUnlessItIsOursOrWasTakenOver(t *testing.T) {
	t.Parallel()
	own := connectors.Owner{Instance: "acme", Store: "B", Former: []string{"A", "old/X"}}
	for signature, foreign := range map[string]bool{
		"": false, "acme/B": false, "acme/A": false, "old/X": false, "old/Y": true, "acme/C": true, "other/B": true, "other/A": true, "nonsense": true,
	} {
		if got := own.Foreign(signature); got != foreign {
			t.Errorf("%q: foreign %v", signature, got)
		}
	}
	if (connectors.Owner{}).Foreign("acme/B") || (connectors.Owner{}).String() != "" {
		t.Error("nobody finds something foreign")
	}
	if said := connectors.Refusal("a\x1b[31m/" + strings.Repeat("x", 1000)); strings.Contains(said, "\x1b") || len(said) > 500 {
		t.Errorf("%q", said)
	}
}
