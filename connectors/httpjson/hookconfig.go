package httpjson

import "tandem/internal/signature"

// Hook is what an admin writes for kind webhook.
type Hook struct {
	// Preset names a tool whose deliveries are known; own settings win.
	Preset string `yaml:"preset"`
	// Verify says how deliveries are signed.
	Verify signature.Spec `yaml:"verify"`
	// Trust is signed (default) or weak: what no signature vouches for counts
	// too.
	Trust string `yaml:"trust"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// Place is where items stand whose fields name no place.
	Place string `yaml:"place"`
	// Params are values for @param.
	Params map[string]any `yaml:"params"`
	// Delivery says how to tell one delivery from another.
	Delivery Delivery `yaml:"delivery"`
	Letter   `yaml:",inline"`
}

// Delivery says where a delivery tells what it is.
type Delivery struct {
	// ID is the path of its id in the body, by which repeats are known. Without
	// one, and without Header, the same body is the same delivery.
	ID string `yaml:"id"`
	// Header has the id where the body has none.
	Header string `yaml:"header"`
	// Event is the path of what happened, for the log.
	Event string `yaml:"event"`
}

// Letter says what a delivery holds; all is as in a Stream.
type Letter struct {
	// Yields is feedback, metrics, insights or items.
	Yields string `yaml:"yields"`
	// Records is where the record or the list of records stands; the body itself
	// by default.
	Records Field               `yaml:"records"`
	Parse   []string            `yaml:"parse"`
	Only    map[string][]string `yaml:"only"`
	Skip    map[string][]string `yaml:"skip"`
	Fields  map[string]Field    `yaml:"fields"`
	Answers []Answers           `yaml:"answers"`
	Also    []Also              `yaml:"also"`
}

// The words of Hook.Trust.
const (
	trustSigned = "signed"
	trustWeak   = "weak"
)
