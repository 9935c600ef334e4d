package github

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// parseKey reads the PEM file that GitHub gives for an App. Its errors say
// nothing of the content.
func parseKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the private key is no PEM; give the file that GitHub made for the App")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	any8, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := any8.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New("the private key is no RSA key; give the file that GitHub made for the App")
	}
	return key, nil
}

// appToken signs who we are: valid from a minute ago, because clocks differ,
// and for nine minutes of the ten that GitHub allows.
func appToken(key *rsa.PrivateKey, appID int64, now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iat": now.Add(-time.Minute).Unix(), "exp": now.Add(9 * time.Minute).Unix(), "iss": strconv.FormatInt(appID, 10),
	})
	if err != nil {
		return "", fmt.Errorf("sign as the App: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign as the App: %w", err)
	}
	return signed + "." + encode(signature), nil
}
