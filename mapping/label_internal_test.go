package mapping

import (
	"strings"
	"testing"

	"tandem/internal/work"
)

func TestAxesOfRankAndRoadmapSayWhereTheirValuesComeFrom(t *testing.T) {
	t.Parallel()
	for field, want := range map[work.Field]string{work.Priority: "tiers: {", work.Horizon: "roadmap: {", work.Effort: "{small: [S]"} {
		if got := finite(field); !strings.Contains(got, want) {
			t.Errorf("%v: %q says nothing of %s", field, got, want)
		}
	}
}
