package expression

import "time"

// pick yields one or other of two terms of one kind; with an unknown test the
// result is unknown.
func pick(test func(env) Truth, one, other term) term {
	switch one.kind {
	case flag:
		return term{kind: flag, truth: func(e env) Truth {
			switch test(e) {
			case True:
				return one.truth(e)
			case False:
				return other.truth(e)
			default:
				return UnknownTruth
			}
		}}
	case number:
		return term{kind: number, number: picked(test, one.number, other.number)}
	case text:
		return term{kind: text, text: picked(test, one.text, other.text)}
	case moment:
		return term{kind: moment, moment: picked(test, one.moment, other.moment)}
	default:
		return term{kind: list, list: func(e env) elements {
			switch test(e) {
			case True:
				return one.list(e)
			case False:
				return other.list(e)
			default:
				return elements{}
			}
		}}
	}
}

func picked[T any](test func(env) Truth, one, other func(env) (T, bool)) func(env) (T, bool) {
	return func(e env) (T, bool) {
		switch test(e) {
		case True:
			return one(e)
		case False:
			return other(e)
		default:
			var zero T
			return zero, false
		}
	}
}

// firstKnown yields one where it is known, and other elsewhere. It asks each
// once: asking twice would double the work with every link of a ?? b ?? c.
func firstKnown(one, other term) term {
	switch one.kind {
	case flag:
		return term{kind: flag, truth: func(e env) Truth {
			if t := one.truth(e); t != UnknownTruth {
				return t
			}
			return other.truth(e)
		}}
	case number:
		return term{kind: number, number: knownOr(one.number, other.number)}
	case text:
		return term{kind: text, text: knownOr(one.text, other.text)}
	case moment:
		return term{kind: moment, moment: knownOr(one.moment, other.moment)}
	default:
		return term{kind: list, list: func(e env) elements {
			if l := one.list(e); l.size() > 0 {
				return l
			}
			return other.list(e)
		}}
	}
}

func knownOr[T any](one, other func(env) (T, bool)) func(env) (T, bool) {
	return func(e env) (T, bool) {
		if x, known := one(e); known {
			return x, true
		}
		return other(e)
	}
}

// missing is a term of the kind that is always unknown.
func missing(k kind) term {
	return term{
		kind:   k,
		truth:  func(env) Truth { return UnknownTruth },
		number: func(env) (float64, bool) { return 0, false },
		text:   func(env) (string, bool) { return "", false },
		moment: func(env) (time.Time, bool) { return time.Time{}, false },
		list:   func(env) elements { return elements{} },
	}
}
