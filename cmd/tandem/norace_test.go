//go:build !race

package main

// raceDetector tells that the race detector is at work.
const raceDetector = false
