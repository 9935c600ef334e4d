package connectortest

import (
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
)

// difference is cmp.Diff that knows our values.
func difference(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(work.Value{}), cmpopts.EquateEmpty())
}
