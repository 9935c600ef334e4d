package jira

import (
	"context"
	"fmt"
	"slices"

	"tandem/connectors"
	"tandem/internal/work"
)

// typeBean is an issue type.
type typeBean struct {
	ID      identifier `json:"id"`
	Name    string     `json:"name"`
	English string     `json:"untranslatedName"`
	Subtask bool       `json:"subtask"`
	Level   *int       `json:"hierarchyLevel"`
}

// english asks for the untranslated names of issue types, which only this list
// has, where the account may see it.
func (s *surveyor) english(ctx context.Context) (map[identifier]string, error) {
	var all []typeBean
	if err := optional(s.checker.site.client.get(ctx, path("issuetype"), nil, &all)); err != nil {
		return nil, fmt.Errorf("read issue types: %w", err)
	}
	names := map[identifier]string{}
	for _, t := range all {
		names[t.ID] = t.English
	}
	return names, nil
}

// kindWords are names of issue types in other languages, letters only.
func kindWords() map[string]string {
	return map[string]string{
		"fehler": "bug", "defekt": "bug", "bogue": "bug", "anomalie": "bug", "error": "bug", "incidencia": "bug", "erro": "bug", "缺陷": "bug", "故障": "bug", "错误": "bug", "バグ": "bug",
		"anwendergeschichte": "story", "userstory": "story", "récit": "story", "historia": "story", "história": "story", "故事": "story", "用户故事": "story", "ストーリー": "story",
		"aufgabe": "task", "tâche": "task", "tarea": "task", "tarefa": "task", "任务": "task", "タスク": "task",
		"verbesserung": "feature", "neuefunktion": "feature", "funktion": "feature", "amélioration": "feature", "mejora": "feature", "melhoria": "feature", "改进": "feature", "新功能": "feature", "改善": "feature",
	}
}

// kinds maps the project's issue types where their names are not the usual
// ones.
func (sc *scene) kinds() (connectors.Proposal, bool) {
	usual := issueTypes()
	p := connectors.Proposal{
		Field: work.Type, Native: "issuetype", Name: "Issue type", Spellings: map[string][]string{}, Confidence: 90,
		Because: "by the level in the hierarchy, the untranslated name, and the name",
	}
	strange := false
	var unknown []string
	for _, t := range sc.bean.Types {
		kind := usual[t.Name]
		strange = strange || kind == ""
		if kind == "" {
			kind = t.kind(sc.english[t.ID])
		}
		if kind == "" {
			unknown = append(unknown, t.Name)
		} else if !slices.Contains(p.Spellings[kind], t.Name) {
			p.Spellings[kind] = append(p.Spellings[kind], t.Name)
		}
	}
	if len(unknown) > 0 {
		p.Because += "; not known, and so of no kind: " + some(unknown)
	}
	return p, strange && len(p.Spellings) > 0
}

// kind guesses what a type of an unusual name is.
func (t typeBean) kind(english string) string {
	switch {
	case t.Subtask, t.Level != nil && *t.Level < 0:
		return "subtask"
	case t.Level != nil && *t.Level > 0:
		return "epic"
	case issueTypes()[english] != "":
		return issueTypes()[english]
	default:
		return kindWords()[letters(t.Name)]
	}
}
