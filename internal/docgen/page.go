package main

import (
	"fmt"
	"os"
	"path/filepath"

	"tandem/connectors/all"
	"tandem/mapping/route"
)

// connectorFolder holds one page for each kind of connector, and nothing else.
const connectorFolder = "docs/connectors"

// markedPages are written by hand around generated tables.
func markedPages() []string {
	return []string{"docs/adding-a-connector.md", "docs/operations.md", "docs/privacy.md", "docs/rules.md", "docs/settings.md"}
}

// pages returns every page that docgen writes, by its path from root, as it
// should be.
func pages(root string) (map[string][]byte, error) {
	pages := map[string][]byte{}
	for _, d := range all.Definitions() {
		pages[connectorFolder+"/"+d.Kind+".md"] = []byte(connectorPage(d))
	}
	presets, err := readPresets(root)
	if err != nil {
		return nil, err
	}
	pages[presetFolder+"/"+route.PresetFile] = presets
	docs, err := fieldDocs(root)
	if err != nil {
		return nil, err
	}
	pages[fieldDocFile] = docs
	tables, err := tables(root)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, name := range markedPages() {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, fmt.Errorf("read the page around the tables: %w", err)
		}
		filled, err := fill(string(text), tables, used)
		if err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
		pages[name] = []byte(filled)
	}
	for name := range tables {
		if !used[name] {
			return nil, fmt.Errorf("no page shows the table %q; write %s%s%s and %s into one", name, opening, name, closing, ending)
		}
	}
	return pages, nil
}

// tables returns the text of every generated table by its name.
func tables(root string) (map[string]string, error) {
	tables := map[string]string{}
	for name, write := range map[string]func() (string, error){
		"settings":             settingTable,
		"personal fields":      personalTable,
		"options":              optionTable,
		"fields":               fieldTable,
		"expression names":     nameTable,
		"expression functions": functionTable,
		"evidence methods":     methodTable,
		"rank methods":         rankTables,
		"rank caps":            capTable,
		"preset list":          presetList,
		"route presets":        presetTables,
		"write modes":          func() (string, error) { return modeTable(root) },
		"metrics":              metricTable,
		"hold causes":          func() (string, error) { return causeTable(root) },
		"contract":             func() (string, error) { return contractText(root) },
		"contract checks":      func() (string, error) { return checkList(root) },
	} {
		text, err := write()
		if err != nil {
			return nil, fmt.Errorf("table %q: %w", name, err)
		}
		tables[name] = text
	}
	return tables, nil
}
