package config_test

import (
	"strings"
	"testing"

	"tandem/config"

	"pgregory.net/rapid"
)

// A plain word is either refused or kept letter by letter: no version of YAML
// changes its meaning behind the admin's back.
func TestAPlainWordKeepsItsSpellingOrIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(
			rapid.StringMatching(`[-+]?[0-9a-fxob._:]{1,8}`),
			rapid.SampledFrom([]string{"yes", "no", "on", "off", "y", "N", "true", "FALSE", "null", "~", ".inf", ".NaN", "0o17", "2026-11-21", "1:30"}),
		).Draw(t, "word")
		document, found := config.ParseDocument("f", []byte("name: "+word+"\nvalues:\n  "+word+": [x]\n"))
		if document == nil {
			return
		}
		var into sample
		again := document.Decode(&into)
		if into.Name != "" && into.Name != word {
			t.Fatalf("%q became %q", word, into.Name)
		}
		if into.Name == "" && len(again) == 0 {
			t.Fatalf("%q was lost", word)
		}
		if _, kept := into.Values[word]; !kept && len(found) == 0 && len(again) == 0 {
			t.Fatalf("the key %q was lost", word)
		}
	})
}

// What an error message proposes is read as the admin meant it.
func TestTheProposedQuotesGiveTheConditionBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z][a-z."'=&|()<>! ]{0,20}[a-z]`).Draw(t, "condition")
		text = strings.Join(strings.Fields(text), " ")
		document, _ := config.ParseDocument("f", []byte("if: "+text+"\n"))
		if document == nil {
			return
		}
		var into sample
		found := document.Decode(&into)
		if len(found) == 0 {
			if string(into.If) != text {
				t.Fatalf("%q became %q", text, into.If)
			}
			return
		}
		_, proposal, ok := strings.Cut(found[0].Remedy, "write it quoted: ")
		if !ok {
			t.Fatalf("%q: no proposal in %v", text, found)
		}
		document, _ = config.ParseDocument("f", []byte(proposal+"\n"))
		if again := document.Decode(&into); len(again) > 0 || string(into.If) != text {
			t.Fatalf("%q proposed for %q is %q, %v", proposal, text, into.If, again)
		}
	})
}
