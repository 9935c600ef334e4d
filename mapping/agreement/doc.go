// Package agreement measures how far two orders of the same work agree.
//
//	measure       1 is                    0 is                      looks at
//	TauB          the same order          no relation (−1: reverse) every pair of items in both
//	RBO           the same lists          nothing in common         the top, deeper places ever less
//	Overlap       the same first k        none of them in both      the first k as a set
//	Shift         –                       nobody moved              how many places on average
//
// Orders are lists of names, the first is the most urgent; a name stands in an
// order once. What stands in one order only is left out by TauB and Shift, and
// counts as disagreement in RBO and Overlap.
//
// Sources: M. G. Kendall, The treatment of ties in ranking problems, Biometrika
// 33 (1945) 239–251, for tau-b; W. R. Knight, A computer method for calculating
// Kendall's tau with ungrouped data, J. Am. Stat. Assoc. 61 (1966) 436–439, for
// counting by merging; W. Webber, A. Moffat, J. Zobel, A similarity measure for
// indefinite rankings, ACM Trans. Inf. Syst. 28 (2010) 20, for rank-biased
// overlap.
//
// The package is pure.
package agreement
