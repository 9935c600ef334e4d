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
}

const editScreen = `{"fields":{
 "priority":{"name":"Priority","schema":{"type":"priority"},"allowedValues":[{"id":"1","name":"Critical"},{"id":"2","name":"Major"}]},
 "labels":{"name":"Labels","schema":{"type":"array","items":"string"}},
 "customfield_1":{"name":"Points","schema":{"type":"number"}},
 "customfield_2":{"name":"Tier","schema":{"type":"option"},"allowedValues":[{"id":"11","value":"Gold"},{"id":"12","value":"Silver"}]},
 "customfield_3":{"name":"Goal","schema":{"type":"string"}},
 "customfield_4":{"name":"Launch","schema":{"type":"date"}},
 "customfield_5":{"name":"Gate","schema":{"type":"datetime"}},
 "customfield_6":{"name":"Owner","schema":{"type":"user"}},
 "customfield_7":{"name":"Areas","schema":{"type":"array","items":"option"}}
}}`

func newDesk() *desk {
	return &desk{meta: editScreen, fields: map[string]string{
		"issuetype": `{"id":"10001","name":"Story"}`, "project": `{"key":"PAY"}`, "priority": `{"id":"2","name":"Major"}`,
		"labels": `["a","b"]`, "customfield_1": `null`, "customfield_2": `{"value":"Silver"}`, "customfield_3": `"old"`,
		"customfield_4": `"2026-01-01"`, "customfield_5": `null`, "customfield_6": `null`, "customfield_7": `[]`,
	}}
}

func (d *desk) answer(w http.ResponseWriter, c call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch at := strings.TrimPrefix(c.Path, "/rest/api/2/"); {
	case at == "field":
		_, _ = w.Write([]byte(`[{"id":"customfield_1","name":"Story Points"},{"id":"customfield_8","name":"Twice"},{"id":"customfield_9","name":"Twice"}]`))
	case at == "issue/10001/editmeta":
		_, _ = w.Write([]byte(d.meta))
	case at == "issue/10001" && c.Method == http.MethodGet:
		fields := map[string]json.RawMessage{}
		for f := range strings.SplitSeq(c.Query.Get("fields"), ",") {
			if raw, ok := d.fields[f]; ok {
				fields[f] = json.RawMessage(raw)
			}
		}
		b, _ := json.Marshal(map[string]any{"id": "10001", "key": "PAY-1", "fields": fields})
		_, _ = w.Write(b)
	case at == "issue/10001":
		d.bodies = append(d.bodies, c.Body)
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
		if m, ok := v.(map[string]any); ok && id == "priority" {
			v = map[string]any{"id": m["id"], "name": map[string]string{"1": "Critical", "2": "Major"}[fmt.Sprint(m["id"])]}
		}
		b, _ := json.Marshal(v)
		d.fields[id] = string(b)
	}
	var labels []string
	_ = json.Unmarshal([]byte(d.fields["labels"]), &labels)
	for _, op := range body.Update["labels"] {
		if l, ok := op["add"]; ok && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
		labels = slices.DeleteFunc(labels, func(l string) bool { return l == op["remove"] })
	}
	b, _ := json.Marshal(labels)
	d.fields["labels"] = string(b)
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
