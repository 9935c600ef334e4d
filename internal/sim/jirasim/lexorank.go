package jirasim

import (
	"math/big"
	"strings"
)

// A LexoRank is the number of a bucket, a bar, six digits to base 36, a colon
// and more digits. Here it is a fraction within its bucket: the digits with
// the colon taken out.
const (
	digits     = "0123456789abcdefghijklmnopqrstuvwxyz"
	rankDigits = 6
	// stride is how far apart ranks at an open end of the list are, in units
	// of the sixth digit.
	stride = 36 * 36 * 36
)

func base() *big.Int { return big.NewInt(int64(len(digits))) }

func bucket(rank string) string {
	number, _, _ := strings.Cut(rank, "|")
	return number
}

func fraction(rank string) string {
	_, text, _ := strings.Cut(rank, "|")
	return strings.Replace(text, ":", "", 1)
}

func fromFraction(bucket, f string) string {
	for len(f) < rankDigits {
		f += "0"
	}
	return bucket + "|" + f[:rankDigits] + ":" + strings.TrimRight(f[rankDigits:], "0")
}

// spread returns n ranks of a bucket in ascending order with wide gaps.
func spread(bucket string, n int) []string {
	const room = 36 * 36 * 36 * 36 * 36 // below i00000, the middle, there is as much as above
	step := max(room*24/(n+1), 1)
	ranks := make([]string, n)
	for i := range ranks {
		v := room*6 + (i+1)*step
		var text [rankDigits]byte
		for d := rankDigits - 1; d >= 0; d-- {
			text[d] = digits[v%36]
			v /= 36
		}
		ranks[i] = fromFraction(bucket, string(text[:]))
	}
	return ranks
}

// number reads a fraction as a whole number of so many digits.
func number(f string, width int) *big.Int {
	n, ok := new(big.Int).SetString(f+strings.Repeat("0", width-len(f)), len(digits))
	if !ok {
		return new(big.Int)
	}
	return n
}

// between returns n ranks in ascending order, evenly between two; an empty
// one is the end of the list. Ranks of two buckets have a bucket's end between
// them.
func between(low, high string, n int) []string {
	in := bucket(low)
	switch {
	case low == "" && high == "":
		return spread("0", n)
	case low == "":
		in = bucket(high)
	case high != "" && bucket(high) != in:
		high = ""
	}
	a, b := fraction(low), fraction(high)
	width := max(len(a), len(b), rankDigits)
	for {
		from, to := number(a, width), new(big.Int).Exp(base(), big.NewInt(int64(width)), nil)
		if high != "" {
			to = number(b, width)
		}
		step := new(big.Int).Div(new(big.Int).Sub(to, from), big.NewInt(int64(n+1)))
		if step.Sign() <= 0 {
			width++
			continue
		}
		wide := new(big.Int).Mul(big.NewInt(stride), new(big.Int).Exp(base(), big.NewInt(int64(width-rankDigits)), nil))
		switch {
		case high == "" && step.Cmp(wide) > 0:
			step = wide
		case low == "" && step.Cmp(wide) > 0:
			step = wide
			from = new(big.Int).Sub(to, new(big.Int).Mul(step, big.NewInt(int64(n+1))))
		}
		ranks := make([]string, n)
		for i := range ranks {
			from = new(big.Int).Add(from, step)
			text := from.Text(len(digits))
			ranks[i] = fromFraction(in, strings.Repeat("0", width-len(text))+text)
		}
		return ranks
	}
}
