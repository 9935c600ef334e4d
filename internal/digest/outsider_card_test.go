package digest_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/digest"
	"tandem/internal/sim/outsider"
)

func TestCardsForTeamsAreReadByOutsidersAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	reader := outsider.Start(t, filepath.Join("testdata", "card.mjs"))
	type found struct {
		Wrong, Links []string
		Text         string
	}
	for _, text := range append(hostile(), "Größe & <Umfang> – 漢字 🚲") {
		c := full(text)
		c.Waits, c.Moved, c.Roadmap, c.Failed, c.Late = nil, nil, nil, nil, c.Late[:2] // so that all fits
		m := message(t, c)
		m.To.Way = digest.ToTeams
		body, err := digest.Preview(m)
		if err != nil {
			t.Fatal(err)
		}
		var got found
		reader.Ask(json.RawMessage(body), &got)
		if len(got.Wrong) > 0 {
			t.Errorf("%q: %s", text, got.Wrong)
		}
		var words strings.Builder
		var links []string
		words.WriteString(m.Text.Subject)
		for _, l := range m.Text.Lines {
			if l.Kind == digest.Bullet {
				words.WriteString("• ")
			}
			for _, s := range l.Spans {
				words.WriteString(s.Text)
				if s.URL != "" {
					links = append(links, s.URL)
				}
			}
		}
		if links = append(links, m.Text.Link); words.String() != got.Text || !slices.Equal(slices.Compact(links), slices.Compact(got.Links)) {
			t.Errorf("%q (-want +got):\n%s%s", text, cmp.Diff(words.String(), got.Text), cmp.Diff(links, got.Links))
		}
	}
	var got found
	reader.Ask(json.RawMessage(`{"attachments":[{"content":{"type":"AdaptiveCard","version":"1.4","body":[{"type":"RichTextBlock","spacing":"Huge","inlines":[{"type":"TextRun","text":"x"}]}]}}]}`), &got)
	if len(got.Wrong) != 1 {
		t.Errorf("it finds nothing wrong with a spacing that does not exist: %v", got.Wrong)
	}
}
