// Package firsthour shows the steps of the first hour: connecting, the fields that
// were found, the plan that would follow, and the files. It only shows: what the
// steps do is the matter of whoever serves them.
package firsthour
