package toolsim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
)

// Hotjar stands in for the API of Hotjar: one site with surveys. It follows
// what is known of the API: tokens of client credentials that end after an
// hour, lists of at most 100 with an opaque cursor, responses newest first and
// without any filter. The zero value has no surveys and takes no credentials.
type Hotjar struct {
	Site                   string
	ClientID, ClientSecret string
	// Plan is what the account pays for; responses need "Ask Scale".
	Plan string
	// KeyEnded refuses the credentials, as a key does that is a year old.
	KeyEnded bool
	// PageSize is the most that a list gives, however much is asked for; 0 is as
	// much as that.
	PageSize int
	// Now is the clock of the service; nil is time.Now.
	Now func() time.Time
	// Before is called before each list is answered, without the lock: it may
	// insert or change responses. May be nil.
	Before func(r *http.Request)

	mu      sync.Mutex
	surveys []*HotjarSurvey
	tokens  map[string]time.Time
	issued  int
}

// HotjarSurvey is a survey with its responses.
type HotjarSurvey struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Type      string           `json:"type"`
	URL       string           `json:"url"`
	Enabled   bool             `json:"is_enabled"`
	Created   time.Time        `json:"created_time"`
	Updated   time.Time        `json:"updated_time"`
	Questions []HotjarQuestion `json:"questions,omitempty"`

	responses []HotjarResponse
}

// HotjarQuestion is a question of a survey.
type HotjarQuestion struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	Text     string         `json:"text"`
	Required bool           `json:"is_required"`
	Choices  []HotjarChoice `json:"choices,omitempty"`
}

// HotjarChoice is a choice of a question.
type HotjarChoice struct {
	Text         string `json:"text"`
	AllowComment bool   `json:"allow_comment"`
}

// HotjarResponse is what one visitor answered.
type HotjarResponse struct {
	ID         string            `json:"id"`
	Created    time.Time         `json:"created_time"`
	Complete   bool              `json:"is_complete"`
	Device     string            `json:"device"`
	Browser    string            `json:"browser"`
	OS         string            `json:"os"`
	Country    string            `json:"country"`
	User       string            `json:"hotjar_user_id"`
	Recording  *string           `json:"recording_url"`
	Origin     string            `json:"response_origin_url"`
	Attributes []HotjarAttribute `json:"user_attributes"`
	Answers    []HotjarAnswer    `json:"answers"`
}

// HotjarAttribute is what the site told Hotjar of a visitor.
type HotjarAttribute struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// HotjarAnswer is an answer to one question.
type HotjarAnswer struct {
	Question  string      `json:"question_id"`
	Answer    any         `json:"answer"`
	Comment   *string     `json:"comment"`
	Tags      []HotjarTag `json:"tags"`
	Sentiment *string     `json:"sentiment"`
}

// HotjarTag is a tag that somebody gave an answer.
type HotjarTag struct {
	Name string `json:"name"`
}

// AddSurvey adds a survey.
func (h *Hotjar) AddSurvey(s HotjarSurvey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.surveys = append(h.surveys, &s)
}

// Put adds a response to a survey, or replaces the one with its id.
func (h *Hotjar) Put(survey string, r HotjarResponse) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.survey(survey)
	if s == nil {
		return
	}
	s.responses = slices.DeleteFunc(s.responses, func(old HotjarResponse) bool { return old.ID == r.ID })
	i, _ := slices.BinarySearchFunc(s.responses, r.key(), func(old HotjarResponse, key place) int { return key.compare(old.key()) })
	s.responses = slices.Insert(s.responses, i, r)
}

// EndTokens makes every token that was given invalid.
func (h *Hotjar) EndTokens() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens = nil
}

// Issued is how many tokens were given.
func (h *Hotjar) Issued() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.issued
}

func (h *Hotjar) survey(id string) *HotjarSurvey {
	i := slices.IndexFunc(h.surveys, func(s *HotjarSurvey) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return h.surveys[i]
}

func (h *Hotjar) now() time.Time {
	if h.Now == nil {
		return time.Now()
	}
	return h.Now()
}

// place is where a response stands in the order of its survey.
type place struct {
	at time.Time
	id string
}

func (r HotjarResponse) key() place { return place{r.Created, r.ID} }

func (p place) compare(o place) int { return cmp.Or(p.at.Compare(o.at), strings.Compare(p.id, o.id)) }

// cursor is the opaque spelling of a place.
func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", p.at.UnixNano(), p.id))
}

func placeOf(cursor string) (place, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	nanos, id, found := strings.Cut(string(raw), " ")
	n, errNumber := strconv.ParseInt(nanos, 10, 64)
	return place{time.Unix(0, n).UTC(), id}, err == nil && errNumber == nil && found
}

// hotjarError answers as the API does.
func hotjarError(w http.ResponseWriter, status int, code, message string) {
	sim.WriteJSON(w, status, "application/json", map[string]any{"error": code, "message": message})
}
