// Package route decides who must act: a tree of conditions gives each item
// exactly one accountable role, any number of informed ones, a team and a label.
//
// The tree is read top down. The first route whose condition holds decides,
// unless one of its nested routes does:
//
//	route ── if a ──► nested ── if c ──► decides
//	     │               └──── if d ──► decides
//	     │          (a holds, c and d do not) ──► the route of a decides
//	     ├── if b ──► decides
//	     └── default ──► decides
//
// A nested route is tried only where its parent's condition holds, and takes
// from its parent what it leaves out. A route that names nobody accountable,
// itself or by a parent, only gathers its nested routes: where none of them
// holds, the next route is tried. A condition that meets unknown values does
// not hold, and is reported so that the engine can count it.
//
// Inheritance is resolved when rules are loaded. The package is pure.
package route
