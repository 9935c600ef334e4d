package connectors

import "sync"

// Shared holds what the connectors of one process have in common, such as the
// limits of one set of credentials that two of them use. A nil Shared shares
// nothing.
type Shared struct {
	mu     sync.Mutex
	values map[string]any
}

// Share returns the value under a key, and builds it where there is none. The
// key begins with the kind of the connector. A value of another type under the
// same key is left alone, and a new one returned.
func Share[T any](s *Shared, key string, build func() T) T {
	if s == nil {
		return build()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[key].(T); ok {
		return v
	}
	v := build()
	if s.values == nil {
		s.values = map[string]any{}
	}
	if _, taken := s.values[key]; !taken {
		s.values[key] = v
	}
	return v
}
