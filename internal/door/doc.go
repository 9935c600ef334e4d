// Package door is what stands in front of everything that is served: by which
// names this machine may be called, who has a token, and how often somebody may
// ask. What a token opens is not its business.
package door
