package company

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// customers are names that have broken software before.
func customers() []string {
	return []string{
		"Müller & Söhne GmbH", "Łódź Logistics", "日本商事", "O’Hara <Foods>", "Société Générique", "Ærø Brewing", "Żabka+Partner",
		"ΔΕΛΤΑ Α.Ε.", "Straße 7 Café", "\"Quoted\" Ltd.",
	}
}

// markup is how headings, lists and code are written.
type markup struct{ heading, number, code, endCode string }

func wiki() markup {
	return markup{heading: "h3. ", number: "# ", code: "{code}", endCode: "{code}"}
}

func markdown() markup {
	return markup{heading: "### ", number: "1. ", code: "```\n", endCode: "\n```"}
}

// describe writes a description that fits type and title.
func (b *backlog) describe(i *JiraIssue, a area) {
	i.Description = story(b.dice, wiki(), i.Type, i.Summary, a)
}

// story writes the text of an issue.
func story(d dice, m markup, kind, title string, a area) string {
	var s strings.Builder
	switch kind {
	case "Bug":
		fmt.Fprintf(&s, "%sSteps\n%sOpen %s\n%sDo what the title says\n\n", m.heading, m.number, lowerFirst(of(d, a.things)), m.number)
		fmt.Fprintf(&s, "%sFound\n%s\n\n", m.heading, title)
		if d.chance(0.5) {
			fmt.Fprintf(&s, "%s%s: state=%d after %d ms%s\n\n", m.code, strings.ReplaceAll(a.name, " ", "_"), d.between(400, 599), d.between(20, 9000), m.endCode)
		}
		fmt.Fprintf(&s, "%sExpected\nIt works. A customer wrote: “%s”\n", m.heading, of(d, a.said))
	case "Epic":
		fmt.Fprintf(&s, "%s.\n\nWhat we hear: “%s”\n", title, of(d, a.said))
	default:
		fmt.Fprintf(&s, "%s, because %s ask for it.\n\n%sNotes\n* %s\n* %s\n", title, of(d, roles()), m.heading, of(d, a.wishes), of(d, notes()))
	}
	switch d.weighted(80, 6, 6, 4, 4) {
	case 1:
		s.WriteString("\n| plan | today | wanted |\n|---|---|---|\n| small | 1 | 3 |\n")
	case 2:
		s.WriteString("\n<b>Important</b> for " + of(d, customers()) + " &amp; others <img src=x onerror=alert(1)>\n")
	case 3:
		s.WriteString("\nSee [the paper](javascript:alert(1)) and https://acme.example/p?a=1&b=%C3%9F 🙈\n")
	case 4:
		s.WriteString("\n{{unclosed *bold _it\n")
	}
	return s.String()
}

func notes() []string {
	return []string{
		"Legal has no objections", "Design is linked in the epic", "Keep the old way for one release", "Needs a line in the manual",
		"Ask support before closing", "The API must offer it too", "Größe der Dateien beachten", "Check with 10,000 rows",
	}
}

// criteria writes acceptance criteria.
func (b *backlog) criteria(a area) string {
	return fmt.Sprintf("- Given %s, when somebody is %s, then it shows within %d seconds\n- %s",
		lowerFirst(of(b.dice, a.things)), "signed in", b.between(1, 5), of(b.dice, notes()))
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsUpper(next) {
		return s // an abbreviation
	}
	return string(unicode.ToLower(r)) + s[size:]
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
