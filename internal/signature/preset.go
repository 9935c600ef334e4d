package signature

// Presets returns the names of the services whose form is known, sorted.
func Presets() []string {
	return []string{"canny", "github", "hotjar", "intercom", "segment", "typeform", "zendesk"}
}

// preset returns the form of a service. That of Hotjar is not published in
// full: its header is known, and that a time is signed with the body.
func preset(name string) Spec {
	switch name {
	case "canny": // signs a nonce alone
		return Spec{Kind: hmacSHA256, Header: "Canny-Signature", Encoding: base64Code, Signs: signsNonce, Nonce: "Canny-Nonce", Timestamp: Timestamp{Header: "Canny-Timestamp", Unit: unitMillis}}
	case "github":
		return Spec{Kind: hmacSHA256, Header: "X-Hub-Signature-256", Encoding: hexCode, Prefix: "sha256="}
	case "hotjar":
		return Spec{Kind: hmacSHA256, Header: "Com-Hotjar-Signature", Encoding: hexCode, Element: "v1", Signs: signsTimeDot, Timestamp: Timestamp{Element: "t"}}
	case "intercom":
		return Spec{Kind: hmacSHA1, Header: "X-Hub-Signature", Encoding: hexCode, Prefix: "sha1="}
	case "segment": // of a batch only the first event is signed
		return Spec{Kind: hmacSHA1, Header: "X-Signature", Encoding: hexCode, Signs: signsFirst}
	case "typeform":
		return Spec{Kind: hmacSHA256, Header: "Typeform-Signature", Encoding: base64Code, Prefix: "sha256="}
	case "zendesk":
		return Spec{
			Kind: hmacSHA256, Header: "X-Zendesk-Webhook-Signature", Encoding: base64Code, Signs: signsTime,
			Timestamp: Timestamp{Header: "X-Zendesk-Webhook-Signature-Timestamp", Unit: unitText},
		}
	default:
		return Spec{}
	}
}
