package drop_test

import (
	"testing"

	"tandem/connectors"
	"tandem/connectors/drop"
	"tandem/internal/work"
)

// A folder is polled for what its rows are, and listed so, and for nothing else.
func TestAFolderHasTheOneStreamThatItYields(t *testing.T) {
	t.Parallel()
	for yields, want := range map[string]connectors.Yield{
		"feedback": connectors.YieldsFeedback, "items": connectors.YieldsItems,
		"insights": connectors.YieldsInsights, "metrics": connectors.YieldsMetrics,
	} {
		d := drop.Definition()
		instance, problems := d.New("x", func(into any) []work.Problem {
			c, ok := into.(*drop.Config)
			if !ok {
				return []work.Problem{{What: "the settings are of another type"}}
			}
			c.Path, c.Yields = "in", yields
			return nil
		})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := d.StreamsOf(instance, nil); len(got) != 1 || got[0].Yields != want {
			t.Errorf("a folder that yields %s has the streams %v", yields, got)
		}
	}
}
