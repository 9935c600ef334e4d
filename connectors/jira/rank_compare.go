package jira

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// balancing says that ranks cannot be compared just now.
const balancing = "Jira is balancing its ranks"

// maxSingle bounds how many issues are read one by one to be sure of an order
// that was polled, on Data Center. What we are about to move is looked at whole.
const maxSingle = 30

// contradiction reads the ranks of the issues at some places of an order by id,
// and says where they contradict it; empty if nowhere. Ranks are compared within
// one answer only.
func (s *site) contradiction(ctx context.Context, order []string, places []int) (string, error) {
	for from := 0; from < len(places); {
		to := min(from+maxFetch, len(places))
		ids := make([]string, 0, to-from)
		for _, i := range places[from:to] {
			ids = append(ids, order[i])
		}
		ranks, found, err := s.ranksOf(ctx, ids)
		if err != nil {
			return "", err
		}
		if found < len(ids) {
			return "an issue of the search is gone", nil
		}
		if why := outOfOrder(ids, ranks); why != "" {
			return why, nil
		}
		if to == len(places) {
			break
		}
		from = to - 1 // the last one is compared with both its neighbours
	}
	return "", nil
}

// outOfOrder says where ranks of one answer are not as the ids stand.
func outOfOrder(ids []string, ranks map[string]string) string {
	last := ""
	for _, id := range ids {
		rank, ok := ranks[id]
		switch {
		case !ok:
			continue // not ranked yet: it stands anywhere
		case last != "" && bucketOf(last) != bucketOf(rank):
			return balancing
		case last != "" && rank <= last:
			return fmt.Sprintf("issue %s does not stand there", id)
		}
		last = rank
	}
	return ""
}

// bucketOf is the part of a rank that changes when Jira balances all of them.
func bucketOf(rank string) string {
	bucket, _, _ := strings.Cut(rank, "|")
	return bucket
}

// between tells which of the moved issues stand in their order between two
// neighbours, of which either may be missing.
func between(before string, moved []string, after string, ranks map[string]string) map[string]bool {
	low, high := ranks[before], ranks[after]
	if low != "" && high != "" && low >= high {
		return nil
	}
	inside := slices.DeleteFunc(slices.Clone(moved), func(id string) bool {
		rank, ok := ranks[id]
		return !ok || low != "" && rank <= low || high != "" && rank >= high
	})
	slices.SortStableFunc(inside, func(a, b string) int { return strings.Compare(ranks[a], ranks[b]) })
	in := map[string]bool{}
	for _, id := range inside {
		in[id] = true
	}
	for _, id := range compareOrders(slices.DeleteFunc(slices.Clone(moved), func(id string) bool { return !in[id] }), inside).outside {
		delete(in, id)
	}
	return in
}

// mixedBuckets reports that ranks of one answer cannot be compared.
func mixedBuckets(ranks map[string]string) bool {
	first := ""
	for _, rank := range ranks {
		if b := bucketOf(rank); first == "" {
			first = b
		} else if b != first {
			return true
		}
	}
	return false
}
