// Package judge holds requests and answers against the official descriptions
// of the services.
//
// A Judge stands between a client and a service, as a transport around the
// client or as a handler around the service, and checks every exchange against
// the OpenAPI documents in the folder specs of the shared material. What it
// finds it collects; it changes nothing on the way. It knows neither Tandem's
// connectors nor the stand-ins, so it is a third opinion on both.
//
// An exchange is
//
//   - validated, when the description has its path and method;
//   - excused, when it has not and a rule says why, with a reason;
//   - a violation otherwise, and whenever request or answer break the schema.
//
// Known defects of the descriptions are worked around narrowly, each in
// defects.go with its reason. Without the shared material nothing is
// validated, and Report says so in one line.
package judge
