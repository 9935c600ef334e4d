// Package api answers over HTTP what is planned, held and decided, and takes
// what people decide: approvals, rejections, releases, a pause. Clients show a
// token, which has a role and an audience: what is stricter than its audience
// is shown as restricted, without a word of it (promise S7). The description of
// it all, openapi.yaml, is served beside it.
package api
