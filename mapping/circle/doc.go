// Package circle finds work that needs each other in a circle, and says what
// counts there. It is the one place for that: the order of the backlog and the
// roadmap both ask it, so that no item is held back in one and not in the other.
//
//	PAY-1 ──needs──► PAY-2        PAY-4 needs all of a circle: that counts.
//	  ▲                │          PAY-1, 2 and 3 need each other: that does not,
//	  └──── PAY-3 ◄────┘          for none of them could ever begin.
//
// Cutting the circle at one of its links instead would keep the others, and
// would let chance say which one goes: the link that closes the circle is
// another one when the order is walked from elsewhere, so things would move on
// a day on which nothing happened.
//
// The package is pure.
package circle
