package judge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// exchange judges a request and its answer; a nil answer never came.
func (j *Judge) exchange(ctx context.Context, s Service, r *http.Request, sent []byte, answer *reply) {
	status := 0
	if answer != nil {
		status = answer.status
	}
	accuse := func(part, format string, args ...any) {
		j.accuse(Violation{
			Service: s, Method: r.Method, Path: r.URL.RequestURI(), Status: status, Part: part, Detail: fmt.Sprintf(format, args...),
		})
	}
	if isGraphQL(s, r) {
		j.graphql(r, sent, answer, accuse)
		return
	}
	b, err := j.books[s]()
	if err != nil {
		accuse("route", "%v", err)
		return
	}
	route, params, ok := b.find(r, alias(s, r.URL.EscapedPath()))
	if !ok {
		if reason := undescribed(s, r.Method, r.URL.Path); reason != "" || deliberate(r) {
			j.count(s, func(t *Tally) { t.Excused++ })
			return
		}
		accuse("route", "the description has no such operation")
		return
	}
	input := requestInput(ctx, s, route, params, r, sent)
	if !deliberate(r) {
		for _, problem := range judgeRequest(ctx, s, input, sent) {
			accuse("request", "%s", problem)
		}
	}
	if answer.faulty() {
		j.count(s, func(t *Tally) { t.Faulty++ })
		return
	}
	for _, problem := range judgeAnswer(ctx, s, input, answer) {
		accuse("answer", "%s", problem)
	}
	j.count(s, func(t *Tally) { t.Validated++ })
}

// requestInput copies the request, so that the validator may read its body.
func requestInput(ctx context.Context, s Service, route *routers.Route, params map[string]string, r *http.Request, sent []byte) *openapi3filter.RequestValidationInput {
	own := r.Clone(ctx)
	own.Body = io.NopCloser(bytes.NewReader(sent))
	own.ContentLength = int64(len(sent))
	own.GetBody = nil
	return &openapi3filter.RequestValidationInput{
		Request: own, PathParams: params, QueryParams: r.URL.Query(), Route: route,
		Options: &openapi3filter.Options{
			MultiError: true, SkipSettingDefaults: true, RejectWhenRequestBodyNotSpecified: true,
			AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
			SchemaValidationOptions: formats(s),
		},
	}
}

func judgeRequest(ctx context.Context, s Service, input *openapi3filter.RequestValidationInput, sent []byte) []string {
	var problems []string
	if err := openapi3filter.ValidateRequest(ctx, input); err != nil {
		problems = append(problems, brief(err))
	}
	for name := range input.Request.URL.Query() {
		if !described(input.Route, name) && !tolerated(s, input.Route.Path, name) {
			problems = append(problems, "the query parameter "+name+" is not in the description")
		}
	}
	if len(sent) > 0 && input.Request.Header.Get("Content-Type") == "" {
		problems = append(problems, "a body without Content-Type")
	}
	slices.Sort(problems)
	return problems
}

func described(route *routers.Route, query string) bool {
	for _, list := range []openapi3.Parameters{route.Operation.Parameters, route.PathItem.Parameters} {
		if list.GetByInAndName(openapi3.ParameterInQuery, query) != nil {
			return true
		}
	}
	return false
}

func judgeAnswer(ctx context.Context, s Service, input *openapi3filter.RequestValidationInput, answer *reply) []string {
	responses := input.Route.Operation.Responses
	if responses.Status(answer.status) == nil && responses.Default() == nil {
		if undeclared(s, answer.status) != "" {
			return nil
		}
		return []string{fmt.Sprintf("the status %d is not in the description", answer.status)}
	}
	err := openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.status, Header: answer.header,
		Body: io.NopCloser(bytes.NewReader(answer.body)), Options: input.Options,
	})
	if err != nil {
		return []string{brief(err)}
	}
	return nil
}

// brief cuts the validator's message to what a reader needs: it quotes whole
// schemas and values.
func brief(err error) string {
	var lines []string
	skip := false
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if strings.HasPrefix(line, "Schema:") || strings.HasPrefix(line, "Value:") {
			skip = true
			continue
		}
		if skip && (line == "" || strings.HasPrefix(line, " ")) {
			continue
		}
		skip = false
		lines = append(lines, line)
	}
	text := strings.Join(lines, "; ")
	if len(text) > 600 {
		text = text[:600] + "…"
	}
	return text
}
