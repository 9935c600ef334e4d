package store

import (
	"context"

	"tandem/mapping/evidence"
)

// evidenceOf reads the aggregates, each person and account under the one name
// that all its keys have.
func evidenceOf(ctx context.Context, q queryer) ([]evidence.Day, error) {
	days, err := evidenceWhere(ctx, q, "")
	return exact(days), err
}

// evidenceWhere reads the aggregates of some targets.
func evidenceWhere(ctx context.Context, q queryer, where string, args ...any) ([]evidence.Day, error) {
	names, err := aliasesOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var days []evidence.Day
	var shared evidence.Shared
	renamed := false // in the target at the end of days
	from := 0        // where it begins
	fold := func() {
		if renamed {
			days = append(days[:from], evidence.Fold(days[from:])...)
		}
		from, renamed = len(days), false
	}
	err = each(ctx, q, "SELECT "+dayColumns+" FROM evidence_day"+where+" ORDER BY "+dayKey, args, func(scan func(...any) error) error {
		d, err := scanDay(scan)
		if err != nil {
			return err
		}
		if len(days) > from && days[from].Target != d.Target {
			fold()
		}
		if len(names) > 0 {
			account, a := names[partyKey{evidence.AccountParty, d.Account}]
			person, p := names[partyKey{evidence.PersonParty, d.Person}]
			if a {
				d.Account = account
			}
			if p {
				d.Person = person
			}
			renamed = renamed || a || p
		}
		shared.In(&d)
		days = append(days, d)
		return nil
	})
	fold()
	return days, err
}

// aliasesOf returns the names of keys that lead a row and have another name.
func aliasesOf(ctx context.Context, q queryer) (map[partyKey]string, error) {
	names := map[partyKey]string{}
	err := each(ctx, q, "SELECT kind, key, name FROM party WHERE led > 0 AND name <> key", nil, func(scan func(...any) error) error {
		var k partyKey
		var name string
		err := scan(&k.kind, &k.key, &name)
		names[k] = name
		return err
	})
	return names, err
}

// DaysOf reads the aggregates of some targets, in the order of the targets.
func (s *Store) DaysOf(ctx context.Context, targets []string) ([]evidence.Day, error) {
	list, err := encode(append([]string{}, targets...))
	if err != nil {
		return nil, err
	}
	days, err := evidenceWhere(ctx, s.reader, " WHERE target "+inList, list)
	return days, s.fault("read what is said of some work", err)
}
