package jirasim

// Further kinds of custom fields. Their values in Issue.Custom are []string
// for kinds with many values, and string for the rest.
const (
	Radio       FieldKind = "radio"      // a Choice's id
	MultiOption FieldKind = "options"    // Choices' ids
	Checkboxes  FieldKind = "checkboxes" // Choices' ids; one Choice makes a single box
	Cascade     FieldKind = "cascade"    // a Choice's id, or with that of its child: 10020/10021
	Picker      FieldKind = "user"       // an account id
	Pickers     FieldKind = "users"      // account ids
	Moment      FieldKind = "datetime"   // RFC 3339
	Link        FieldKind = "url"
	Area        FieldKind = "textarea"
)

// shape is how a kind of field looks from outside.
type shape struct {
	custom       string // type key
	value, items string // JSON type, and that of the elements
	many         bool   // values are []string
	choices      bool   // values are ids of choices
}

func (k FieldKind) shape() shape {
	const standard = "com.atlassian.jira.plugin.system.customfieldtypes:"
	switch k {
	case Number:
		return shape{custom: standard + "float", value: "number"}
	case Option:
		return shape{custom: standard + "select", value: "option", choices: true}
	case Radio:
		return shape{custom: standard + "radiobuttons", value: "option", choices: true}
	case MultiOption:
		return shape{custom: standard + "multiselect", value: "array", items: "option", many: true, choices: true}
	case Checkboxes:
		return shape{custom: standard + "multicheckboxes", value: "array", items: "option", many: true, choices: true}
	case Cascade:
		return shape{custom: standard + "cascadingselect", value: "option-with-child"}
	case Picker:
		return shape{custom: standard + "userpicker", value: "user"}
	case Pickers:
		return shape{custom: standard + "multiuserpicker", value: "array", items: "user", many: true}
	case Date:
		return shape{custom: standard + "datepicker", value: "date"}
	case Moment:
		return shape{custom: standard + "datetime", value: "datetime"}
	case Tags:
		return shape{custom: standard + "labels", value: "array", items: "string", many: true}
	case Link:
		return shape{custom: standard + "url", value: "string"}
	case Area:
		return shape{custom: standard + "textarea", value: "string"}
	case Text:
	}
	return shape{custom: standard + "textfield", value: "string"}
}

// operations are the verbs that an edit of the field may use.
func (f *Field) operations() []string {
	if f.Kind.shape().many {
		return []string{"add", "set", "remove"}
	}
	return []string{"set"}
}

// child returns a choice below another one of a Cascade field.
func (f *Field) child(parent, id, value string) *Choice {
	below := Field{Options: f.Children[parent]}
	return below.option(id, value)
}

// Furnish adds one custom field of every further kind, with choices, and
// components of the first project to a world.
func Furnish(w *World) {
	w.Fields = append(w.Fields,
		Field{ID: "customfield_10101", Name: "Risk", Kind: Radio, Options: []Choice{{"10501", "Low"}, {"10502", "High"}}},
		Field{ID: "customfield_10102", Name: "Markets", Kind: MultiOption, Options: []Choice{{"10511", "EU"}, {"10512", "US"}, {"10513", "APAC"}}},
		Field{ID: "customfield_10103", Name: "Checks", Kind: Checkboxes, Options: []Choice{{"10521", "Security"}, {"10522", "Legal"}}},
		Field{ID: "customfield_10104", Name: "Flagged", Kind: Checkboxes, Options: []Choice{{"10531", "Impediment"}}},
		Field{
			ID: "customfield_10105", Name: "Area", Kind: Cascade, Options: []Choice{{"10541", "Shop"}, {"10542", "Back office"}},
			Children: map[string][]Choice{"10541": {{"10543", "Cart"}, {"10544", "Search"}}},
		},
		Field{ID: "customfield_10106", Name: "Owner", Kind: Picker},
		Field{ID: "customfield_10107", Name: "Approvers", Kind: Pickers},
		Field{ID: "customfield_10108", Name: "Goes live", Kind: Moment},
		Field{ID: "customfield_10109", Name: "Brief", Kind: Link},
		Field{ID: "customfield_10110", Name: "Acceptance", Kind: Area},
	)
	w.Projects[0].Components = append(w.Projects[0].Components, Component{ID: "10600", Name: "Checkout"}, Component{ID: "10601", Name: "Ledger"})
}
