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
//	make sim STORE=postgres   the same lives, with their stores on PostgreSQL
//	make mutants              plants known bugs and sees that each is caught
//
// An act draws from dice of its own, so that a life from which acts were left
// out is otherwise the same: a failing one is shortened that way before it is
// shown.
//
// On PostgreSQL each life has a database, and the server's clock there is that
// of the life. Leases then last beyond the death of a process, and in acts that
// are added the connections break below the driver, so that what the server
// makes of it is real.
//
//	process ── wire ── server      breaks at some question, before it is asked
//	                               or before it is answered
package chaos
