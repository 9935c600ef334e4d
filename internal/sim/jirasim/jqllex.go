package jirasim

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	quotedToken
	symbolToken // = != > >= < <= ~ !~ ( ) , [ ]
)

type token struct {
	kind tokenKind
	text string
	at   int
}

func (t token) is(word string) bool {
	return t.kind == wordToken && strings.EqualFold(t.text, word)
}

// lex splits a query. Quoted text comes without quotes and escapes.
func lex(query string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(query); {
		r, size := utf8.DecodeRuneInString(query[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case r == '"' || r == '\'':
			text, next, err := lexQuoted(query, at)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token{quotedToken, text, at})
			at = next
		case strings.ContainsRune("=!<>~(),[]&|", r):
			text := symbol(query[at:])
			tokens = append(tokens, token{symbolToken, text, at})
			at += len(text)
		case strings.ContainsRune("*/%^$#@{};?`+", r):
			return nil, fmt.Errorf("error in the JQL Query: the character '%c' is a reserved JQL character. "+
				"You must enclose it in a string or use the escape '\\u%04x' instead. (line 1, character %d)", r, r, at+1)
		default:
			end := at
			for end < len(query) {
				r, size := utf8.DecodeRuneInString(query[end:])
				if unicode.IsSpace(r) || strings.ContainsRune("=!<>~(),[]&|\"'*/%^$#@{};?`+", r) {
					break
				}
				end += size
			}
			tokens = append(tokens, token{wordToken, query[at:end], at})
			at = end
		}
	}
	return append(tokens, token{kind: endToken, at: len(query)}), nil
}

func symbol(rest string) string {
	for _, s := range []string{"!=", ">=", "<=", "!~", "&&", "||"} {
		if strings.HasPrefix(rest, s) {
			return s
		}
	}
	return rest[:1]
}

func lexQuoted(query string, at int) (text string, next int, err error) {
	quote := query[at]
	var b strings.Builder
	for i := at + 1; i < len(query); i++ {
		switch c := query[i]; c {
		case quote:
			return b.String(), i + 1, nil
		case '\\':
			i++
			if i == len(query) {
				return "", 0, badString(at)
			}
			if i, err = lexEscape(query, i, &b); err != nil {
				return "", 0, err
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, badString(at)
}

func badString(at int) error {
	return fmt.Errorf("error in the JQL Query: the quoted string has not been completed. (line 1, character %d)", at+1)
}

func lexEscape(query string, i int, b *strings.Builder) (int, error) {
	switch c := query[i]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case '\\', '"', '\'', ' ':
		b.WriteByte(c)
	case 'u':
		if i+4 < len(query) {
			if v, err := strconv.ParseUint(query[i+1:i+5], 16, 32); err == nil {
				b.WriteRune(rune(v))
				return i + 4, nil
			}
		}
		fallthrough
	default:
		return 0, fmt.Errorf("error in the JQL Query: '\\%c' is an illegal JQL escape sequence. (line 1, character %d)", c, i)
	}
	return i, nil
}
