package engine

import "maps"

// layered is a map that stays as it is, with what changed since on top.
type layered[K comparable, V any] struct {
	base, fresh map[K]V
}

func (l *layered[K, V]) get(key K) (V, bool) {
	if v, ok := l.fresh[key]; ok {
		return v, true
	}
	v, ok := l.base[key]
	return v, ok
}

func (l *layered[K, V]) set(key K, v V) {
	if l.fresh == nil {
		l.fresh = map[K]V{}
	}
	l.fresh[key] = v
}

// settle makes one map of both where much changed.
func (l *layered[K, V]) settle() {
	if len(l.fresh) < 1000+len(l.base)/4 {
		return
	}
	all := make(map[K]V, len(l.base)+len(l.fresh))
	maps.Copy(all, l.base)
	maps.Copy(all, l.fresh)
	l.base, l.fresh = all, nil
}
