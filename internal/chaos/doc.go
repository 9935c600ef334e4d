// Package chaos plays lives of a firm with Tandem in it, thousands of them,
// each from one number: people edit both sides, services fail, answers get
// lost, processes die in the middle of a step. It holds what happened against
// the promises (design §3), with books of its own: what the stand-ins logged,
// what people did, and a small model of what should stand in the end. What
// Tandem has in its store is asked only for what only it can tell.
//
//	seed ── shape   what the firm uses: boards, backlog, Data Center, brake …
//	     └─ acts    one after the other, each with dice of its own
//	          people    edit, drag, delete, move, pause, release, undo
//	          weather   faults of services, of the disk, of clocks
//	          jobs      a cycle, a look, a restart, a death at some step
//	     peace          all trouble ends; the world has some cycles to converge
//	     judge          promises by number, after each act and in the end
//
// It is made of tests only:
//
//	make sim SEEDS=10000      many lives, over all cores
//	make sim SEED=123         one life, with its story
//	make mutants              plants known bugs and sees that each is caught
//
// An act draws from dice of its own, so that a life from which acts were left
// out is otherwise the same: a failing one is shortened that way before it is
// shown.
package chaos
