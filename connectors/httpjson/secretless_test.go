package httpjson_test

import (
	"net/http"
	"strings"
	"testing"
)

// A secret that is not set is no fault of the service, and is not told as one.
func TestAnUnsetSecretIsToldAsSuch(t *testing.T) {
	t.Parallel()
	asked := false
	live := open(t, to(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true })),
		strings.Replace(simple("records: rows"), "\n  streams:", "\n  auth: {bearer: {env: TANDEM_NO_SUCH_SECRET}}\n  streams:", 1))
	for _, f := range live.Checker.Check(t.Context()) {
		if strings.Contains(f.What, "TANDEM_NO_SUCH_SECRET is not set") && strings.Contains(f.Remedy, "give the secret") && !asked {
			return
		}
		t.Errorf("%s → %s, asked: %v", f.What, f.Remedy, asked)
	}
}
