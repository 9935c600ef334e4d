package config

// Credentials names the places of the connector's secrets, in the order of the
// file: "env JIRA_TOKEN", "file app.pem". It reads none of them.
func (c Connector) Credentials() []string {
	if c.config == nil {
		return nil
	}
	_, auth := c.config.entry("auth")
	return secretPlaces(auth)
}

// secretPlaces finds {env: NAME} and {file: NAME} below a node.
func secretPlaces(n *node) []string {
	if n == nil {
		return nil
	}
	var places []string
	for i, v := range n.values {
		if n.kind == mapping && v.kind == scalar && len(n.values) == 1 {
			if source := n.keys[i].text; source == "env" || source == "file" {
				places = append(places, source+" "+v.text)
			}
			continue
		}
		places = append(places, secretPlaces(v)...)
	}
	return places
}
