package web

import "html/template"

// roleFunctions are what the templates of roles and roadmaps may call.
func roleFunctions() template.FuncMap {
	return template.FuncMap{
		"horizon": horizonName, "status": statusText, "team": teamName, "lane": lanePath, "listPath": listPath, "listName": listWords, "listHint": listHint, "talk": talk,
		"share": share, "every": everyText, "efforts": efforts, "historyFile": historyFile, "brief": func(text string) string { return cut(text, longestTitle) }, "minus": func(n int) int { return -n },
	}
}
