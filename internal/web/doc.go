// Package web is Tandem's face in a browser: the order, the views of PM and PO,
// an item and its reasons, the plan and what waits in it, what-if and health.
// Pages are rendered here, from templates that are a part of the binary, and
// show what package view lets their reader see (promise S7): a page never asks
// the store itself. Every page works without script; script only saves clicks.
package web
