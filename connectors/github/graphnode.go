package github

import (
	"context"
	"encoding/json"
	"errors"

	"tandem/internal/work"
)

// locate finds the keys of issues that are known only by their node id. Those
// that are not to be found, are no issue or are out of the scope are left out.
func (r *reader) locate(ctx context.Context, refs []work.Ref) ([]work.Ref, error) {
	var known []work.Ref
	var nodes []string
	for _, ref := range refs {
		if ref.ID == "" && isNode(ref.Key) {
			nodes = append(nodes, ref.Key)
			continue
		}
		known = append(known, ref)
	}
	for len(nodes) > 0 && !r.client.graph.absent() {
		part := nodes[:min(len(nodes), mostLookedUp)]
		nodes = nodes[len(part):]
		a, err := r.client.query(ctx, `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number repository { nameWithOwner } } } }`, map[string]any{"ids": part})
		if errors.Is(err, errNoGraphQL) {
			r.client.graph.giveUp()
			return known, nil
		}
		if err != nil {
			return nil, err
		}
		var found []*struct {
			Number     int `json:"number"`
			Repository struct {
				Name string `json:"nameWithOwner"`
			} `json:"repository"`
		}
		if err := json.Unmarshal(a.data["nodes"], &found); err != nil {
			return nil, &answerError{"the GraphQL answer has not the form that was asked for"}
		}
		for _, f := range found {
			if f == nil || !r.scope.includes(f.Repository.Name) {
				continue
			}
			if key, ok := keyOf(f.Repository.Name, f.Number); ok {
				known = append(known, work.NewRef(r.name, "", key))
			}
		}
	}
	return known, nil
}
