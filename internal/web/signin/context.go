package signin

import (
	"context"

	"tandem/internal/view"
)

// visitorKey holds a visitor in the context of a request.
type visitorKey struct{}

// linkKey holds the name of a link.
type linkKey struct{}

func with(ctx context.Context, v *visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

func visitorIn(ctx context.Context) *visitor {
	v, _ := ctx.Value(visitorKey{}).(*visitor)
	return v
}

// WhoOf returns who asks; false where nobody was let in, as for assets.
func WhoOf(ctx context.Context) (view.Who, bool) {
	v := visitorIn(ctx)
	if v == nil {
		return view.Who{}, false
	}
	return v.who, true
}

// TokenOf returns what forms hold in their field csrf, and scripts send as
// X-Csrf-Token; empty where nothing may be sent.
func TokenOf(ctx context.Context) string {
	v := visitorIn(ctx)
	if v == nil {
		return ""
	}
	return v.csrf()
}

// LinkOf returns the link through which a page is looked at; false where
// somebody signed in.
func LinkOf(ctx context.Context) (Link, bool) {
	l, ok := ctx.Value(linkKey{}).(Link)
	return l, ok
}
