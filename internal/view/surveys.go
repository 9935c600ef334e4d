package view

import (
	"context"
	"time"

	"tandem/internal/work"
)

// Surveys count what was said and answered.
type Surveys interface {
	EvidenceBySegment(ctx context.Context, targets []string, since time.Time, sees func(work.Audience) bool) ([]work.SegmentEvidence, error)
	Questions(ctx context.Context, since time.Time, sees func(work.Audience) bool) ([]work.Question, error)
}

// Survey is who spoke, and how questions were answered over time: of what the
// visitor may see. What is stricter counts nowhere.
type Survey struct {
	Since     time.Time              `json:"since"`
	Segments  []work.SegmentEvidence `json:"segments"`
	Questions []work.Question        `json:"questions"`
}

// Survey counts what was said and answered since a month.
func (vi *Visit) Survey(since time.Time) (Survey, error) {
	v := Survey{Since: since}
	var err error
	if v.Segments, err = vi.desk.conf.Store.EvidenceBySegment(vi.ctx, nil, since, vi.sees); err != nil {
		return v, err
	}
	v.Questions, err = vi.desk.conf.Store.Questions(vi.ctx, since, vi.sees)
	v.Segments, v.Questions = append([]work.SegmentEvidence{}, v.Segments...), append([]work.Question{}, v.Questions...)
	return v, err
}
