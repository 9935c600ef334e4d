// Package graphql executes GraphQL documents for stand-ins: it parses a
// request, walks its selections and asks objects for their fields. It knows no
// schema; whether a document fits one is for the judge to say.
//
//	Request ── parse ──► operation ── walk ──► Object.Field(name, args)
//	                                    └────► Answer{data, errors by path}
//
// Mutations run in their order, each whether or not the one before failed, as
// the service's do: an error nulls its own alias and nothing else.
package graphql
