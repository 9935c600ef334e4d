// Package view is what a person or a client may see and do, without HTTP: the
// answers of the API, the pages and the digests all come from it, so that the
// cut by audience exists once (promise S7). A Desk serves everybody; each
// request is a Visit by somebody with a role and an audience. What is stricter
// than the audience is shown as restricted, without a word of it, and every
// method that decides something asks for the role itself.
package view
