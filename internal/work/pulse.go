package work

// Pulse tells at little cost whether there is something to do.
type Pulse struct {
	// Seq is the number of the last stored change, Run that of the newest run.
	Seq, Run int64
	// Ordered counts commissions that are not over.
	Ordered int
	// Waiting are the hints that wait, by connector.
	Waiting map[string]Waiting
}

// Waiting are hints of one connector that nobody followed yet.
type Waiting struct {
	// Records counts those that name one, and deliveries to be unpacked.
	Records int
	// Poll is the newest reason to poll; 0 where there is none.
	Poll int64
}
