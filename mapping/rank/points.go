package rank

import "math"

// The bounds of what a goal's weight multiplies.
const (
	minGoal = 0.25
	maxGoal = 4.0
)

// points puts the inputs on the scale. The order of inputs is that of the
// method's shapes.
func (l *lens) points(x *[maxInputs]float64, goal float64) float64 {
	var points float64
	switch l.method {
	case weighted:
		for i, w := range l.weights {
			points += l.share(i, x[i], w)
		}
		points *= 100 * goal
	case moscow:
		points = pulled(x[0], goal)
	case formula:
		points = x[0]
	default:
		raw := l.raw(x) * goal
		if l.linear {
			points = l.scale * raw
		} else {
			points = l.scale * math.Log1p(raw)
		}
	}
	return min(max(points, 0), 100)
}

// raw is the value of a method as its literature has it.
func (l *lens) raw(x *[maxInputs]float64) float64 {
	switch l.method {
	case rice:
		return x[0] * x[1] * x[2] / x[3]
	case ice:
		if l.linear {
			return (x[0] + x[1] + x[2]) / 3
		}
		return x[0] * x[1] * x[2]
	case wsjf:
		return (x[0] + x[1] + x[2]) / x[3]
	case opportunity:
		return x[0] + max(x[0]-x[1], 0)
	default: // cd3, value_effort
		return x[0] / x[1]
	}
}

// anchor is the raw value that makes 100 points, and whether the scale is
// linear. Where it is not, twice as much is about the same step everywhere.
func (l *lens) anchor() (raw float64, linear bool) {
	most := func(i int) float64 { return l.inputs[i].most }
	switch l.method {
	case ice:
		if l.combine == product {
			return most(0) * most(1) * most(2), false
		}
		return (most(0) + most(1) + most(2)) / 3, true
	case wsjf:
		return most(0) + most(1) + most(2), false
	case opportunity:
		return 2 * most(0), true
	default: // rice, cd3, value_effort
		return most(0), false
	}
}

// share is what one input of a weighted lens adds, 0 to 1.
func (l *lens) share(i int, x, weight float64) float64 {
	n := math.Log1p(x) / math.Log1p(l.inputs[i].most)
	if weight < 0 {
		return -weight * (1 - n)
	}
	return weight * n
}

func tenth(f float64) float64 { return math.Round(f*10) / 10 }
