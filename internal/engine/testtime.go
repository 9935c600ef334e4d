package engine

import (
	"fmt"
	"time"

	"tandem/internal/work"

	"tandem/mapping/expression"
)

// day is the day for which a case is decided.
func (spec *TestSpec) day(today time.Time) time.Time {
	if spec.On == 0 {
		return today
	}
	return spec.On.Time()
}

// setSpecial sets what a case says of an item that is no field of the model. It
// reports whether the name is one of these.
func setSpecial(s *expression.Subject, name string, raw any) (bool, error) {
	switch name {
	case "team":
		s.Item.Team = fmt.Sprint(raw)
		return true, nil
	case "days_in_priority":
		v, err := valueOf(work.Number, raw)
		if err != nil {
			return true, err
		}
		days, _ := v.Number()
		s.PrioritySince = s.AsOf.AddDate(0, 0, -int(days))
		return true, nil
	case "overrides":
		v, err := valueOf(work.List, raw)
		if err != nil {
			return true, err
		}
		var kind work.OverrideKind
		for _, text := range v.List() {
			if err := kind.UnmarshalText([]byte(text)); err != nil {
				return true, err
			}
		}
		s.Overrides = v.List()
		return true, nil
	default:
		return false, nil
	}
}
