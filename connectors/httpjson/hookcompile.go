package httpjson

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/signature"
	"tandem/internal/work"
)

// hook is a Hook whose mistakes were found.
type hook struct {
	program   *program
	verify    signature.Spec
	weak      bool
	header    string
	id, event *path
	records   reading
	stream    *stream
	// versioned: records tell their version themselves.
	versioned bool
}

// compileHook turns settings into a hook, or says all that is wrong.
func compileHook(name string, c Hook) (*hook, []work.Problem) {
	root := work.Pointer("")
	k := &compiler{names: placeholder(), texts: fieldPlaceholder()}
	k.program = &program{kind: hookKind, config: Config{Place: c.Place, Params: c.Params, name: name}}
	c = k.preset(c)
	audience, ok := work.ParseAudience(c.Audience)
	if !ok {
		k.wrong(root.Key("audience"), strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	k.program.audience = audience
	k.params(c.Params)
	h := &hook{
		program: k.program, verify: c.Verify, weak: c.Trust == trustWeak, header: c.Delivery.Header,
		id: k.maybe(root.Key("delivery").Key("id"), c.Delivery.ID), event: k.maybe(root.Key("delivery").Key("event"), c.Delivery.Event),
	}
	k.trust(c, audience)
	k.oneOf(root.Key("yields"), c.Yields, "kind of record", "feedback", "metrics", "insights", "items")
	if !c.Records.set() {
		c.Records = Field{Path: "."}
	}
	h.records = k.reading(root.Key("records"), c.Records)
	h.stream = k.letter(c.Letter)
	_, h.versioned = h.stream.fields["version"]
	return h, k.problems
}

// preset puts what is known of a tool beneath the settings.
func (k *compiler) preset(c Hook) Hook {
	if c.Preset == "" {
		return c
	}
	p, ok := hookPresets()[c.Preset]
	if !ok {
		names := slices.Sorted(maps.Keys(hookPresets()))
		k.wrong(work.Pointer("").Key("preset"), strconv.Quote(c.Preset)+" is no preset of kind webhook", suggest(c.Preset, names))
		return c
	}
	known := p.Entry
	if c.Verify.Preset == "" && c.Verify.Kind == "" {
		c.Verify.Preset, c.Verify.Kind = known.Verify.Preset, known.Verify.Kind
		if c.Verify.Header == "" && c.Verify.Field == "" {
			c.Verify.Header, c.Verify.Prefix = known.Verify.Header, known.Verify.Prefix
		}
	}
	if c.Delivery == (Delivery{}) {
		c.Delivery = known.Delivery
	}
	if c.Yields != "" && c.Yields != known.Yields {
		return c // another meaning: nothing of the preset's fits
	}
	c.Yields = known.Yields
	if !c.Records.set() {
		c.Records = known.Records
	}
	if c.Parse == nil {
		c.Parse = known.Parse
	}
	if c.Only == nil {
		c.Only = known.Only
	}
	if c.Skip == nil {
		c.Skip = known.Skip
	}
	if c.Answers == nil {
		c.Answers = known.Answers
	}
	fields := maps.Clone(known.Fields)
	maps.Copy(fields, c.Fields)
	c.Fields = fields
	return c
}

// suggest names what is near, or everything.
func suggest(have string, known []string) string {
	if remedy := work.Suggest(have, known); remedy != "" {
		return remedy
	}
	return "write " + strings.Join(known, ", ")
}

// trust checks that nobody takes unsigned bodies for true without knowing.
func (k *compiler) trust(c Hook, audience work.Audience) {
	root := work.Pointer("")
	if c.Trust != "" {
		k.oneOf(root.Key("trust"), c.Trust, "kind of trust", trustSigned, trustWeak)
	}
	if c.Verify == (signature.Spec{}) {
		k.wrong(root, "nothing proves who sends", "write verify: {preset: typeform, secret: {env: NAME}}, or kind: hmac_sha256 and its header")
		return
	}
	mistakes := c.Verify.Problems(root.Key("verify"))
	k.problems = append(k.problems, mistakes...)
	switch {
	case len(mistakes) > 0:
	case c.Verify.Vouches() == signature.Nothing && c.Trust != trustWeak:
		k.wrong(root.Key("verify"), "this proves who sends, but not what: whoever sees the word once can write any feedback",
			"choose a signature over the body (hmac_sha256), or write trust: weak to take it nevertheless")
	case c.Trust == trustWeak && audience == work.Public:
		k.wrong(root.Key("audience"), "what is not signed cannot be for the public", "write audience: internal, or sign the body and leave trust out")
	}
}

// letter compiles what a delivery holds.
func (k *compiler) letter(spec Letter) *stream {
	root := work.Pointer("")
	s := &stream{
		name: "body", yields: yieldOf(spec.Yields),
		spec:     Stream{Yields: spec.Yields, Fields: spec.Fields, Answers: spec.Answers, Also: spec.Also},
		endpoint: k.endpoint(root, Endpoint{Parse: spec.Parse}, nil),
		only:     k.sieves(root.Key("only"), spec.Only), skip: k.sieves(root.Key("skip"), spec.Skip),
		fields: k.fields(root.Key("fields"), spec.Fields, spec.Yields),
	}
	k.inner(root, s)
	return s
}
