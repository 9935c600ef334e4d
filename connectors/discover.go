package connectors

import (
	"context"

	"tandem/internal/work"
)

// Surveyor looks over a service before there are settings and rules: it is
// what `tandem init` asks. It changes nothing. An error-level finding ends the
// survey; what else was returned is then worth nothing.
type Surveyor interface {
	// Probe says what stands at the address. It needs and sends no credentials.
	Probe(ctx context.Context) (Service, []work.Finding)
	// Survey says who the account is and which places it sees.
	Survey(ctx context.Context) (Survey, []work.Finding)
	// Discover looks closely at some places and proposes where shared fields
	// stand there.
	Discover(ctx context.Context, places []string) (Discovery, []work.Finding)
}

// Service is what stands at an address.
type Service struct {
	Name string `json:"name"` // Jira Cloud
	// Kind is the settings' own word for it, such as cloud or datacenter.
	Kind string `json:"kind"`
}

// Survey is what an account sees.
type Survey struct {
	Account  string  `json:"account"`
	TimeZone string  `json:"time_zone,omitempty"`
	Places   []Place `json:"places"`
}

// Place is a project or repository.
type Place struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Kind tells what people call different kinds of place.
	Kind string `json:"kind,omitempty"`
}

// Discovery is what was found in some places.
type Discovery struct {
	Places    []Discovered `json:"places"`
	Proposals []Proposal   `json:"proposals"`
}

// Discovered is what one place holds.
type Discovered struct {
	Place
	// Lead is who answers for the place; its ID is empty if nobody is known.
	Lead  Lead   `json:"lead"`
	Facts []Fact `json:"facts"`
}

// Lead is a person as the service knows them.
type Lead struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Fact is something worth knowing about a place, such as its issue types.
type Fact struct {
	What   string   `json:"what"`
	Values []string `json:"values"`
}

// Proposal is where a shared field may stand in one place.
type Proposal struct {
	Field work.Field `json:"-"`
	// Shared is the name of Field.
	Shared string `json:"field"`
	Place  string `json:"place"`
	// Native is the field as rules name it, and Name what people call it.
	Native string `json:"native"`
	Name   string `json:"name"`
	// Ordered are its values, the most urgent or worst first; empty where any
	// value goes.
	Ordered []string `json:"ordered,omitempty"`
	// Spellings are the native values of each shared one, where these have
	// names instead of an order.
	Spellings map[string][]string `json:"spellings,omitempty"`
	// Confidence is a percentage, and Because its reason.
	Confidence int    `json:"confidence"`
	Because    string `json:"because"`
}
