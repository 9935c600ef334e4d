package work

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Expression is the text of a condition or formula in a rule file. The strict
// reader takes it only as a quoted scalar, or plain where it is a bare path or
// number such as evidence.accounts.
type Expression string

// Span is a length of time as rules write it: 30s, 15m, 12h, 7d, 2w. A day is
// 24 hours: spans are compared with as_of, which moves in whole days.
type Span time.Duration

// Days returns the span in days of 24 hours.
func (s Span) Days() float64 { return time.Duration(s).Hours() / 24 }

// String returns the span in the largest unit that divides it.
func (s Span) String() string {
	const day = 24 * time.Hour
	d := time.Duration(s)
	if d != 0 && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	return d.String()
}

// MarshalText writes the span as String does.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 30s, 15m, 12h, 7d or 2w.
func (s *Span) UnmarshalText(b []byte) error {
	text := string(b)
	hours := map[byte]float64{'d': 24, 'w': 7 * 24}
	if n := len(text); n > 1 && hours[text[n-1]] > 0 {
		f, err := strconv.ParseFloat(text[:n-1], 64)
		if err != nil || f < 0 || f > 36500 {
			return fmt.Errorf("%q is no length of time; write 30s, 15m, 12h, 7d or 2w", text)
		}
		*s = Span(f * hours[text[n-1]] * float64(time.Hour))
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no length of time; write 30s, 15m, 12h, 7d or 2w", text)
	}
	*s = Span(d)
	return nil
}

// Percent is a share as rules write it, 5%; it holds 0.05.
type Percent float64

// MarshalText writes 5%.
func (p Percent) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatFloat(float64(p)*100, 'f', -1, 64) + "%"), nil
}

// UnmarshalText reads 5%.
func (p *Percent) UnmarshalText(b []byte) error {
	digits, ok := strings.CutSuffix(strings.TrimSpace(string(b)), "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if !ok || err != nil || f < 0 || f > 100 {
		return fmt.Errorf("%q is no share; write a percentage such as 5%%", b)
	}
	*p = Percent(f / 100)
	return nil
}

// WriteMode says how far Tandem may go. A smaller number is stricter.
type WriteMode uint8

// The write modes. The zero value is unset and defers to the next wider scope.
const (
	UnsetMode WriteMode = iota
	Observe             // plan only
	Propose             // write what a person approved
	Auto                // write
)

// Stricter returns the stricter of two modes; unset gives way.
func (m WriteMode) Stricter(o WriteMode) WriteMode {
	if m == UnsetMode || o != UnsetMode && o < m {
		return o
	}
	return m
}

// String returns the mode as in YAML.
func (m WriteMode) String() string { return [...]string{"", "observe", "propose", "auto"}[m] }

// MarshalText writes the mode as in YAML.
func (m WriteMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads observe, propose or auto.
func (m *WriteMode) UnmarshalText(b []byte) error {
	for mode := Observe; mode <= Auto; mode++ {
		if mode.String() == string(b) {
			*m = mode
			return nil
		}
	}
	return fmt.Errorf("%q is no write mode; write observe, propose or auto", b)
}

// UnmarshalJSON reads the mode as MarshalText writes it. Only rules that Tandem
// kept itself hold an unset one, which nobody may write by hand.
func (m *WriteMode) UnmarshalJSON(b []byte) error {
	text, err := strconv.Unquote(string(b))
	if err != nil {
		return fmt.Errorf("a write mode is text: %w", err)
	}
	if text == "" {
		*m = UnsetMode
		return nil
	}
	return m.UnmarshalText([]byte(text))
}
