package agreement

// Figures is how far two orders agree, in a few numbers.
type Figures struct {
	// Items are in both orders; Came and Went are in one of them only.
	Items int `json:"items"`
	Came  int `json:"came"`
	Went  int `json:"went"`
	// Tau is Kendall's tau-b of what is in both.
	Tau float64 `json:"kendall_tau_b"`
	// RBO is the rank-biased overlap with p = 0.9.
	RBO float64 `json:"rank_biased_overlap"`
	// Top10 and Top50 are the Jaccard indices of the first ten and fifty, and
	// Same10 and Same50 how many of them are in both.
	Top10  float64 `json:"top10_overlap"`
	Top50  float64 `json:"top50_overlap"`
	Same10 int     `json:"top10_common"`
	Same50 int     `json:"top50_common"`
	// Moved counts items whose place among those in both differs; Shift is by
	// how many places on average, over all in both.
	Moved int     `json:"moved"`
	Shift float64 `json:"mean_shift"`
	// Inversions counts pairs that changed sides.
	Inversions int64 `json:"inversions"`
}

// deep is how far RBO looks: behind it no place weighs a thousandth of a
// billionth.
const deep = 500

// Compare measures a second order against a first.
func Compare[T comparable](before, after []T) Figures {
	places := make(map[T]int, len(before))
	for i, x := range before {
		places[x] = i
	}
	f := Figures{
		RBO:   RBO(before[:min(deep, len(before))], after[:min(deep, len(after))], Persistence),
		Top10: Overlap(before, after, 10), Top50: Overlap(before, after, 50),
		Same10: Common(before, after, 10), Same50: Common(before, after, 50),
	}
	pairs := make([]Pair, 0, min(len(before), len(after)))
	in := make([]bool, len(before))
	for _, x := range after {
		if was, ok := places[x]; ok {
			pairs, in[was] = append(pairs, Pair{float64(was), float64(len(pairs))}), true
		}
	}
	f.Items = len(pairs)
	f.Came, f.Went = len(after)-len(pairs), len(before)-len(pairs)
	counts := Count(pairs)
	f.Tau, f.Inversions = counts.TauB(), counts.Discordant
	// The place among those that are in both: who came or went moves nobody.
	among, n := make([]int, len(before)), 0
	for i := range in {
		if in[i] {
			among[i] = n
			n++
		}
	}
	total := 0
	for i, p := range pairs {
		if by := among[int(p.X)] - i; by != 0 {
			f.Moved++
			total += max(by, -by)
		}
	}
	if len(pairs) > 0 {
		f.Shift = float64(total) / float64(len(pairs))
	}
	return f
}
