// Package expression compiles the conditions and formulas of rules, such as
//
//	item.kind == "bug" && item.severity <= 2
//	(item.value ?? 1) / item.effort
//
// The text is parsed by github.com/expr-lang/expr. Names, types and evaluation
// are our own, because rules need promises that a general language does not
// give:
//
//   - Checked: names, types and patterns are checked when rules are loaded,
//     all mistakes at once, each with its column.
//   - Total: a program that compiled cannot fail. Division by zero and results
//     beyond all bounds are unknown.
//   - Three-valued: a comparison with a value that nobody gave is neither true
//     nor false but unknown. Logic is Kleene's, and a condition holds only when
//     it is True. "x == unknown" asks for it, "x ?? 3" gives a default.
//   - Bounded: the text has at most 2,000 characters, 200 nodes and 40 levels,
//     a closure such as any(item.labels, # == "x") holds no other one, patterns
//     are constants of limited size. What a closure reads beside its element is
//     limited too, and refused where it is the same for every element. There are
//     no loops, variables or calls.
//   - Pure: the outcome depends on the Subject alone. A Program never changes
//     and may be used by many goroutines.
//
// An empty field counts as unknown, with one exception: a list that is known
// to be empty has no elements, so `"x" in item.labels` is false there, while
// item.labels == unknown is true. A time minus a time is a number of days, and
// days can be added to a time.
package expression
