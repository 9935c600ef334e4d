package view

type teacher struct{}
