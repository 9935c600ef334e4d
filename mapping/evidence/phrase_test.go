package evidence

import (
	"testing"

	"tandem/internal/sim/dataset"
)

func TestPhrasesFindTheRightReviews(t *testing.T) {
	t.Parallel()
	rows := dataset.Table(t, "is22_feature_reviews", "feature_review_relevance.csv")
	for _, language := range []string{"en", "", "xx"} {
		var right, wrong, missed int
		for _, row := range rows[1:] {
			p, ok := newPhrase(row[1], "jira:PAY-1")
			if !ok {
				t.Fatalf("%q has no content word", row[1])
			}
			h := hear(row[3], language)
			switch found, relevant := p.in(&h), row[4] == "Y"; {
			case found && relevant:
				right++
			case found:
				wrong++
			case relevant:
				missed++
			}
		}
		precision := float64(right) / float64(right+wrong)
		recall := float64(right) / float64(right+missed)
		t.Logf("language %q: %d judgements, precision %.3f, recall %.3f (%d right, %d wrong, %d missed)",
			language, len(rows)-1, precision, recall, right, wrong, missed)
		if language != "xx" && (precision < 0.95 || recall < 0.60) {
			t.Errorf("language %q: precision %.3f, recall %.3f; want at least 0.95 and 0.60", language, precision, recall)
		}
	}
}
