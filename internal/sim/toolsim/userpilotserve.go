package toolsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

const exportPath = "/api/v1/analytics/exports"

// ServeHTTP answers a request to the export or to its storage.
func (u *Userpilot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if u.Before != nil {
		u.Before(r)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/parts/") {
		u.file(w, r)
		return
	}
	rest, ours := strings.CutPrefix(r.URL.Path, exportPath)
	id, isJob := strings.CutPrefix(rest, "/jobs/")
	lookup, isLookup := strings.CutPrefix(rest, "/lookups/")
	switch {
	case u.Key == "" || r.Header.Get("Authorization") != "Token "+u.Key:
		userpilotError(w, http.StatusUnauthorized, "invalid token")
	case !ours:
		userpilotError(w, http.StatusNotFound, "no such address")
	case u.NoExport:
		userpilotError(w, http.StatusForbidden, "data export is not part of your plan")
	case rest == "" && r.Method == http.MethodPost:
		u.order(w, r)
	case r.Method != http.MethodGet:
		userpilotError(w, http.StatusMethodNotAllowed, "method not allowed")
	case isJob && id == "":
		u.list(w)
	case isJob && u.job(id) != nil:
		u.status(w, u.job(id))
	case isLookup && lookup == "surveys":
		sim.WriteJSON(w, http.StatusOK, "application/json", append([]any{}, u.surveys...))
	case isLookup && lookup == "features_events":
		u.paged(w, r, u.features)
	default:
		userpilotError(w, http.StatusNotFound, "not found")
	}
}

func userpilotError(w http.ResponseWriter, status int, message string) {
	sim.WriteJSON(w, status, "application/json", map[string]string{"error": message})
}

// order begins a job.
func (u *Userpilot) order(w http.ResponseWriter, r *http.Request) {
	var order struct {
		From   string   `json:"from"`
		To     string   `json:"to"`
		Kinds  []string `json:"event_type"`
		Format string   `json:"format"`
	}
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		userpilotError(w, http.StatusBadRequest, "no JSON")
		return
	}
	from, errFrom := time.Parse(time.RFC3339, order.From)
	to, errTo := time.Parse(time.RFC3339, order.To)
	known := []string{"identify_user", "identify_company", "interaction", "track", "track_feature", "page_view", "session_start"}
	unknown := slices.ContainsFunc(order.Kinds, func(k string) bool { return !slices.Contains(known, k) })
	switch {
	case errFrom != nil || errTo != nil || !from.Before(to):
		userpilotError(w, http.StatusUnprocessableEntity, "from and to are times, and from is the earlier one")
		return
	case order.Format != "ndjson":
		userpilotError(w, http.StatusUnprocessableEntity, "the stand-in writes ndjson only")
		return
	case unknown:
		userpilotError(w, http.StatusUnprocessableEntity, "unknown event_type")
		return
	case u.running() != nil:
		userpilotError(w, http.StatusConflict, "an export is running")
		return
	}
	j := u.begin(from, to, order.Kinds)
	sim.WriteJSON(w, http.StatusCreated, "application/json", map[string]any{
		"job_id": j.ID, "environment_app_token": "NX-stand-in", "environment_name": "Production", "start_time": j.began.UTC().Format(time.RFC3339),
		"links": map[string]string{"status": exportPath + "/jobs/" + j.ID},
	})
}

func (u *Userpilot) list(w http.ResponseWriter) {
	jobs := []map[string]any{}
	for _, j := range u.jobs {
		jobs = append(jobs, map[string]any{"job_id": j.ID, "status": u.word(j), "start_time": j.began.UTC().Format(time.RFC3339)})
	}
	sim.WriteJSON(w, http.StatusOK, "application/json", jobs)
}

// word is the state of a job.
func (u *Userpilot) word(j *userpilotJob) string {
	switch {
	case u.now().Before(j.ends):
		return "running"
	case j.failed:
		return "failed"
	default:
		return "completed"
	}
}

func (u *Userpilot) status(w http.ResponseWriter, j *userpilotJob) {
	word := u.word(j)
	chunks, addresses := []string{}, []map[string]string{}
	for i := range u.parts(j) {
		name := fmt.Sprintf("part-%04d.ndjson.gz", i)
		chunks = append(chunks, name)
		if word == "completed" {
			ends := j.ends.Add(fileLife).Unix()
			addresses = append(addresses, map[string]string{"filename": name, "url": fmt.Sprintf("%s/parts/%s/%d?expires=%d&signature=s3cr3t-%s", u.Files, j.ID, i, ends, j.ID)})
		}
	}
	answer := map[string]any{"job_id": j.ID, "status": word, "progress": 100, "all_chunks": chunks, "completed_chunks": chunks, "current_chunk": nil, "presigned_urls": addresses}
	if word != "completed" {
		answer["progress"], answer["completed_chunks"] = 50, []string{}
	}
	sim.WriteJSON(w, http.StatusOK, "application/json", answer)
}

// file hands out a part, as a storage does: no other credentials, and only for
// a while.
func (u *Userpilot) file(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<?xml version=\"1.0\"?><Error><Code>%s</Code></Error>", code)
	}
	if r.Header.Get("Authorization") != "" {
		u.betrayed++
		refuse(http.StatusBadRequest, "InvalidArgument")
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/parts/"), "/")
	i := slices.IndexFunc(u.jobs, func(j *userpilotJob) bool { return j.ID == parts[0] })
	if i < 0 || len(parts) != 2 {
		refuse(http.StatusNotFound, "NoSuchKey")
		return
	}
	j := u.jobs[i]
	n, err := strconv.Atoi(parts[1])
	ends, errEnds := strconv.ParseInt(r.URL.Query().Get("expires"), 10, 64)
	all := u.parts(j)
	switch {
	case err != nil || n < 0 || n >= len(all):
		refuse(http.StatusNotFound, "NoSuchKey")
	case errEnds != nil || r.URL.Query().Get("signature") != "s3cr3t-"+j.ID || ends != j.ends.Add(fileLife).Unix():
		refuse(http.StatusForbidden, "SignatureDoesNotMatch")
	case u.now().Unix() > ends:
		refuse(http.StatusForbidden, "AccessDenied")
	default:
		w.Header().Set("Content-Type", "application/gzip")
		_, _ = w.Write(packed(all[n]))
	}
}

// paged answers a lookup that comes in pages, two rows each.
func (u *Userpilot) paged(w http.ResponseWriter, r *http.Request, rows []any) {
	first, _ := strconv.Atoi(r.URL.Query().Get("after_cursor"))
	first = min(max(first, 0), len(rows))
	last := min(first+2, len(rows))
	after := any(nil)
	if last < len(rows) {
		after = strconv.Itoa(last)
	}
	sim.WriteJSON(w, http.StatusOK, "application/json", map[string]any{
		"data":     append([]any{}, rows[first:last]...),
		"metadata": map[string]any{"cursor": map[string]any{"after": after, "before": nil}, "limit": 2, "total_count": len(rows)},
	})
}
