package evidence

// englishStop reports whether the word says nothing about the subject.
func englishStop(w string) bool {
	switch w {
	case "a", "an", "the", "this", "that", "these", "those", "some", "any", "all", "each", "every", "no", "not",
		"i", "me", "my", "we", "us", "our", "you", "your", "he", "she", "it", "its", "they", "them", "their",
		"who", "what", "which", "when", "where", "why", "how",
		"is", "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "has", "have", "had",
		"can", "could", "will", "would", "should", "shall", "may", "might", "must",
		"and", "or", "but", "if", "then", "than", "so", "because", "as", "while",
		"of", "at", "by", "for", "with", "about", "to", "from", "in", "into", "on", "onto", "out", "over",
		"up", "down", "off", "via", "per", "there", "here", "very", "too", "also", "just", "only", "again",
		"please", "s", "t", "d", "ll", "re", "ve", "m":
		return true
	default:
		return false
	}
}

// germanStop reports whether the German word, without accents, says nothing
// about the subject.
func germanStop(w string) bool {
	switch w {
	case "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "kein",
		"keine", "keinen", "nicht", "dies", "diese", "dieser", "dieses", "jede", "jeder", "jedes", "alle",
		"ich", "mich", "mir", "mein", "meine", "du", "dich", "dir", "dein", "er", "sie", "es", "wir", "uns",
		"unser", "unsere", "ihr", "ihre", "euch", "man", "wer", "was", "welche", "wann", "wo", "warum", "wie",
		"ist", "sind", "war", "waren", "sein", "bin", "wird", "werden", "wurde", "hat", "haben", "habe", "hatte",
		"kann", "konnen", "konnte", "soll", "sollte", "muss", "mussen", "mag", "mochte", "darf",
		"und", "oder", "aber", "wenn", "dann", "als", "weil", "dass", "ob", "so",
		"von", "vom", "zu", "zum", "zur", "bei", "beim", "fur", "mit", "uber", "aus", "in", "im", "ins", "an",
		"am", "auf", "nach", "vor", "um", "durch", "ohne", "bis", "da", "hier", "sehr", "auch", "nur", "noch",
		"schon", "bitte":
		return true
	default:
		return false
	}
}
