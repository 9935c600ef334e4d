// Package door is what stands in front of everything that is served: by which
// names this machine may be called, and how often somebody may ask.
package door
