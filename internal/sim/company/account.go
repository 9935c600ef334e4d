package company

import "strconv"

// account is a customer.
type account struct {
	name, segment, language string
	revenue                 float64 // a month
	people                  []string
}

// accounts makes up n customers: few large ones, many small ones.
func accounts(d dice, n int) []account {
	list := make([]account, 0, n)
	for i := range n {
		a := account{language: "en"}
		switch d.weighted(8, 22, 50, 20) {
		case 0:
			a.segment, a.revenue = "enterprise", float64(d.between(40, 200)*100)
		case 1:
			a.segment, a.revenue = "mid", float64(d.between(12, 60)*50)
		case 2:
			a.segment, a.revenue = "small", float64(d.between(4, 40)*10)
		default:
			a.segment = "free"
		}
		if d.chance(0.15) {
			a.language = "de"
		}
		a.name = of(d, firmNames()) + " " + of(d, firmKinds(a.language))
		if i >= 40 {
			a.name += " " + strconv.Itoa(i) // branches of one name stay apart
		}
		for range d.between(1, 4) {
			a.people = append(a.people, of(d, givenNames())+" "+of(d, familyNames()))
		}
		list = append(list, a)
	}
	return list
}

func firmNames() []string {
	return []string{
		"Amber", "Birke", "Cobalt", "Dünen", "Elster", "Fjord", "Granit", "Hafen", "Iris", "Jura", "Kestrel", "Linden", "Mistral", "Nordlicht",
		"Opal", "Pinie", "Quarz", "Rowan", "Salz & Pfeffer", "Tamar", "Ulme", "Vesper", "Wacholder", "Xenon", "Ystad", "Zeder",
	}
}

func firmKinds(language string) []string {
	if language == "de" {
		return []string{"Handel GmbH", "Logistik AG", "Bäckerei", "Steuerberatung", "Werkzeugbau", "Apotheke"}
	}
	return []string{"Foods", "Logistics", "Studio", "Partners", "Clinic", "Tools", "Travel", "Hotels"}
}

func givenNames() []string {
	return []string{"Lena", "Omar", "Priya", "Jörg", "Sofía", "Kwame", "Ines", "Tomasz", "Yuki", "Noor", "Émile", "Hanna", "Luca", "Ayşe"}
}

func familyNames() []string {
	return []string{"Vogt", "Haddad", "Nair", "Krüger", "Ibáñez", "Mensah", "Costa", "Nowak", "Tanaka", "Rahman", "Dubois", "Weiß", "Rossi", "Demir"}
}

func openings(language string) []string {
	if language == "de" {
		return []string{"", "", "Guten Tag, ", "Hallo zusammen: ", "Nur eine kurze Anmerkung: ", "Leider zum dritten Mal: "}
	}
	return []string{"", "", "", "Hi team, ", "Just a note: ", "For the third time: ", "We love the product, but: ", "As I said on the phone: ", "FYI: "}
}

func endings(language string) []string {
	if language == "de" {
		return []string{"", "", " Danke!", " Bitte um Rückmeldung.", " Das kostet uns jeden Monat einen Tag."}
	}
	return []string{
		"", "", "", " Thanks!", " Please fix.", " This blocks our month end.", " Happy to join a call.", " 🙏", " Otherwise we must look elsewhere.",
		" Sent from my phone",
	}
}

func praise(language string) []string {
	if language == "de" {
		return []string{"Sonst sind wir sehr zufrieden.", "Der Support ist großartig.", "Alles läuft, weiter so."}
	}
	return []string{
		"All in all we are very happy.", "Your support people are great.", "It saves us a day a week.", "The new look is lovely.", "Works as it should.",
	}
}
