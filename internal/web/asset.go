package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"tandem/internal/chart"
)

//go:embed assets templates
var files embed.FS

// AssetBase is where the files of the look are served, each below the hash of
// its content: what changed has another address, and nothing is asked for twice.
const AssetBase = "/assets/"

// assets are the files of the look, by their address.
type assets struct {
	bodies map[string][]byte
	// packed are the same, compressed. Pages are sent as they are: their length
	// would tell of the tokens in them, where somebody may choose a part of the
	// page (BREACH).
	packed map[string][]byte
	// addresses are by name.
	addresses map[string]string
}

// hashed is how many hexadecimal digits of a hash an address has.
const hashed = 12

func readAssets() (assets, error) {
	a := assets{map[string][]byte{}, map[string][]byte{}, map[string]string{}}
	entries, err := files.ReadDir("assets")
	if err != nil {
		return a, err
	}
	for _, e := range entries {
		body, err := files.ReadFile("assets/" + e.Name())
		if err != nil {
			return a, err
		}
		a.add(e.Name(), body)
	}
	a.add("chart.css", []byte(chart.Style()))
	return a, nil
}

func (a assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	address := AssetBase + hex.EncodeToString(sum[:])[:hashed] + "/" + name
	a.bodies[address], a.packed[address], a.addresses[name] = body, pack(body), address
}

// pack compresses a file of the look.
func pack(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one that there is
	_, _ = w.Write(body)                                  // memory takes everything
	_ = w.Close()
	return b.Bytes()
}

// address is where a page finds an asset. A name that is not there is a mistake
// in a template.
func (a assets) address(name string) (string, error) {
	if address, ok := a.addresses[name]; ok {
		return address, nil
	}
	return "", fmt.Errorf("there is no asset %q", name)
}

func (a assets) serve(w http.ResponseWriter, r *http.Request) {
	body, ok := a.bodies[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body = a.packed[r.URL.Path]
		w.Header().Set("Content-Encoding", "gzip")
	}
	kind := mime.TypeByExtension(path.Ext(r.URL.Path))
	if strings.HasSuffix(r.URL.Path, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(body) // whoever asked is gone
}
