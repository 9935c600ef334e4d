package jira

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"tandem/internal/work"
)

// desk is one issue that can be read and written.
type desk struct {
	mu     sync.Mutex
	fields map[string]string // raw JSON by field id
	meta   string
	// refuse answers a PUT; nil lets it through.
	refuse func(w http.ResponseWriter, body update) bool
	bodies []string
	// properties are those of the issue.
	properties map[string]json.RawMessage
	// admin lets the account keep mails from being sent.
	admin   bool
	queries []string // of the PUTs
}

const editScreen = `{"fields":{
 "priority":{"name":"Priority","schema":{"type":"priority"},"allowedValues":[{"id":"1","name":"Critical"},{"id":"2","name":"Major"}]},
 "labels":{"name":"Labels","schema":{"type":"array","items":"string"}},
 "customfield_1":{"name":"Points","schema":{"type":"number"}},
 "customfield_2":{"name":"Tier","schema":{"type":"option"},"allowedValues":[{"id":"11","value":"Gold"},{"id":"12","value":"Silver"}]},
 "duedate":{"name":"Due date","required":true,"schema":{"type":"date"},"operations":["set"]},
 "fixVersions":{"name":"Fix versions","schema":{"type":"array","items":"version"},"operations":["set","add","remove"],"allowedValues":[{"id":"21","name":"1.0"},{"id":"22","name":"1.1"},{"id":"23","name":"2.0"}]},
 "components":{"name":"Components","schema":{"type":"array","items":"component"},"operations":["add","set","remove"],"allowedValues":[{"id":"31","name":"Export"},{"id":"32","name":"Import"}]},
 "customfield_10":{"name":"People","schema":{"type":"array","items":"user","custom":"x:multiuserpicker"},"operations":["add","set","remove"]},
 "customfield_11":{"name":"Region","schema":{"type":"option-with-child","custom":"x:cascadingselect"},"operations":["set"],"allowedValues":[{"id":"51","value":"Europe","children":[{"id":"52","value":"North / West"},{"id":"53","value":"South"}]},{"id":"54","value":"Asia"}]},
 "customfield_12":{"name":"Themes","schema":{"type":"array","items":"string","custom":"x:labels"},"operations":["add","set","remove"]},
 "customfield_13":{"name":"Link","schema":{"type":"string","custom":"x:url"},"operations":["set"]},
 "customfield_14":{"name":"Sprint","schema":{"type":"array","items":"json"},"operations":["set"]},
 "customfield_3":{"name":"Goal","schema":{"type":"string"}},
 "customfield_4":{"name":"Launch","schema":{"type":"date"}},
 "customfield_5":{"name":"Gate","schema":{"type":"datetime"}},
 "customfield_6":{"name":"Owner","schema":{"type":"user"}},
 "customfield_7":{"name":"Areas","schema":{"type":"array","items":"option"},"operations":["add","set","remove"],"allowedValues":[{"id":"62","value":"Web"},{"id":"63","value":"App"}]}
}}`

func newDesk() *desk {
	return &desk{meta: editScreen, properties: map[string]json.RawMessage{}, fields: map[string]string{
		"issuetype": `{"id":"10001","name":"Story"}`, "project": `{"key":"PAY"}`, "priority": `{"id":"2","name":"Major"}`,
		"labels": `["a","b"]`, "customfield_1": `null`, "customfield_2": `{"value":"Silver"}`, "customfield_3": `"old"`,
		"customfield_4": `"2026-01-01"`, "customfield_5": `null`, "customfield_6": `null`, "customfield_7": `[{"id":"61","value":"Old"},{"id":"62","value":"Web"}]`,
		"duedate": `"2026-03-01"`, "fixVersions": `[{"id":"20","name":"0.9"},{"id":"21","name":"1.0"}]`, "components": `[]`,
		"customfield_10": `[{"accountId":"a"},{"accountId":"b"}]`, "customfield_11": `{"id":"51","value":"Europe","child":{"id":"53","value":"South"}}`,
		"customfield_12": `["x","y"]`, "customfield_13": `null`, "customfield_14": `null`, "status": `{"id":"1","name":"Open"}`,
	}}
}

func (d *desk) answer(w http.ResponseWriter, c call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch at := strings.TrimPrefix(c.Path, "/rest/api/2/"); {
	case at == "field":
		_, _ = w.Write([]byte(`[{"id":"customfield_1","name":"Story Points"},{"id":"customfield_8","name":"Twice"},{"id":"customfield_9","name":"Twice"}]`))
	case at == "mypermissions":
		_, _ = fmt.Fprintf(w, `{"permissions":{"ADMINISTER_PROJECTS":{"havePermission":%t},"ADMINISTER":{"havePermission":false}}}`, d.admin)
	case at == "issue/10001/properties/tandem" && c.Method == http.MethodPut:
		d.bodies = append(d.bodies, c.Body)
		d.properties[markerProperty] = json.RawMessage(c.Body)
		w.WriteHeader(http.StatusCreated)
	case at == "issue/10001/properties/tandem" && c.Method == http.MethodDelete:
		if d.properties[markerProperty] == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		delete(d.properties, markerProperty)
		w.WriteHeader(http.StatusNoContent)
	case at == "project/PAY/versions":
		_, _ = w.Write([]byte(`[{"id":"20","name":"0.9","archived":true},{"id":"21","name":"1.0"}]`))
	case at == "issue/10001/editmeta":
		_, _ = w.Write([]byte(d.meta))
	case at == "issue/10001" && c.Method == http.MethodGet:
		fields := map[string]json.RawMessage{}
		for f := range strings.SplitSeq(c.Query.Get("fields"), ",") {
			if raw, ok := d.fields[f]; ok {
				fields[f] = json.RawMessage(raw)
			}
		}
		b, _ := json.Marshal(map[string]any{"id": "10001", "key": "PAY-1", "fields": fields, "properties": d.properties})
		_, _ = w.Write(b)
	case at == "issue/10001":
		d.bodies = append(d.bodies, c.Body)
		d.queries = append(d.queries, c.Query.Encode())
		var body update
		if json.Unmarshal([]byte(c.Body), &body) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if d.refuse != nil && d.refuse(w, body) {
			return
		}
		d.change(body)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errorMessages":["Issue does not exist or you do not have permission to see it."]}`))
	}
}

func (d *desk) change(body update) {
	for id, v := range body.Fields {
		if m, ok := v.(map[string]any); ok {
			v = d.full(id, m)
		}
		b, _ := json.Marshal(v)
		d.fields[id] = string(b)
	}
	for id, verbs := range body.Update {
		var list []any
		_ = json.Unmarshal([]byte(d.fields[id]), &list)
		for _, verb := range verbs {
			list = slices.DeleteFunc(list, func(have any) bool {
				return nameOf(have) == nameOf(verb["remove"]) || nameOf(have) == nameOf(verb["add"])
			})
			if e, ok := verb["add"]; ok {
				list = append(list, d.full(id, e))
			}
		}
		b, _ := json.Marshal(list)
		d.fields[id] = string(b)
	}
	for _, p := range body.Properties {
		b, _ := json.Marshal(p.Value)
		d.properties[p.Key] = b
	}
}

func nameOf(element any) string {
	if m, ok := element.(map[string]any); ok {
		return fmt.Sprint(m["id"], m["accountId"])
	}
	return fmt.Sprint(element)
}

// full is an element as the screen lists it.
func (d *desk) full(field string, element any) any {
	var meta editMeta
	_ = json.Unmarshal([]byte(d.meta), &meta)
	m, ok := element.(map[string]any)
	if !ok {
		return element
	}
	for _, raw := range meta.Fields[field].Allowed {
		var o map[string]any
		_ = json.Unmarshal(raw, &o)
		if m["id"] == nil || o["id"] != m["id"] {
			continue
		}
		out := map[string]any{"id": o["id"], "name": o["name"], "value": o["value"]}
		child, _ := m["child"].(map[string]any)
		children, _ := o["children"].([]any)
		for _, c := range children {
			if c, ok := c.(map[string]any); ok && child != nil && c["id"] == child["id"] {
				out["child"] = c
			}
		}
		return out
	}
	return element
}

func target(path, element string) work.Target {
	return work.Target{RefID: work.RefID{Connector: "jira", ID: "10001"}, Path: path, Element: element}
}

func set(path string, value, expect work.Value) work.Edit {
	verb := work.SetField
	if value == work.Empty() {
		verb = work.ClearField
	}
	return work.Edit{ID: "set " + path, Key: "PAY-1", Place: "PAY", Target: target(path, ""), Verb: verb, Value: value, Expect: expect}
}

func add(label string) work.Edit {
	return work.Edit{
		ID: "add " + label, Key: "PAY-1", Place: "PAY", Target: target("labels", label), Verb: work.AddLabel,
		Value: work.NewFlag(true), Expect: work.NewFlag(false),
	}
}

func remove(label string) work.Edit {
	return work.Edit{
		ID: "remove " + label, Key: "PAY-1", Place: "PAY", Target: target("labels", label), Verb: work.RemoveLabel,
		Value: work.NewFlag(false), Expect: work.NewFlag(true),
	}
}

func states(results []work.Result) []string {
	all := make([]string, len(results))
	for i, r := range results {
		all[i] = r.EditID + ": " + string(r.State)
	}
	return all
}
