// Package config reads what an admin writes: tandem.yaml and the rule files.
//
// Two ways lead in. Everything whose keys are the admin's own (connectors,
// people, fields, priorities) goes through a strict reader that keeps file,
// line and column of every key and value, and answers a mistake with all
// mistakes at once. The few settings of the process (store, listen, log, write,
// every, timezone) then pass through viper, so that a flag beats an
// environment variable, which beats the file.
//
//	file ─► ParseDocument ─► Document ─► Decode(&spec) ─► compile ─► []work.Problem
//	              │              ▲           │                            │
//	              ▼              │           ▼                            ▼
//	         Diagnostics   MergeDocuments  Diagnostics     Diagnose ─► Diagnostics
//
// The reader refuses what YAML would read otherwise than it looks: tags,
// anchors, aliases, merge keys, empty values, keys set twice, numbers in odd
// spellings, and conditions without quotes. It never guesses.
//
// Decode fills these Go types:
//
//	struct with yaml tags      a mapping; a key without a field is a mistake
//	  yaml:"name"                the key; fields without a tag are not read
//	  yaml:"name,one"            a single value is accepted for a list of one,
//	                             also for the lists of a map
//	  yaml:",scalar"             takes a single value that stands for the mapping
//	  yaml:",rest"               a map[string]T for all keys without a field
//	  yaml:",inline"             a struct whose keys belong to this mapping
//	map[string]T, []T, *T      a mapping, a list, T
//	encoding.TextUnmarshaler   a single value: work.Span, work.Percent
//	string, bool, numbers      a single value
//	any                        text, int, float64, bool, []any, map[string]any
//	work.Expression            a condition in quotes, or a bare path or number
//	secret.Secret              {env: NAME} or {file: PATH}
//
// The package reads files and the environment, and nothing else; it opens no
// connection, and no message of it repeats a secret.
package config
